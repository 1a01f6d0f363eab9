"""The house: a room imports only rooms before it, and every room keeps to its own matter."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

import limner

ROOT = Path(limner.__file__).parent
ROOMS = (
    "strokes", "render", "scan", "plot", "corpus", "curation", "recipes", "models", "sampling", "training",
    "evaluation", "interchange", "demo", "studio", "cli",
)  # fmt: skip
BASE = ("_version", "drafts", "errors", "files", "progress", "registry", "safetensors_io", "settings")
SURFACE = ("__init__", "__main__", "curate")
"""What names things of all rooms."""
LONGEST_FILE = 300
LONGEST_FUNCTION = 60

MODULES = sorted(ROOT.rglob("*.py"))


def _name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


@cache
def _tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def _room(path: Path) -> str:
    """Name the room of a module: its folder, or its own name if it lies at the top."""
    return path.relative_to(ROOT).parts[0].removesuffix(".py")


@cache
def _imports(path: Path) -> frozenset[str]:
    """Return the full names of everything a module imports, inside functions and for type checkers too."""
    found = set()
    for node in ast.walk(_tree(path)):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            module = _absolute(path, node)
            found |= {module, *(f"{module}.{alias.name}" for alias in node.names)}
    return frozenset(found | set(_by_name(path)))


def _absolute(path: Path, node: ast.ImportFrom) -> str:
    if not node.level:
        return node.module or ""
    inside = ["limner", *path.relative_to(ROOT).parent.parts]
    return ".".join([*inside[: len(inside) - node.level + 1], *([node.module] if node.module else [])])


def _by_name(path: Path) -> Iterator[str]:
    """Find modules that are imported by a written name, as in ``import_module("limner.cli")``."""
    for node in ast.walk(_tree(path)):
        if isinstance(node, ast.Call) and ast.unparse(node.func).endswith(("import_module", "__import__")):
            for argument in node.args:
                if isinstance(argument, ast.Constant) and isinstance(argument.value, str):
                    yield argument.value


def _rooms_used(path: Path) -> set[str]:
    inside = {name.split(".")[1] for name in _imports(path) if name.startswith("limner.")}
    return inside & set(ROOMS)


def _uses(path: Path, package: str) -> bool:
    return any(name == package or name.startswith(f"{package}.") for name in _imports(path))


def test_every_module_has_a_room() -> None:
    """A new room is put into the order above."""
    assert {_room(path) for path in MODULES} <= {*ROOMS, *BASE, *SURFACE}
    assert len(MODULES) > 50


@pytest.mark.slow
def test_rooms_import_only_rooms_before_them() -> None:
    """Base files import no room; the public surface and ``__main__`` may name what lies in all of them."""
    wrong = []
    for path in MODULES:
        room = _room(path)
        before = set(ROOMS[: ROOMS.index(room) + 1]) if room in ROOMS else set()
        later = _rooms_used(path) - before
        if room not in SURFACE:
            wrong += [f"{_name(path)} imports {name}" for name in sorted(later)]
    assert wrong == []


@pytest.mark.slow
def test_rooms_without_torch() -> None:
    """Drawing, rendering and reading need no networks; nor do the settings that the command line shows."""
    heavy = ("torch", "pytorch_lightning", "safetensors.torch")
    rooms, files = (
        ("strokes", "render", "scan", "plot", "corpus", "curation", "recipes", *BASE),
        ("config.py", "presets.py"),
    )
    light = [path for path in MODULES if _room(path) in rooms or path.name in files]
    assert len(light) > 30
    assert [_name(path) for path in light if any(_uses(path, name) for name in heavy)] == []


def test_networks_know_no_files() -> None:
    keepers = ("weights.py", "published.py", "hub_address.py", "library.py")  # of weights, and of kernels
    networks = [path for path in MODULES if _room(path) == "models" and path.name not in keepers]
    matters = ("pathlib", "os", "io", "tempfile", "limner.files", "safetensors")
    assert [_name(path) for path in networks if any(_uses(path, name) for name in matters)] == []


@pytest.mark.slow
def test_pickle_is_for_the_worlds_npz_files_only() -> None:
    dangerous = ("pickle", "shelve", "marshal", "dill", "joblib", "cloudpickle")
    found = {_name(path) for path in MODULES if any(_uses(path, name) for name in dangerous)}
    assert found <= {"corpus/npz.py", "corpus/npz_writer.py", "corpus/unpickler.py"}


@pytest.mark.slow
def test_nothing_is_unpickled_unchecked() -> None:
    """Neither ``pickle.load`` nor numpy's or torch's leave to run it."""
    wrong = []
    for path in MODULES:
        for node in ast.walk(_tree(path)):
            if isinstance(node, ast.Call):
                options = {k.arg: ast.unparse(k.value) for k in node.keywords if k.arg}
                name = ast.unparse(node.func)
                unsafe = name in ("pickle.load", "pickle.loads", "eval", "exec")
                unsafe |= name == "np.load" and options.get("allow_pickle") == "True"
                unsafe |= name == "torch.load" and options.get("weights_only") != "True"
                wrong += [f"{_name(path)}:{node.lineno}"] if unsafe else []
    assert wrong == []


def test_files_are_short() -> None:
    lengths = {_name(path): len(path.read_text(encoding="utf-8").splitlines()) for path in MODULES}
    assert {name: length for name, length in lengths.items() if length > LONGEST_FILE} == {}


@pytest.mark.slow
def test_functions_are_short() -> None:
    long = {
        f"{_name(path)}: {node.name}": node.end_lineno - node.lineno + 1
        for path in MODULES
        for node in ast.walk(_tree(path))
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)) and node.end_lineno
    }
    assert len(long) > 300
    assert {name: length for name, length in long.items() if length > LONGEST_FUNCTION} == {}


def test_every_module_says_what_it_is() -> None:
    assert [_name(path) for path in MODULES if not ast.get_docstring(_tree(path))] == []


@pytest.mark.parametrize(
    ("statement", "heavy"),
    [
        ("import limner", ("numpy", "torch", "tyro", "PIL", "pyarrow", "shapely")),
        (
            "from limner.strokes.drawing import Drawing",
            ("torch", "tyro", "pyarrow", "shapely", "tinycss2", "cssselect2"),
        ),
        ("import limner.corpus.load", ("torch", "tyro", "pyarrow")),
        ("import limner.training.presets", ("torch", "numpy")),
        ("import limner.cli.main", ("torch", "numpy", "tyro")),
    ],
)
def test_light_imports_stay_light(statement: str, heavy: tuple[str, ...]) -> None:
    code = f"import sys; {statement}; print(*sys.modules)"
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert not set(heavy) & set(ran.stdout.split())
