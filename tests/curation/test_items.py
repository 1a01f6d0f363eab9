"""Drawings and pictures to look over: their ids, and what is shown of them."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from limner.corpus.corpus import Corpus, Split
from limner.corpus.npz_writer import write_npz
from limner.curation.items import (
    DrawingItems,
    PictureItems,
    ids_of,
    is_pictures,
    open_items,
    read_picture,
)
from limner.errors import DataError


def _dots(path: Path, size: tuple[int, int] = (40, 20), mode: str = "RGB") -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.new(mode, size).save(path)
    return path


def test_drawings_come_split_after_split(corpus: Corpus, items: DrawingItems) -> None:
    assert items.ids == tuple(f"toys#{i}" for i in range(120))
    assert items.splits == ("train",) * 80 + ("valid",) * 20 + ("test",) * 20
    for i, split, place in ((0, "train", 0), (79, "train", 79), (80, "valid", 0), (119, "test", 19)):
        wanted = corpus.drawing(split, place)
        assert items.drawing(i) == wanted
        assert items.labels[i] == wanted.label
    with pytest.raises(IndexError):
        items.drawing(120)


def test_drawings_can_be_shown(items: DrawingItems) -> None:
    picture = items.picture(3, 64)
    assert (picture.size, picture.mode) == ((64, 64), "RGB")
    grey = np.asarray(picture.convert("L"))
    assert grey.min() < 60
    assert grey.max() == 255


def test_the_same_source_twice() -> None:
    rows = np.array([[1, 0, 0], [1, 1, 1]], np.float32)
    split = Split.from_arrays([rows] * 3, sources=["a#0", "b#0", "a#0"])
    again = Split.from_arrays([rows], sources=["a#0"])
    assert ids_of(Corpus({"train": split, "test": again})) == ("a#0", "b#0", "a#0~2", "a#0~3")


def test_pictures_of_a_folder(tmp_path: Path) -> None:
    for name in ("b.png", "deep/a.jpg", "deep/c.tiff", ".hidden/d.png"):
        _dots(tmp_path / name)
    items = PictureItems.of([tmp_path])
    assert items.ids == ("b.png", "deep/a.jpg", "deep/c.tiff")
    assert items.labels == (tmp_path.name, "deep", "deep")
    assert items.splits == (None, None, None)
    with pytest.raises(DataError, match="limner scan"):
        items.drawing(0)
    assert PictureItems.of([tmp_path / "deep" / "a.jpg"]).labels == (None,)


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGB", "RGBA", "CMYK", "I;16", "F"])
def test_pictures_of_every_kind_are_shown_in_colour(tmp_path: Path, mode: str) -> None:
    path = _dots(tmp_path / ("x.tiff" if mode in ("CMYK", "I;16", "F") else "x.png"), (40, 20), mode)
    picture = read_picture(path, 80)
    assert (picture.mode, picture.size) == ("RGB", (80, 40))


def test_transparency_is_white_and_pages_stand_upright(tmp_path: Path) -> None:
    layer = Image.new("RGBA", (40, 20), (255, 0, 0, 0))
    layer.putpixel((0, 0), (255, 0, 0, 255))
    layer.save(tmp_path / "a.png")
    assert read_picture(tmp_path / "a.png", 40).getpixel((30, 10)) == (255, 255, 255)
    turned = Image.new("RGB", (40, 20))
    exif = turned.getexif()
    exif[0x0112] = 6
    turned.save(tmp_path / "b.jpg", exif=exif)
    assert read_picture(tmp_path / "b.jpg", 40).size == (20, 40)


def test_damaged_pictures_are_named(tmp_path: Path) -> None:
    path = tmp_path / "cut.png"
    path.write_bytes(_dots(tmp_path / "whole.png", (300, 300)).read_bytes()[:60])
    with pytest.raises(DataError, match=r"cut\.png"):
        read_picture(path, 100)


def test_what_is_opened_how(tmp_path: Path, corpus: Corpus) -> None:
    write_npz(corpus, tmp_path / "toys.npz")
    _dots(tmp_path / "pages" / "a.png")
    assert open_items([str(tmp_path / "toys.npz")]).kind == "drawings"
    assert open_items([str(tmp_path / "pages")]).kind == "pictures"
    assert open_items([str(tmp_path / "pages" / "*.png")]).kind == "pictures"
    assert not is_pictures(str(tmp_path))  # drawings lie there too
    with pytest.raises(DataError, match="one corpus"):
        open_items([str(tmp_path / "toys.npz")] * 2)
