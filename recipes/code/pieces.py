"""Cuts Python files into pieces to learn from: functions, classes and what stands before them.

pieces.py DIR < FILES    writes train.txt and valid.txt in DIR, <|endoftext|> behind each piece

One file in fifty, by the checksum of its text, is held out. Docstrings are cut to their first sentence. Left out: files that are
generated or mostly data, pieces of more than 60 lines, pieces that are mostly literals, and what was there already. A class of more
lines gives its methods one by one. Functions of the training files that need nothing but the builtins and the mathematics modules are
there three times, twice with their parameters named otherwise, so that names are learned to be copied rather than known by heart.
"""

import ast
import builtins
import random
import re
import sys
import textwrap
import zlib

END = "<|endoftext|>\n"
LONGEST = 60
KNOWN = set(dir(builtins)) | {"math", "itertools", "collections", "functools", "random", "re", "operator", "string"}
ALIKE = [
    "x xs values numbers items data seq iterable lst elements sequence array results scores".split(),
    "s text string word line name sentence message title".split(),
    "n num number k count size limit total m".split(),
    "a b c first second left right u v p q".split(),
    "d mapping dictionary table lookup counts".split(),
    "func f function fn callback predicate key".split(),
]


def summary(text):
    """The first sentence of a docstring, or nothing if it is no short line."""
    first = " ".join(text.strip().split("\n\n")[0].split())
    first = re.split(r"(?<=[.!?]) ", first)[0]
    return first if 0 < len(first) <= 100 and '"' not in first and "\\" not in first else ""


def shortened(source, tree):
    """The lines of a file with short docstrings, as many as before: those that are gone are None."""
    lines = source.split("\n")
    for node in ast.walk(tree):
        if not isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            continue
        first = node.body[0]
        if not isinstance(first, ast.Expr) or not isinstance(getattr(first.value, "value", None), str):
            continue
        start, end = first.lineno - 1, first.end_lineno - 1
        line = lines[start]
        if line is None or line[: first.col_offset].strip() or lines[end][first.end_col_offset :].strip():
            continue
        words = summary(first.value.value)
        for i in range(start, end + 1):
            lines[i] = None
        if words or len(node.body) == 1:
            lines[start] = line[: first.col_offset] + '"""' + (words or "...") + '"""'
        elif end + 1 < len(lines) and lines[end + 1] == "":
            lines[end + 1] = None
    return lines


def taken(lines, node):
    """The source of a node, from its decorators on."""
    start = min([node.lineno] + [d.lineno for d in node.decorator_list]) - 1
    kept = [line.rstrip() for line in lines[start : node.end_lineno] if line is not None]
    return textwrap.dedent("\n".join(kept)).strip("\n") + "\n"


def sound(text):
    """Whether a piece is code of a size to learn from, rather than a table."""
    rows = text.count("\n")
    if rows < 2 or rows > LONGEST or max(map(len, text.split("\n"))) > 120:
        return False
    literal = sum(len(m) for m in re.findall(r"'[^'\n]*'|\"[^\"\n]*\"|\b\d[\w.]*", text))
    return literal * 2 < len(text)


def begins(lines, tree):
    """Imports and constants before the first definition."""
    kept = []
    for node in tree.body:
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            break
        if isinstance(node, (ast.Import, ast.ImportFrom, ast.Assign)):
            kept += [line for line in lines[node.lineno - 1 : node.end_lineno] if line]
    return "\n".join(kept) + "\n"


def pieces(source):
    """The pieces of a file, in order, each with its function if it is one by itself."""
    tree = ast.parse(source)
    lines = shortened(source, tree)
    yield begins(lines, tree), None
    for node in tree.body:
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            yield taken(lines, node), node
        elif isinstance(node, ast.ClassDef):
            whole = taken(lines, node)
            if whole.count("\n") <= LONGEST:
                yield whole, None
            else:
                for part in node.body:
                    if isinstance(part, (ast.FunctionDef, ast.AsyncFunctionDef)):
                        yield taken(lines, part), None


def alone(function):
    """Whether a function needs nothing from elsewhere."""
    bound, read = set(), set()
    for node in ast.walk(function):
        if isinstance(node, ast.Name):
            (read if isinstance(node.ctx, ast.Load) else bound).add(node.id)
        elif isinstance(node, ast.arg):
            bound.add(node.arg)
        elif isinstance(node, (ast.FunctionDef, ast.ExceptHandler)):
            bound.add(node.name)
        elif isinstance(node, ast.alias):
            bound.add((node.asname or node.name).split(".")[0])
    return read <= bound | KNOWN and not function.decorator_list


def renamed(text, draw):
    """A function whose parameters have other names of their kind."""
    tree = ast.parse(text)
    function = tree.body[0]
    used = {n.id for n in ast.walk(tree) if isinstance(n, ast.Name)}
    names = {}
    for arg in function.args.args:
        for kind in ALIKE:
            free = [name for name in kind if name not in used and name not in names.values()]
            if arg.arg in kind and free:
                names[arg.arg] = draw.choice(free)
    lines = text.split("\n")
    places = [(n.lineno, n.col_offset, n.id) for n in ast.walk(tree) if isinstance(n, ast.Name)]
    places += [(n.lineno, n.col_offset, n.arg) for n in ast.walk(tree) if isinstance(n, ast.arg)]
    for row, column, name in sorted(places, reverse=True):
        line = lines[row - 1].encode()
        if name in names and line[column : column + len(name)] == name.encode():
            lines[row - 1] = (line[:column] + names[name].encode() + line[column + len(name) :]).decode()
    changed = "\n".join(lines)
    return changed if names else ""


def main():
    seen = set()
    draw = random.Random(0)
    texts = {"train": [], "valid": []}
    for path in sorted(sys.stdin.read().split("\n")):
        try:
            source = open(path, encoding="utf-8").read().replace("\r\n", "\n").expandtabs(4)
            if re.search(r"(?i)generated (by|from|file)|do not edit", source[:2000]):
                continue
            parts = list(pieces(source))
        except (OSError, ValueError, SyntaxError, IndexError):
            continue
        where = texts["valid" if zlib.crc32(source.encode()) % 50 == 0 else "train"]
        for text, function in parts:
            if text in seen or not sound(text):
                continue
            seen.add(text)
            where.append(text)
            if function is not None and where is texts["train"] and text.count("\n") <= 25 and alone(function):
                where += [other for other in (renamed(text, draw), renamed(text, draw)) if other]
    for part, kept in texts.items():
        # the pieces of one file stay together, other names of one function do not follow each other at once
        with open(f"{sys.argv[1]}/{part}.txt", "w", encoding="utf-8") as out:
            out.writelines(text + END for text in kept)


main()
