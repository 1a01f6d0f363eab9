"""What is chosen on maps is what a recipe's step reads."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from tests.studio.map.maps import write_toys

from limner.corpus.load import load_corpus
from limner.curation.choices import read_choices
from limner.curation.items import DrawingItems
from limner.errors import DataError, LimnerError
from limner.recipes.build import build
from limner.studio.map.choices import choices_file, read_chosen, save_chosen
from limner.studio.map.schemas import MapChoices

IDS = ("a#0", 'b "x", y#1', "c#2", "d#3")


def test_there_and_back(tmp_path: Path) -> None:
    chosen = MapChoices(keep=[1, 3], drop=[0], labels={"a cat, sitting": [1, 2]})
    path, rows = save_chosen(tmp_path, "toys.parquet", IDS, chosen)
    assert (path, rows) == (choices_file(tmp_path, "toys.parquet"), 4)
    assert read_chosen(tmp_path, "toys.parquet", IDS) == chosen
    made = read_choices(path)
    assert made.kept(IDS).tolist() == [False, True, False, True]
    assert made.label == {IDS[1]: "a cat, sitting", IDS[2]: "a cat, sitting"}


def test_another_map_of_the_corpus_keeps_the_rows_of_the_first(tmp_path: Path) -> None:
    save_chosen(tmp_path, "toys", IDS, MapChoices(drop=[0, 3]))
    save_chosen(tmp_path, "toys", IDS[2:], MapChoices(keep=[0]))
    assert read_chosen(tmp_path, "toys", IDS) == MapChoices(keep=[2], drop=[0])
    assert save_chosen(tmp_path, "toys", IDS, MapChoices())[1] == 0
    assert not choices_file(tmp_path, "toys").exists()
    assert read_chosen(tmp_path, "toys", IDS) == MapChoices()


def test_what_is_refused(tmp_path: Path) -> None:
    for wrong, why in (
        (MapChoices(keep=[4]), "4 drawings"),
        (MapChoices(keep=[1], drop=[1]), "kept and dropped"),
    ):
        with pytest.raises(LimnerError, match=why):
            save_chosen(tmp_path, "toys", IDS, wrong)
    path = choices_file(tmp_path, "toys")
    assert path == choices_file(tmp_path, "../../toys")
    path.parent.mkdir()
    path.write_text("source,choice,label\na#0,perhaps,\n")
    with pytest.raises(DataError, match="perhaps"):
        save_chosen(tmp_path, "toys", IDS, MapChoices(keep=[1]))
    assert "perhaps" in path.read_text()
    path.unlink()
    path.symlink_to(tmp_path / "elsewhere.csv")
    with pytest.raises(LimnerError, match="is a link"):
        save_chosen(tmp_path, "toys", IDS, MapChoices(keep=[1]))


@pytest.mark.parametrize(
    ("chosen", "left"), [(MapChoices(drop=[0, 1, 2]), range(3, 20)), (MapChoices(keep=[4, 9]), (4, 9))]
)
def test_a_recipe_reads_them(tmp_path: Path, chosen: MapChoices, left: range | tuple[int, ...]) -> None:
    corpus = write_toys(tmp_path / "toys.parquet", 20)
    ids = DrawingItems.of(load_corpus(corpus)).ids
    path, _ = save_chosen(tmp_path, "toys.parquet", ids, chosen)
    recipe = tmp_path / "recipe.toml"
    recipe.write_text(f'[[step]]\nstep = "choose"\ntable = "{path.relative_to(tmp_path)}"\n')
    build([corpus], tmp_path / "out.npz", recipe=recipe)
    built = load_corpus(tmp_path / "out.npz")
    lengths = sorted(len(rows) for split in built.splits.values() for rows in split)
    whole = [rows for split in load_corpus(corpus).splits.values() for rows in split]
    assert lengths == sorted(len(whole[i]) for i in left)
    assert np.isfinite(lengths).all()


def test_a_recipe_reads_labels_too(tmp_path: Path) -> None:
    corpus = write_toys(tmp_path / "toys.parquet", 20)
    ids = DrawingItems.of(load_corpus(corpus)).ids
    path, _ = save_chosen(tmp_path, "toys.parquet", ids, MapChoices(labels={"odd one": [2, 5]}))
    recipe = tmp_path / "recipe.toml"
    recipe.write_text(f'[[step]]\nstep = "relabel"\ntable = "{path.relative_to(tmp_path)}"\n')
    build([corpus], tmp_path / "out.parquet", recipe=recipe)
    built = load_corpus(tmp_path / "out.parquet")
    found = [
        built.splits[name].sources[i]
        for name in built.splits
        for i in range(len(built.splits[name]))
        if built.drawing(name, i).label == "odd one"
    ]
    assert sorted(found) == sorted([ids[2], ids[5]])
