"""What there is to learn from, and the recipe that fits."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from limner.demo.material import find_material
from limner.errors import LimnerError
from limner.recipes.recipe import AS_IT_IS


def test_pictures_get_the_recipe_that_reads_them(pages: Path) -> None:
    material = find_material([pages])
    assert [path.name for path in material.pictures] == ["page-0.png", "page-1.png", "page-9-blank.png"]
    assert (material.drawings, material.recipe.name) == ((), "sketchbook")
    assert material.scan.single_line
    names = [step.name for step in material.recipe_after_scan.steps]
    assert names == [step.name for step in material.recipe.steps][1:]
    assert material.sentence == f"3 pictures in {pages}"
    assert material.plan == "read as strokes and made ready by the recipe sketchbook"


def test_svg_files_keep_their_strokes(svgs: Path) -> None:
    material = find_material([svgs])
    assert (material.pictures, material.drawings, material.recipe.name) == ((), (str(svgs),), "svg")
    assert material.recipe_after_scan is material.recipe
    assert "order" not in {step.name for step in material.recipe.steps}
    assert material.sentence == f"5 .svg files in {svgs}"


def test_a_corpus_stays_as_it_is() -> None:
    material = find_material(["doodles"])
    assert (material.recipe.name, material.recipe.steps) == (AS_IT_IS, ())
    assert (material.sentence, material.plan) == ("the toy drawings in doodles", "taken as they are")


def test_pictures_and_svg_files_together(pages: Path, svgs: Path) -> None:
    """Of two folders, and of one that holds both."""
    material = find_material([pages, svgs])
    assert (len(material.pictures), material.drawings) == (3, (str(svgs),))
    (pages / "more.svg").write_bytes((svgs / "drawing-0.svg").read_bytes())
    mixed = find_material([pages])
    assert (len(mixed.pictures), mixed.drawings, mixed.recipe.name) == (3, (str(pages),), "sketchbook")
    assert mixed.counts == {"picture": 3, "svg": 1}


def test_a_recipe_of_ones_own(pages: Path, svgs: Path) -> None:
    assert find_material([svgs], "quickdraw").recipe.name == "quickdraw"
    with pytest.raises(LimnerError, match="quickdraw reads no pictures"):
        find_material([pages], "quickdraw")
    with pytest.raises(LimnerError, match="did you mean 'sketchbook'"):
        find_material([pages], "sketchbok")


def test_nothing_to_learn_from(tmp_path: Path) -> None:
    empty = tmp_path / "empty"
    empty.mkdir()
    (empty / "letter.txt").write_text("dear")
    with pytest.raises(LimnerError, match="empty holds nothing to learn from; put scans"):
        find_material([empty])
    with pytest.raises(LimnerError, match=r"nosuch\.npz does not exist"):
        find_material([tmp_path / "nosuch.npz"])
    np.save(tmp_path / "numbers.npy", np.arange(3))
    assert find_material([tmp_path / "numbers.npy"]).counts == {"npy": 1}  # refused when it is read
