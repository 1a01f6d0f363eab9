"""Pages sorted: a table, a sheet of doubtful ones, copies that overwrite nothing."""

from __future__ import annotations

import csv
import shutil
from pathlib import Path

import numpy as np
import pytest
from tests.curation.kinds import write_pages

from limner.curation.classifier import ClassifierTraining, PageClassifier
from limner.curation.embedder import page_embedder
from limner.curation.items import PictureItems
from limner.curation.sorting import SortedPage, copy_sorted, learn_pages, sort_pages, write_sorted
from limner.errors import DataError

Trained = tuple[PageClassifier, ClassifierTraining]


@pytest.fixture(scope="module")
def trained(pages: Path) -> Trained:
    return learn_pages(pages, page_embedder())


@pytest.fixture(scope="module")
def new(tmp_path_factory: pytest.TempPathFactory) -> PictureItems:
    folder = tmp_path_factory.mktemp("new")
    write_pages(folder, 3, seed=7)
    return PictureItems.of([folder])


@pytest.mark.slow
def test_new_pages_are_told(trained: Trained, new: PictureItems) -> None:
    classifier, lesson = trained
    assert classifier.classes == ("bad scans", "covers", "drawings", "notes", "watercolours")
    assert lesson.accuracy > 0.85
    found = sort_pages(new, classifier, page_embedder())
    right = [page.label == page.file.split("/")[0] for page in found]
    assert np.mean(right) > 0.85
    assert all(page.doubtful == (page.probability < 0.8) for page in found)
    assert all(page.second != page.label for page in found)


@pytest.mark.slow
def test_some_real_sketches_show_what_the_others_are(pages: Path, data_dir: Path, tmp_path: Path) -> None:
    """Four of eight pages of a sketchbook are put among the drawings; of the others one may be doubtful."""
    shutil.copytree(pages, tmp_path / "train")
    sketches = sorted((data_dir / "scans" / "sketchbook").iterdir())
    for sketch in sketches[::2]:
        shutil.copy(sketch, tmp_path / "train" / "drawings")
    classifier, _ = learn_pages(tmp_path / "train", page_embedder())
    found = sort_pages(PictureItems.of(sketches[1::2]), classifier, page_embedder())
    assert sum(page.label == "drawings" for page in found) >= 3


@pytest.mark.slow
def test_the_table_and_the_sheet(new: PictureItems, tmp_path: Path) -> None:
    found = [SortedPage(name, "notes", 0.5 + i / 40, i < 3, "drawings") for i, name in enumerate(new.ids)]
    write_sorted(new, found, tmp_path)
    with (tmp_path / "pages.tsv").open(newline="") as file:
        rows = list(csv.DictReader(file, delimiter="\t"))
    assert [row["source"] for row in rows] == list(new.ids)
    assert [row["doubtful"] for row in rows[:4]] == ["yes", "yes", "yes", "no"]
    assert rows[1]["probability"] == "0.5250"
    assert (tmp_path / "doubtful.png").stat().st_size > 1000


def test_no_doubt_no_sheet(new: PictureItems, tmp_path: Path) -> None:
    write_sorted(new, [SortedPage(name, "notes", 1.0, False, "covers") for name in new.ids], tmp_path)
    assert not (tmp_path / "doubtful.png").exists()


def test_copies_overwrite_nothing(new: PictureItems, tmp_path: Path) -> None:
    found = [SortedPage(name, "notes", 0.9, i == 0, "covers") for i, name in enumerate(new.ids)]
    other = tmp_path / "notes" / Path(new.ids[1]).name
    other.parent.mkdir()
    other.write_bytes(b"something else")
    assert copy_sorted(new, found, tmp_path) == len(found)
    assert other.read_bytes() == b"something else"
    assert (tmp_path / "doubtful" / Path(new.ids[0]).name).read_bytes() == new.files[0].read_bytes()
    renamed = other.with_name(f"{other.stem}-2{other.suffix}")
    assert renamed.read_bytes() == new.files[1].read_bytes()
    assert copy_sorted(new, found, tmp_path) == 0  # they are all there
    assert len([p for p in tmp_path.rglob("*") if p.is_file()]) == len(found) + 1


@pytest.mark.slow
def test_pages_beside_the_folders_are_refused(tmp_path: Path) -> None:
    write_pages(tmp_path, 2, seed=1, names=("notes", "covers"))
    (tmp_path / "notes" / "note00.png").rename(tmp_path / "loose.png")
    with pytest.raises(DataError, match=r"loose\.png lies in no folder"):
        learn_pages(tmp_path, page_embedder())
