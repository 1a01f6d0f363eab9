"""The table of steps, the page about recipes that describes each, and the page that says how to add one."""

from __future__ import annotations

import re
from dataclasses import fields
from pathlib import Path

import pytest
from tests.docs import python_blocks
from tests.plugins import installed, read_again

from limner.corpus.load import load_corpus
from limner.errors import LimnerError
from limner.recipes.build import build
from limner.recipes.recipe import load_recipe, shipped_recipes
from limner.recipes.steps.registry import STEPS

PAGE = (Path(__file__).parents[3] / "docs" / "corpus.md").read_text(encoding="utf-8")
ROWS = {
    cells[0].strip("` "): cells[-1]
    for cells in (line.strip("| ").split(" | ") for line in PAGE.splitlines() if line.startswith("| `"))
}


@pytest.mark.parametrize("name", STEPS)
def test_every_step_is_told_with_its_settings(name: str) -> None:
    for field in fields(STEPS[name]):
        assert f"`{field.name}`" in ROWS[name]


@pytest.mark.parametrize("name", STEPS)
def test_what_is_told_is_the_default(name: str) -> None:
    defaults = {field.name: field.default for field in fields(STEPS[name])}
    for setting, told in re.findall(r"`(\w+)`[^`(]*\(([\w.]+)", ROWS[name]):
        default = defaults[setting]
        assert told == (str(default).lower() if isinstance(default, bool) else f"{default:g}")


def test_every_recipe_is_told() -> None:
    assert all(f"`{name}`" in PAGE for name in shipped_recipes())


@pytest.mark.parametrize("name", STEPS)
def test_every_step_is_a_class_of_that_name_with_defaults(name: str) -> None:
    assert STEPS[name].name == name
    assert STEPS[name].__doc__


@pytest.mark.slow
def test_a_step_of_another_package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The example of the page, installed as a package of its own, named in a recipe, in worker processes."""
    (tmp_path / "steps_of_others.py").write_text(*python_blocks("docs/adding/step.md"))
    installed(tmp_path, monkeypatch, "limner.steps", tall="steps_of_others:TallStep")
    read_again(monkeypatch, STEPS)
    recipe = tmp_path / "tall.toml"
    recipe.write_text('[[step]]\nstep = "tall"\nratio = 1.1\n')
    report = build(["doodles"], tmp_path / "tall.npz", recipe=recipe, seed=1)
    kept = load_corpus(tmp_path / "tall.npz")
    assert 0 < report.kept < 10_000
    assert report.steps[1].dropped.keys() == {"it is not tall"}
    assert kept.drawing("train", 0).n_points > 0
    recipe.write_text('[[step]]\nstep = "tall"\nratio = -1\n')
    with pytest.raises(LimnerError, match="ratio must be a number from"):
        load_recipe(recipe)
