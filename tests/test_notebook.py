"""The notebook: its script runs, and the rendered file is up to date."""

from __future__ import annotations

import ast
import importlib.util
import json
import shutil
from pathlib import Path
from types import ModuleType
from typing import Any
from xml.etree import ElementTree

import pytest

FOLDER = Path(__file__).parents[1] / "docs" / "notebook"


@pytest.fixture(scope="module")
def render() -> ModuleType:
    spec = importlib.util.spec_from_file_location("render", FOLDER / "render.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_notebook_is_what_the_script_says(render: ModuleType) -> None:
    """If not: python docs/notebook/render.py."""
    script = (FOLDER / "journey.py").read_text(encoding="utf-8")
    assert (FOLDER / "journey.ipynb").read_text(encoding="utf-8") == render.notebook(script)


def test_cells(render: ModuleType) -> None:
    found = render.cells("# %% [markdown]\n# # Title\n#\n# text\n\n# %%\nx = 1\n\ny = 2\n")
    assert [(cell["cell_type"], "".join(cell["source"])) for cell in found] == [
        ("markdown", "# Title\n\ntext"),
        ("code", "x = 1\n\ny = 2"),
    ]
    assert found[1]["outputs"] == []


@pytest.mark.slow
def test_the_script_runs(data_dir: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Cell by cell; what a cell ends with is shown, and every picture is SVG with ink in it."""
    shutil.copy(data_dir / "sketch-rnn-js" / "cat.gen.json", tmp_path)
    monkeypatch.chdir(tmp_path)
    names: dict[str, Any] = {"__name__": "notebook"}
    shown = [_run("".join(cell["source"]), names) for cell in _code_cells()]
    pictures = [value._repr_svg_() for value in shown if hasattr(value, "_repr_svg_")]
    assert len(pictures) == 7
    for svg in [*pictures, (tmp_path / "cats.svg").read_text(encoding="utf-8")]:
        ElementTree.fromstring(svg)
        assert svg.count("<path") + svg.count("<polyline") > 5


def _code_cells() -> list[dict[str, Any]]:
    document = json.loads((FOLDER / "journey.ipynb").read_text(encoding="utf-8"))
    return [cell for cell in document["cells"] if cell["cell_type"] == "code"]


def _run(code: str, names: dict[str, Any]) -> object:
    """Run a cell as a notebook does: all of it, then the value of its last expression."""
    tree = ast.parse(code)
    last = tree.body.pop() if isinstance(tree.body[-1], ast.Expr) else None
    exec(compile(tree, "cell", "exec"), names)
    if not isinstance(last, ast.Expr):
        return None
    return eval(compile(ast.Expression(last.value), "cell", "eval"), names)
