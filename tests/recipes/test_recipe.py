from __future__ import annotations

import pickle
import tomllib
from pathlib import Path

import pytest

from limner.errors import DataError
from limner.recipes.recipe import Recipe, copy_recipe, load_recipe, shipped_recipes
from limner.recipes.steps.augment import AugmentStep
from limner.recipes.steps.deduplicate import DeduplicateStep
from limner.recipes.steps.geometry import QuantiseStep, RescaleStep, SimplifyStep
from limner.recipes.steps.registry import STEPS
from limner.recipes.steps.scan import ScanStep
from limner.recipes.steps.size import SizeStep
from limner.recipes.steps.split import SplitStep

NAMES = ("quickdraw", "slml-v1", "slml-v2", "slml-minn10", "sketchbook", "creative-birds", "kanji-svg", "svg")
TEXT = """
description = "For a test."
seed = 7
[[step]]
step = "size"
max_points = 200
[[step]]
step = "simplify"
epsilon = 1
"""


def write(folder: Path, text: str) -> Path:
    path = folder / "mine.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_a_file_becomes_a_recipe_and_a_file_again(tmp_path: Path) -> None:
    recipe = load_recipe(write(tmp_path, TEXT))
    assert recipe == Recipe("mine", "For a test.", 7, (SizeStep(max_points=200), SimplifyStep(epsilon=1.0)))
    assert load_recipe(write(tmp_path, recipe.to_toml())) == recipe
    assert "walk = 0.0" in recipe.to_toml()


@pytest.mark.parametrize("name", NAMES)
def test_shipped_recipes_say_what_they_are_and_survive_a_round_trip(name: str, tmp_path: Path) -> None:
    recipe = load_recipe(name)
    assert recipe.name == name
    assert shipped_recipes()[name] == recipe.description
    assert load_recipe(write(tmp_path, recipe.to_toml())) == recipe
    assert pickle.loads(pickle.dumps(recipe)) == recipe


def test_those_and_no_others_are_shipped() -> None:
    assert sorted(shipped_recipes()) == sorted(NAMES)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        (TEXT.replace("epsilon", "epsilom"), r"step 2 \(simplify\): .*'epsilom'; did you mean 'epsilon'\?"),
        (TEXT.replace('"simplify"', '"simplfy"'), r"step 2: .*'simplfy'; did you mean 'simplify'\?"),
        (TEXT.replace("seed", "sed"), r"a recipe has no 'sed'; did you mean 'seed'\?"),
        (TEXT.replace("[[step]]", "[[stp]]"), r"no 'stp'; did you mean 'step'\?"),
        (TEXT.replace("= 200", '= "many"'), "max_points is 'many'; a whole number"),
        (TEXT.replace("= 1\n", "= -1\n"), "must be a number from 0 to 1e[+]12, and it is -1"),
        (TEXT.replace('step = "size"', "min_points = 3"), r"step 1 has no name"),
        (TEXT.replace("seed = 7", "seed = -7"), "the seed must be a whole number from 0 up"),
        (TEXT.replace('step = "size"', 'step = "size"\nname = "x"'), "no setting 'name'"),
        ("step = 5", "a step is written as a table"),
        ("seed = ", r"mine\.toml is not TOML"),
    ],
)
def test_mistakes_are_named(tmp_path: Path, text: str, sentence: str) -> None:
    with pytest.raises(DataError, match=sentence) as caught:
        load_recipe(write(tmp_path, text))
    assert "mine.toml" in str(caught.value)


def test_a_missing_recipe_is_refused_with_the_nearest_name(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="no recipe quikdraw; did you mean 'quickdraw'"):
        load_recipe("quikdraw")
    with pytest.raises(DataError, match=r"no recipe .*no\.toml"):
        load_recipe(tmp_path / "no.toml")


def test_the_three_parts() -> None:
    steps = (ScanStep(), RescaleStep(), DeduplicateStep(), SplitStep(), AugmentStep(), QuantiseStep())
    recipe = Recipe("all", "", 0, steps)
    assert [i for i, _ in recipe.each] == [1]
    assert [i for i, _ in recipe.whole] == [2, 3]
    assert [i for i, _ in recipe.after] == [4, 5]
    assert recipe.scan is not None
    assert recipe.needs == {"shape", "sketch"}
    short = Recipe("copies", "", 0, (RescaleStep(), AugmentStep(), QuantiseStep()))
    assert [[i for i, _ in part] for part in (short.each, short.whole, short.after)] == [[0], [], [1, 2]]
    assert Recipe("simple", "", 0, (RescaleStep(), QuantiseStep())).after == ()


@pytest.mark.parametrize(
    ("steps", "sentence"),
    [
        ((RescaleStep(), ScanStep()), "scan reads pictures and must be the first step"),
        (
            (AugmentStep(), DeduplicateStep()),
            "deduplicate looks at all drawings together and must come before augment",
        ),
        (
            (DeduplicateStep(), RescaleStep(), SplitStep()),
            "split looks at all drawings together and must come before rescale",
        ),
    ],
)
def test_steps_stand_where_they_can(steps: tuple[RescaleStep, ...], sentence: str) -> None:
    with pytest.raises(ValueError, match=sentence):
        Recipe("wrong", "", 0, steps)


def test_a_table_is_found_from_the_recipe_and_noted_from_the_corpus(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "mine.csv").write_text("source,choice\na#0,keep\n")
    recipe = load_recipe(write(tmp_path / "in", '[[step]]\nstep = "choose"\ntable = "mine.csv"\n'))
    noted = tomllib.loads(recipe.to_toml(beside=tmp_path / "out"))["step"][0]
    assert noted["table"] == "../in/mine.csv"
    assert len(noted["sha256"]) == 64


def test_a_copy_can_be_changed_but_nothing_is_written_over(tmp_path: Path) -> None:
    path = copy_recipe("quickdraw", tmp_path / "mine.toml")
    assert load_recipe(path) == load_recipe("quickdraw")
    with pytest.raises(DataError, match=r"mine\.toml exists already"):
        copy_recipe("quickdraw", path)
    with pytest.raises(DataError, match="did you mean 'quickdraw'"):
        copy_recipe("quickdrw")


def test_every_step_explains_itself() -> None:
    for name, step in STEPS.items():
        assert step.name == name
        assert step.__doc__
        step()
