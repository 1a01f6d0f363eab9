"""Picture files of every kind."""

from __future__ import annotations

import re
import struct
import zlib
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from limner.errors import DataError
from limner.scan.picture import grey_of_array, grey_of_image, read_pages

GREY = np.full((20, 30), 255, np.uint8)
GREY[4:8, 5:25] = 0
RGB = np.repeat(GREY[..., None], 3, axis=2)


def saved(path: Path, image: Image.Image, **options: Any) -> np.ndarray:
    image.save(path, **options)
    return next(read_pages(path))


@pytest.mark.parametrize(
    "mode", ["L", "RGB", "RGBA", "LA", "P", "1", "CMYK", "YCbCr", "LAB", "HSV", "I", "F"]
)
def test_modes_give_the_same(mode: str) -> None:
    image = Image.fromarray(RGB)
    converted = image.convert("L").convert(mode) if mode in ("LA", "I", "F") else image.convert(mode)
    assert np.abs(grey_of_image(converted) - GREY).max() <= 3


@pytest.mark.parametrize("suffix", ["png", "tif", "webp", "bmp", "gif", "pgm"])
def test_formats(tmp_path: Path, suffix: str) -> None:
    options = {"lossless": True} if suffix == "webp" else {}
    assert np.abs(saved(tmp_path / f"x.{suffix}", Image.fromarray(GREY), **options) - GREY).max() <= 3


def test_cmyk_jpeg(tmp_path: Path) -> None:
    found = saved(tmp_path / "x.jpg", Image.fromarray(RGB).convert("CMYK"), quality=95)
    assert found.shape == GREY.shape
    assert found[6, 15] < 30 < 225 < found[15, 15]


@pytest.mark.parametrize("top", [65535, 4095])
def test_sixteen_bits(tmp_path: Path, top: int) -> None:
    """Scanners of twelve bits write sixteen: the lightest pixel is white."""
    deep = (GREY.astype(np.uint16) // 255) * np.uint16(top)
    for suffix in ("png", "tif"):
        assert (saved(tmp_path / f"x.{suffix}", Image.fromarray(deep)) == GREY).all()


@pytest.mark.parametrize("orientation", range(1, 9))
def test_pages_stand_upright(tmp_path: Path, orientation: int) -> None:
    turned = {
        1: GREY, 2: GREY[:, ::-1], 3: GREY[::-1, ::-1], 4: GREY[::-1], 5: GREY.T,
        6: np.rot90(GREY), 7: GREY[::-1, ::-1].T, 8: np.rot90(GREY, -1),
    }[orientation]  # fmt: skip
    exif = Image.Exif()
    exif[0x0112] = orientation
    found = saved(tmp_path / "x.png", Image.fromarray(np.ascontiguousarray(turned)), exif=exif)
    assert (found == GREY).all()


def test_black_on_transparent() -> None:
    pixels = np.zeros((20, 30, 4), np.uint8)
    pixels[..., 3] = 255 - GREY
    assert (grey_of_image(Image.fromarray(pixels)) == GREY).all()


def test_white_on_transparent_is_laid_on_black() -> None:
    pixels = np.full((20, 30, 4), 255, np.uint8)
    pixels[..., 3] = 255 - GREY
    assert (grey_of_image(Image.fromarray(pixels)) == 255 - GREY).all()


def test_transparent_palette(tmp_path: Path) -> None:
    image = Image.fromarray(GREY).convert("P")
    found = saved(tmp_path / "x.gif", image, transparency=int(np.asarray(image)[15, 15]))
    assert found[6, 15] < 30 < 225 < found[15, 15]


def test_all_pages_of_a_tiff(tmp_path: Path) -> None:
    pages = [Image.fromarray(GREY), Image.fromarray(255 - GREY), Image.fromarray(GREY[:, :10])]
    pages[0].save(tmp_path / "x.tif", save_all=True, append_images=pages[1:])
    found = list(read_pages(tmp_path / "x.tif"))
    assert [page.shape for page in found] == [(20, 30), (20, 30), (20, 10)]
    assert (found[1] == 255 - GREY).all()


def test_one_page_of_an_animation(tmp_path: Path) -> None:
    pages = [Image.fromarray(GREY), Image.fromarray(255 - GREY)]
    pages[0].save(tmp_path / "x.gif", save_all=True, append_images=pages[1:])
    assert len(list(read_pages(tmp_path / "x.gif"))) == 1


def png_of_size(width: int, height: int) -> bytes:
    """Return the start of a PNG file: of its pixels there is next to nothing."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + head + chunk(b"IDAT", zlib.compress(b"\0" * 1000)) + chunk(b"IEND", b"")


@pytest.mark.parametrize("size", [(9000, 9000), (30_000, 30_000), (100_000, 100_000)])
def test_bombs_are_refused_by_their_size(tmp_path: Path, size: tuple[int, int]) -> None:
    path = tmp_path / "bomb.png"
    path.write_bytes(png_of_size(*size))
    with pytest.raises(DataError, match=r"^bomb\.png .*80 million"):
        next(read_pages(path))


def test_damaged_files_are_refused(tmp_path: Path) -> None:
    whole = tmp_path / "whole.png"
    Image.fromarray(np.random.default_rng(0).integers(0, 255, (80, 80), np.uint8)).save(whole)
    data = whole.read_bytes()
    for share in (0.02, 0.3, 0.7, 0.95):
        path = tmp_path / "cut.png"
        path.write_bytes(data[: int(len(data) * share)])
        with pytest.raises(DataError, match=r"cut\.png"):
            next(read_pages(path))


@pytest.mark.parametrize(
    ("name", "data", "words"),
    [
        ("x.png", b"hello", "no picture"),
        ("x.jpg", b"", "no picture"),
        ("x.pdf", b"%PDF-1.4\n", "PDF"),
        ("x.svg", b"<svg/>", "no picture"),
        ("x.jpg", b"\xff\xd8\xff\xe0\x00\x10JFIF\x00", "x.jpg"),
        ("x.tif", b"II*\x00\x08\x00\x00\x00\xff\xff", "x.tif"),
    ],
)
def test_what_is_no_picture_is_refused(tmp_path: Path, name: str, data: bytes, words: str) -> None:
    (tmp_path / name).write_bytes(data)
    with pytest.raises(DataError, match=re.escape(words)):
        next(read_pages(tmp_path / name))


def test_missing_files_and_folders(tmp_path: Path) -> None:
    for path in (tmp_path / "nosuch.png", tmp_path):
        with pytest.raises(DataError, match=re.escape(path.name)):
            next(read_pages(path))


@pytest.mark.parametrize(
    "pixels",
    [
        GREY,
        GREY == 255,
        GREY / 255.0,
        GREY[..., None],
        RGB,
        np.dstack([RGB, np.full((20, 30), 255, np.uint8)]),
    ],
    ids=str,
)
def test_arrays(pixels: np.ndarray) -> None:
    assert np.abs(grey_of_array(pixels) - GREY).max() <= 1


@pytest.mark.parametrize(
    "pixels", [np.zeros(3), np.zeros((0, 4)), np.zeros((3, 3, 2)), np.full((2, 2), np.nan)]
)
def test_arrays_that_are_no_pictures(pixels: np.ndarray) -> None:
    with pytest.raises(ValueError, match="picture"):
        grey_of_array(pixels)
