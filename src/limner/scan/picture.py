"""Picture files to grayscale arrays; the size is checked before a pixel is decoded, and pages are upright.

Letters: ``H`` and ``W`` of a picture.
"""

from __future__ import annotations

import struct
import warnings
import zlib
from typing import TYPE_CHECKING, Any, TypeVar

import numpy as np
from PIL import Image, ImageOps, UnidentifiedImageError

from limner.errors import DataError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from numpy.typing import ArrayLike, NDArray

    Grey = NDArray[np.float32]

Page = TypeVar("Page")

MAX_PIXELS = 80_000_000
"""More than an A3 page at 600 dpi; larger pictures are refused before they are decoded."""

DAMAGE = (
    OSError,
    SyntaxError,
    ValueError,
    EOFError,
    IndexError,
    KeyError,
    TypeError,
    struct.error,
    zlib.error,
)
"""What Pillow's readers raise on damaged files."""


def read_pages(path: Path) -> Iterator[Grey]:
    """Read a picture, or every page of a TIFF, as grayscale; see :func:`pages_as`.

    Yields
    ------
    float32 array of shape ``(H, W)``
        From 0 (black) to 255 (white), rotated upright by its EXIF orientation, transparency laid on paper.
    """
    return pages_as(path, grey_of_image)


def pages_as(path: Path, convert: Callable[[Image.Image], Page]) -> Iterator[Page]:
    """Read a picture, or every page of a TIFF, and yield what ``convert`` returns for each.

    Parameters
    ----------
    path : Path
        Any format that Pillow reads.
    convert : callable
        Takes a Pillow image, as it lies in the file.

    Raises
    ------
    DataError
        If the file cannot be read, is no picture, is damaged, or has more than :data:`MAX_PIXELS`.
    """
    name = path.name
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            with Image.open(path) as image:
                pages = getattr(image, "n_frames", 1) if image.format == "TIFF" else 1
                for page in range(pages):
                    image.seek(page)
                    _check_size(image, name)
                    image.load()
                    yield convert(image)
    except (UnidentifiedImageError, Image.DecompressionBombError, *DAMAGE) as error:
        if isinstance(error, DataError):
            raise
        raise DataError(_sentence(path, error)) from error


def grey_of_image(image: Image.Image) -> Grey:
    """Return a Pillow image as grayscale from 0 to 255, upright; see :func:`read_pages`."""
    upright = ImageOps.exif_transpose(image)
    if upright.mode.startswith("I") or upright.mode == "F":
        return grey_of_array(np.asarray(upright))
    if upright.has_transparency_data:
        return _on_paper(upright.convert("RGBA"))
    if upright.mode not in ("1", "L", "RGB", "CMYK", "YCbCr"):
        upright = upright.convert("RGB")
    return np.asarray(upright.convert("L"), dtype=np.float32)


def grey_of_array(pixels: ArrayLike) -> Grey:
    """Return an array of pixels as grayscale from 0 to 255.

    Parameters
    ----------
    pixels : array_like of shape ``(H, W)``, ``(H, W, 1)``, ``(H, W, 3)`` or ``(H, W, 4)``
        Booleans (True is white), 8-bit integers, or wider integers and floats, whose maximum is white.

    Raises
    ------
    ValueError
        If the shape is another, there is no pixel, or a value is not finite.
    """
    array = np.asarray(pixels)
    if array.ndim == 3 and array.shape[2] == 1:
        array = array[..., 0]
    if array.ndim not in (2, 3) or 0 in array.shape or (array.ndim == 3 and array.shape[2] not in (3, 4)):
        raise ValueError(f"a picture must be of shape (H, W), (H, W, 3) or (H, W, 4), not {array.shape}")
    if array.dtype.kind not in "buif" or not np.isfinite(array).all():
        raise ValueError("a pixel of the picture is not a finite number")
    if array.dtype != np.uint8:
        array = _stretched(array)
    if array.ndim == 2:
        return array.astype(np.float32)
    return grey_of_image(Image.fromarray(array.astype(np.uint8)))


def _stretched(array: NDArray[Any]) -> Grey:
    """Scale values of any width so that white is 255: 16-bit scanners often use 12 bits of them."""
    values = array.astype(np.float32)
    values -= min(0.0, float(values.min()))
    return values * (255 / (float(values.max()) or 1.0))


def _on_paper(image: Image.Image) -> Grey:
    """Lay a picture with transparency on white paper, or on black if it were invisible on white."""
    grey, alpha = (np.asarray(channel, dtype=np.float32) for channel in image.convert("LA").split())
    share = alpha / 255
    on_white = grey * share + 255 * (1 - share)
    return np.asarray(on_white if np.ptp(on_white) > 1 else grey * share, dtype=np.float32)


def _check_size(image: Image.Image, name: str) -> None:
    width, height = image.size
    if width * height > MAX_PIXELS:
        most = MAX_PIXELS // 1_000_000
        raise DataError(
            f"{name} is {width} x {height} pixels, and up to {most} million are read; make it smaller first."
        )


def _sentence(path: Path, error: Exception) -> str:
    name = path.name
    if isinstance(error, Image.DecompressionBombError):
        most = MAX_PIXELS // 1_000_000
        return f"{name} has too many pixels, and up to {most} million are read; make it smaller first."
    if isinstance(error, (FileNotFoundError, PermissionError, IsADirectoryError)):
        return f"Cannot read {path}: {(error.strerror or 'no such file').lower()}."
    if path.suffix.lower() == ".pdf":
        return f"{name} is a PDF, which cannot be read; save its pages as PNG or TIFF first."
    if isinstance(error, UnidentifiedImageError):
        return f"{name} is no picture that can be read; PNG, JPEG, TIFF and WebP can."
    return f"{name} is damaged or cut off; scan or copy it again."


def size_of(grey: NDArray[np.float32]) -> tuple[int, int]:
    """Return the width and height of a page of shape ``(H, W)``."""
    height, width = grey.shape
    return width, height
