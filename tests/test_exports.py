"""The public surface is exactly what ``limner.__all__`` says."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

import limner

TREE = ast.parse(Path(limner.__file__).read_text(encoding="utf-8"))
MODULES = sorted(limner._MODULES)
LAZY = sorted(set(limner.__all__) - {"__version__", *MODULES})


def _checked_for_types() -> dict[str, str]:
    """Return what the TYPE_CHECKING block imports: each public name and its module."""
    blocks = [node for node in TREE.body if isinstance(node, ast.If)]
    imports = [node for block in blocks if ast.unparse(block.test) == "TYPE_CHECKING" for node in block.body]
    assert imports
    assert all(isinstance(node, ast.ImportFrom) for node in imports)
    return {
        alias.asname or alias.name: node.module or ""
        for node in imports
        if isinstance(node, ast.ImportFrom) and node.module != "limner"
        for alias in node.names
    }


def test_lists_agree() -> None:
    """``__all__``, what is given on demand, and what type checkers see."""
    assert sorted(limner._HOMES) == LAZY
    assert _checked_for_types() == limner._HOMES
    assert len(set(limner.__all__)) == len(limner.__all__)


def test_dir_lists_the_public_names() -> None:
    assert dir(limner) == sorted(limner.__all__)


@pytest.mark.parametrize("name", LAZY)
def test_every_name_is_there(name: str) -> None:
    """And is the very thing of its home, not a copy."""
    value = getattr(limner, name)
    assert value.__name__ == name
    assert value.__module__ == limner._HOMES[name]


@pytest.mark.parametrize("name", MODULES)
def test_every_module_is_there(name: str) -> None:
    assert getattr(limner, name).__name__ == f"limner.{name}"


def test_version() -> None:
    first, second, third = (int(part) for part in limner.__version__.split("."))
    assert (first, second, third) >= (0, 1, 0)


@pytest.mark.parametrize("name", ["Drawin", "load", "numpy", "_private"])
def test_unknown_name(name: str) -> None:
    with pytest.raises(AttributeError, match=f"module 'limner' has no attribute '{name}'"):
        getattr(limner, name)
