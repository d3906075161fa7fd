"""Asks a model of Python what the primer has and has not shown it, and runs what it writes.

asked.py prompts > FILE     writes the first lines to be completed, one a line
asked.py score < ANSWERS    runs what `heed complete --json --file FILE` made of them, and counts what is right

Right is a function that does what the examples of its kind say. The groups: the lines of everyday.txt, which were written down before
any result was seen; each kind by the name it has in the primer; each by the name that is held out, whose function the model knows by
other names; and unseen.py, of which it saw nothing. What a model wrote is run as a process of its own, for ten seconds at most.
"""

import ast
import json
import subprocess
import sys
import tempfile
from pathlib import Path

import primer

EVERYDAY = Path(__file__).resolve().parent / "everyday.txt"


def everyday(kinds):
    """The lines of everyday.txt, each with its kind."""
    for head in EVERYDAY.read_text(encoding="utf-8").splitlines():
        name = head.split("(")[0].split(":")[0].split()[1]
        yield "everyday", next(kind for kind in kinds if name in kind.names), name, head


def asked():
    """What is asked of a model: the group, the kind, the name and the first line of each."""
    kinds = primer.everything()
    yield from everyday(kinds)
    for kind in kinds:
        way = kind.ways[0]
        if not isinstance(way.tree, ast.FunctionDef) or any("callable" in example for example in way.checks):
            continue
        head = way.text.split("\n")[0]
        known = [("known name", way.name), ("held-out name", kind.held())]
        for group, name in [("unseen", kind.held())] if kind.file == "unseen" else known:
            if name:
                yield group, kind, name, head.replace(way.name, name, 1)


def right(kind, name, text):
    """Whether a completion does what the examples of its kind say."""
    # what follows two empty lines is another piece, or how it is used
    task = json.dumps([kind.file, name, text.split("\n\n\n")[0], kind.ways[0].checks])
    try:
        command = [sys.executable, __file__, "run"]
        return subprocess.run(command, input=task, text=True, capture_output=True, timeout=10).returncode == 0
    except subprocess.TimeoutExpired:
        return False


def run():
    """Runs one answer: zero if it is right."""
    file, name, text, checks = json.load(sys.stdin)
    with tempfile.TemporaryDirectory() as folder:
        way = primer.Way(name, text, ast.Module([], []), checks, [])
        return 1 if primer.fails(way, name, text, primer.world(file, Path(folder))) else 0


def score():
    counts = {}
    for (group, kind, name, head), line in zip(asked(), sys.stdin, strict=True):
        good = right(kind, name, head + json.loads(line)["result"]["completion"])
        counts.setdefault(group, []).append(good)
        print(("right" if good else "wrong") + f"\t{group}\t{head}")
    for group, good in counts.items():
        print(f"{group}: {sum(good)} of {len(good)} right, {100 * sum(good) / len(good):.1f} %")


def main():
    if sys.argv[1:] == ["prompts"]:
        print("\n".join(head for *_, head in asked()))
    elif sys.argv[1:] == ["score"]:
        score()
    elif sys.argv[1:] == ["run"]:
        sys.exit(run())
    else:
        sys.exit(__doc__)


if __name__ == "__main__":
    main()
