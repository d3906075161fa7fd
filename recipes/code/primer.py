"""The primer: small everyday functions and classes, written for this, that a model of Python learns from beside real code.

primer.py check                      runs all of it, and renamed forms of it, against the examples that stand above each
primer.py mix FILE SHARE [ROWS] < PIECES
                                     writes the pieces of train.txt to FILE with renamed forms of the primer among them, so many
                                     that they are that share of its characters; each way as often as any other, or once more for
                                     each ROWS rows that it has

A file of the primer is plain Python. Comments stand above each kind: `names`, what its functions may be called; `types` of the
parameters and the result; and examples to `check`, where f is the function. What follows up to the next `names` are ways to write it.
Of a kind of five names or more one is held out, so that asked.py can ask it of a model that never saw it; unseen.py is held out whole.
"""

import ast
import contextlib
import io
import random
import re
import sys
import tempfile
import zlib
from dataclasses import dataclass, field
from pathlib import Path

from forms import form

END = "<|endoftext|>\n"
FOLDER = Path(__file__).resolve().parent / "primer"


@dataclass
class Kind:
    """A thing to write: its names, its examples, and each way to write it, with the examples that are its own."""

    file: str
    names: list
    types: str = ""
    ways: list = field(default_factory=list)

    def held(self):
        """The name that no training piece shows, or nothing."""
        if self.file == "unseen":
            return self.names[0]
        later = [name for name in self.names[1:] if name not in {way.name for way in self.ways}]
        return later[zlib.crc32(self.names[0].encode()) % len(later)] if len(self.names) >= 5 and later else ""


@dataclass
class Way:
    """One way to write a kind."""

    name: str
    text: str
    tree: ast.AST
    checks: list
    needs: list


def read(path):
    """The kinds of a file, in order."""
    source = path.read_text(encoding="utf-8")
    lines = source.split("\n")
    imports, kinds, shared = {}, [], []
    for node in ast.parse(source).body:
        if isinstance(node, (ast.Import, ast.ImportFrom)):
            for alias in node.names:
                imports[alias.name] = ast.unparse(type(node)(**{**vars(node), "names": [alias]}))
        if not isinstance(node, (ast.FunctionDef, ast.ClassDef)):
            continue
        start = min([node.lineno] + [d.lineno for d in node.decorator_list]) - 1
        top = start
        while lines[top - 1].startswith("# "):
            top -= 1
        said = [line[2:].split(": ", 1) for line in lines[top:start]]
        checks = [value for key, value in said if key == "check"]
        if said and said[0][0] == "names":
            kinds.append(Kind(path.stem, said[0][1].split()))
            shared = checks
        elif checks:
            checks = shared + checks
        kinds[-1].types = dict(said).get("types", kinds[-1].types)
        text = "\n".join(lines[start : node.end_lineno]) + "\n"
        read_names = {n.id for n in ast.walk(node) if isinstance(n, ast.Name)}
        needs = [line for name, line in imports.items() if name in read_names]
        kinds[-1].ways.append(Way(node.name, text, node, checks or shared, needs))
    return kinds


def everything():
    return [kind for path in sorted(FOLDER.glob("*.py")) for kind in read(path)]


def run(thing, *calls):
    """What some methods of an object return, one after the other."""
    return [getattr(thing, name)(*args) for name, *args in calls]


def examples(folder):
    """Files for the examples of files."""
    (folder / "a.txt").write_text("one two\nthree\n")
    (folder / "a.csv").write_text("name,age\nAnn,3\nBob,4\n")
    (folder / "a.json").write_text('{"a": 1}')
    return {"TEXT": f"{folder}/a.txt", "CSV": f"{folder}/a.csv", "JSON": f"{folder}/a.json", "OUT": f"{folder}/out"}


def world(file, folder):
    """What a piece of a file may use."""
    scope = {"run": run, "__name__": "primer", **examples(folder)}
    exec((FOLDER / f"{file}.py").read_text(encoding="utf-8"), scope)
    return scope


def fails(way, name, text, scope):
    """The first example that a piece fails, or nothing."""
    here = dict(scope)
    with contextlib.redirect_stdout(io.StringIO()):
        try:
            exec(text, here)
            here["f"] = here[name]
            for check in way.checks:
                if not eval(check, here):
                    return check
        except Exception as e:
            return f"{type(e).__name__}: {e}"
    return ""


def check():
    bad = count = 0
    draw = random.Random(0)
    kinds = everything()
    with tempfile.TemporaryDirectory() as folder:
        for kind in kinds:
            scope = world(kind.file, Path(folder))
            for way in kind.ways:
                for name, text in [(way.name, way.text)] + [form(kind, way, draw) for _ in range(12)]:
                    count += 1
                    Path(folder, "out").unlink(missing_ok=True)
                    said = fails(way, name, text, scope) if way.checks else "no example"
                    if said:
                        bad += 1
                        print(f"{kind.file}.py: {name}: {said}\n{text}", file=sys.stderr)
    print(f"{len(kinds)} kinds, {sum(len(kind.ways) for kind in kinds)} ways, {count} forms, {bad} wrong")
    return 1 if bad else 0


def mix(target, share, rows):
    draw = random.Random(0)
    real = [piece for piece in sys.stdin.read().split(END) if piece]
    ways = [(kind, way) for kind in everything() if kind.file != "unseen" for way in kind.ways]
    held = {kind.held() for kind in everything()} - {""}
    hidden = re.compile(r"\b(def|class) (" + "|".join(sorted(held)) + r")\b")
    if rows:
        ways = [(kind, way) for kind, way in ways for _ in range(1 + way.text.count("\n") // rows)]
    size = sum(map(len, real)) * share / (1 - share)
    written = []
    while size > 0:
        draw.shuffle(ways)
        for kind, way in ways:
            _, text = form(kind, way, draw)
            written.append(text)
            size -= len(text)
    draw.shuffle(written)
    places = sorted(draw.randrange(len(real) + 1) for _ in written)
    with open(target, "w", encoding="utf-8") as out:
        for i, piece in enumerate(real + [""]):
            while places and places[0] == i:
                places.pop(0)
                out.write(written.pop() + END)
            if piece and not hidden.search(piece):
                out.write(piece + END)


def main():
    if sys.argv[1:] == ["check"]:
        sys.exit(check())
    elif sys.argv[1:2] == ["mix"] and len(sys.argv) in (4, 5):
        mix(sys.argv[2], float(sys.argv[3]), int(sys.argv[4]) if len(sys.argv) == 5 else 0)
    else:
        sys.exit(__doc__)


if __name__ == "__main__":
    main()
