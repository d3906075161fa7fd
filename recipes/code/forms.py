"""Forms of a piece of the primer: other names of its function, of parameters and local names, other words, types, examples of use."""

import ast
import builtins
import contextlib
import io
import re
import tokenize

ALIKE = {
    "numbers": "nums values data lst arr xs number_list",
    "items": "lst elements values seq data things",
    "n": "num number x",
    "x": "n num number value",
    "number": "num n x value",
    "item": "element x value",
    "text": "s string txt sentence str1",
    "char": "c ch letter character",
    "word": "w token",
    "words": "tokens word_list",
    "total": "result sum_value total_sum s",
    "result": "output res ret",
    "count": "counter total cnt",
    "counts": "counter frequency freq",
    "d": "dictionary data mapping dct my_dict",
    "path": "filename file_path filepath file_name",
    "f": "file fp",
    "file": "f fp",
    "folder": "directory path",
    "matrix": "grid mat m",
    "mid": "middle m",
    "largest": "maximum max_value biggest",
    "smallest": "minimum min_value",
    "func": "function fn",
    "predicate": "condition test",
    "target": "value key wanted",
    "celsius": "c temp temperature temp_c",
    "fahrenheit": "temp temperature temp_f",
    "radius": "r",
    "year": "y",
    "email": "address text",
    "password": "pw text",
    "price": "cost amount",
    "size": "n length chunk_size",
    "score": "marks points",
    "exponent": "exp n power",
    "name": "person who user",
    "people": "persons users",
    "seen": "visited found",
    "factors": "result",
    "primes": "result",
}
PAIRS = {
    "lists": "list1 list2, xs ys, first second, left right",
    "mappings": "dict1 dict2, d1 d2, first second",
    "matrices": "m1 m2, matrix1 matrix2, A B",
    "strings": "s1 s2, first second, text1 text2, word1 word2",
    "numbers": "x y, num1 num2, first second, m n",
}
VERBS = {"Return": ["Returns", "Calculate", "Compute", "Get"], "Check whether": ["Return True if", "Checks whether", "Check if"]}


def swapped(text, names):
    """A piece with other names: no attributes, no names of arguments in calls, no text but what f-strings compute."""
    lines = text.split("\n")
    tokens = list(tokenize.generate_tokens(io.StringIO(text).readline))
    for before, token in reversed(list(zip([None] + tokens, tokens))):
        (row, column), (_, end) = token.start, token.end
        new = None
        if token.type == tokenize.NAME and token.string in names and before.string != ".":
            new = names[token.string]
        elif token.type == tokenize.STRING and token.string.startswith("f"):
            new = re.sub(r"\{[^{}]*\}", lambda m: re.sub(r"(?<![.\w])[a-z_]\w*", lambda w: names.get(w[0], w[0]), m[0]), token.string)
        if new is not None and token.start[0] == token.end[0]:
            line = lines[row - 1]
            lines[row - 1] = line[:column] + new + line[end:]
    return "\n".join(lines)


def other_names(kind, way, draw):
    """Other names for the parameters and local names of a function."""
    used = {n.id for n in ast.walk(way.tree) if isinstance(n, ast.Name)} | {n.arg for n in ast.walk(way.tree) if isinstance(n, ast.arg)}
    bound = {n.arg for n in ast.walk(way.tree) if isinstance(n, ast.arg)}
    bound |= {n.id for n in ast.walk(way.tree) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)}
    keywords = {n.arg for n in ast.walk(way.tree) if isinstance(n, ast.keyword)}
    taken = used | set(kind.names) | set(dir(builtins)) | keywords
    names = {}
    args = [a.arg for a in way.tree.args.args]
    if args == ["a", "b"] and kind.file in PAIRS and draw.random() < 0.6:
        pair = draw.choice(PAIRS[kind.file].split(", ")).split()
        if not set(pair) & taken:
            names = dict(zip(args, pair))
    for name in sorted(bound - keywords):
        free = [other for other in ALIKE.get(name, "").split() if other not in taken and other not in names.values()]
        if free and draw.random() < 0.6:
            names[name] = draw.choice(free)
    return names


def typed(text, types):
    """A function whose parameters and result have types, if it has as many."""
    given, result = types.split(" -> ")
    given = re.split(r", (?![^\[]*\])", given)
    head, rest = text.split("\n", 1)
    match = re.fullmatch(r"def (\w+)\(([^=]*)\):", head)
    if not match or len(match[2].split(", ")) != len(given):
        return text
    args = ", ".join(f"{name}: {kind}" for name, kind in zip(match[2].split(", "), given))
    return f"def {match[1]}({args}) -> {result}:\n{rest}"


def used(way, name, draw):
    """An example of how a function is used, or nothing."""
    calls = []
    for check in way.checks:
        for node in ast.walk(ast.parse(check)):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "f":
                with contextlib.suppress(ValueError):
                    [ast.literal_eval(arg) for arg in node.args]
                    node.func.id = name
                    calls.append(f"print({ast.unparse(node)})".replace("'", '"'))
    if not calls:
        return ""
    if draw.random() < 0.5:
        return "\n\n" + calls[0] + "\n"
    return '\n\nif __name__ == "__main__":\n' + "".join(f"    {call}\n" for call in calls[:3])


def documented(text, draw):
    """A piece with its docstring, with one in other words, or with none."""
    chance = draw.random()
    if chance < 0.4:
        bare = re.sub(r'\n *"""[^"]*"""(\n(?=\n))?', "", text)
        return bare if re.search(r"\n +\S", bare) else text
    if chance < 0.6:
        for verb, others in VERBS.items():
            if f'"""{verb} ' in text:
                return text.replace(f'"""{verb} ', f'"""{draw.choice(others)} ', 1)
    return text


def renamed(kind, way, draw):
    """A way to write a kind by another name, its parameters and local names too; returns the name and the piece."""
    free = [other for other in kind.names if other != kind.held() or kind.file == "unseen"]
    if isinstance(way.tree, ast.ClassDef):
        name = draw.choice(free) if draw.random() < 0.5 else way.name
        return name, re.sub(rf"\b{way.name}\b(?=[(:])", name, way.text)
    names = other_names(kind, way, draw)
    inside = {n.id for n in ast.walk(way.tree) if isinstance(n, ast.Name)} - {way.name} | set(names.values())
    inside |= {n.arg for n in ast.walk(way.tree) if isinstance(n, ast.arg)}
    free = [other for other in free if other not in inside] or [way.name]
    name = draw.choice(free) if draw.random() < 0.7 else free[0]
    text = swapped(way.text, {**names, way.name: name})
    return name, typed(text, kind.types) if kind.types and draw.random() < 0.15 else text


def form(kind, way, draw):
    """A way to write a kind, with other names and words; returns the name and the piece."""
    name, text = renamed(kind, way, draw)
    text = documented(text, draw)
    sentence = ast.get_docstring(way.tree) or ""
    if sentence and draw.random() < 0.12:
        told = sentence.rstrip(".")
        told = told if draw.random() < 0.5 else "function to " + told[0].lower() + told[1:]
        text = f"# {told}\n{text}"
    if way.needs and draw.random() < 0.25:
        text = "\n".join(way.needs) + "\n\n\n" + text
    if isinstance(way.tree, ast.FunctionDef) and draw.random() < 0.1:
        text += used(way, name, draw)
    return name, text
