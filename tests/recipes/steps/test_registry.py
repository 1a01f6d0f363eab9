"""The page about recipes names what there is."""

from __future__ import annotations

import re
from dataclasses import fields
from pathlib import Path

import pytest

from limner.recipes.recipe import shipped_recipes
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
