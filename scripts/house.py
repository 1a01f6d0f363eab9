"""Print facts about the code, and with ``--check`` fail where one of them must be zero and is not.

    python scripts/house.py
    python scripts/house.py --check

The table counts files and lines of each room. Then come: circles of imports, those inside functions and for
type checkers included; modules that import from a package's ``__init__``; class names that are used twice;
docstrings of functions that are not in the imperative mood (pydocstyle's rule, and verbs that this house does
not use); functions of more than 40 lines; and the modules through which a drawing goes from an ``.npz`` file
to a corpus and on to a batch, found by tracing.
"""

from __future__ import annotations

import argparse
import ast
import re
import subprocess
import sys
import tempfile
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from types import FrameType

import networkx as nx
import numpy as np

ROOT = Path(__file__).resolve().parents[1]
SOURCE = ROOT / "src" / "limner"
LONG_FUNCTION = 40
OUR_VERBS = re.compile(r"(Give|Tell whether|Hand over|Say what)\b")
"""How docstrings of this house began once, where the field says ``Return``."""


@cache
def modules() -> dict[str, tuple[Path, ast.Module]]:
    """Return path and syntax tree of every module by its full name; packages by theirs."""
    found = {}
    for path in sorted(SOURCE.rglob("*.py")):
        parts = ["limner", *path.relative_to(SOURCE).with_suffix("").parts]
        name = ".".join(parts[:-1] if parts[-1] == "__init__" else parts)
        found[name] = (path, ast.parse(path.read_text(encoding="utf-8")))
    return found


def rooms() -> dict[str, tuple[int, int]]:
    """Return files and lines of each room; files at the top are the room ``.``."""
    files: Counter[str] = Counter()
    lines: Counter[str] = Counter()
    for path, _ in modules().values():
        inside = path.relative_to(SOURCE)
        room = inside.parts[0] if len(inside.parts) > 1 else "."
        files[room] += 1
        lines[room] += len(path.read_text(encoding="utf-8").splitlines())
    return {room: (files[room], lines[room]) for room in sorted(files)}


def imports(name: str) -> Iterator[str]:
    """Iterate over the modules of limner that a module imports anywhere."""
    for node in ast.walk(modules()[name][1]):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names if alias.name in modules())
        elif isinstance(node, ast.ImportFrom) and node.module in modules():
            for alias in node.names:
                inner = f"{node.module}.{alias.name}"
                yield inner if inner in modules() else str(node.module)


def circles() -> list[str]:
    """Return groups of modules that import each other."""
    graph = nx.DiGraph((name, other) for name in modules() for other in imports(name) if other != name)
    return [" <-> ".join(sorted(part)) for part in nx.strongly_connected_components(graph) if len(part) > 1]


def package_imports() -> list[str]:
    """Return modules that import names from the ``__init__`` of a package of limner."""
    packages = {name for name, (path, _) in modules().items() if path.name == "__init__.py"} - {"limner"}
    return [
        f"{name} imports from {other}" for name in modules() for other in imports(name) if other in packages
    ]


def names_used_twice() -> list[str]:
    """Return class names that several modules use."""
    homes: dict[str, list[str]] = defaultdict(list)
    for name, (_, tree) in modules().items():
        for node in ast.walk(tree):
            if isinstance(node, ast.ClassDef):
                homes[node.name].append(name)
    return [f"{name}: {', '.join(where)}" for name, where in sorted(homes.items()) if len(where) > 1]


def functions() -> Iterator[tuple[str, ast.FunctionDef | ast.AsyncFunctionDef]]:
    """Iterate over all functions and the names of their modules."""
    for name, (_, tree) in modules().items():
        for node in ast.walk(tree):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                yield name, node


def long_functions() -> list[str]:
    """Return functions that are too long."""
    lengths = ((name, node, (node.end_lineno or 0) - node.lineno + 1) for name, node in functions())
    return [f"{name}.{node.name}: {n} lines" for name, node, n in lengths if n > LONG_FUNCTION]


def moods() -> list[str]:
    """Return functions whose docstrings do not begin with a verb in the imperative."""
    command = [sys.executable, "-m", "ruff", "check", "--select", "D401", "--output-format", "concise", "-q"]
    done = subprocess.run([*command, str(SOURCE)], capture_output=True, text=True, check=False)  # noqa: S603
    found = [line for line in done.stdout.splitlines() if "D401" in line]
    for name, node in functions():
        text = ast.get_docstring(node) or ""
        if OUR_VERBS.match(text):
            found.append(f"{name}.{node.name}: {text.splitlines()[0]}")
    return found


def traced(action: Callable[[], object]) -> tuple[str, ...]:
    """Return the modules of limner whose functions run during ``action``, in order of their first calls."""
    seen: dict[str, None] = {}

    def note(frame: FrameType, event: str, _: object) -> None:
        if event == "call" and frame.f_code.co_filename.startswith(str(SOURCE)):
            seen[Path(frame.f_code.co_filename).relative_to(SOURCE).as_posix()] = None

    sys.setprofile(note)
    try:
        action()
    finally:
        sys.setprofile(None)
    return tuple(seen)


def way_of_a_drawing() -> dict[str, tuple[str, ...]]:
    """Return the modules that run on the way from an ``.npz`` file to a corpus, and from there to a batch."""
    from limner.corpus.load import load_corpus
    from limner.training.batches import TrainBatches
    from limner.training.config import TrainConfig
    from limner.training.data import training_data

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "drawings.npz"
        rows = np.array([[0, 0, 0], [3, 4, 0], [-5, 2, 1]], np.int16)
        splits = {name: np.empty(4, object) for name in ("train", "valid", "test")}
        for drawings in splits.values():
            drawings[:] = [rows] * 4
        np.savez(path, **splits)  # type: ignore[arg-type]
        corpus = load_corpus(path)

        def batch() -> object:
            config = TrainConfig(batch_size=2)
            return TrainBatches(training_data(corpus), config, seed=0, steps=1, first_step=lambda: 0).batch(0)

        return {"npz to corpus": traced(lambda: load_corpus(path)), "corpus to batch": traced(batch)}


ZEROS: dict[str, Callable[[], list[str]]] = {
    "circles of imports": circles,
    "imports from a package's __init__": package_imports,
    "class names used twice": names_used_twice,
    "docstrings not in the imperative": moods,
}
"""What the house holds none of."""


def report() -> Iterator[str]:
    """Write all facts, line by line."""
    counts = rooms()
    for room, (files, lines) in counts.items():
        yield f"{room:<12} {files:>4} files {lines:>6} lines"
    files, lines = (sum(numbers) for numbers in zip(*counts.values(), strict=True))
    yield f"{'all':<12} {files:>4} files {lines:>6} lines"
    for name, find in {**ZEROS, f"functions over {LONG_FUNCTION} lines": long_functions}.items():
        found = find()
        yield f"{name}: {len(found)}"
        yield from (f"    {line}" for line in found)
    for name, where in way_of_a_drawing().items():
        yield f"{name}: {len(where)} modules"
        yield f"    {' '.join(where)}"


def main() -> int:
    """Print the facts, or check that the zeros are zero."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument(
        "--check", action="store_true", help="print what must not be there; exit 1 if anything is"
    )
    if not parser.parse_args().check:
        print(*report(), sep="\n")  # noqa: T201
        return 0
    wrong = [f"{name}: {line}" for name, find in ZEROS.items() for line in find()]
    print(*wrong, sep="\n", end="\n" if wrong else "")  # noqa: T201
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
