"""Reads pictures for the Scan room, in a worker; answers are what the room sends to the page.

The last pages that were looked at are remembered, so that a moved slider does not begin anew.
"""

from __future__ import annotations

import io
import json
from collections import OrderedDict
from collections.abc import Callable
from itertools import islice
from math import ceil, sqrt
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
from PIL import Image, ImageOps

from limner.corpus.text import counted
from limner.errors import LimnerError
from limner.scan.picture import grey_of_image, pages_as
from limner.strokes.geometry import fitted
from limner.studio.deadline import Deadline
from limner.studio.scan.shapes import Found, Part, Preview, Scanned, Wish
from limner.studio.scan.stages import Grey, ScanCache, ScanOutcome
from limner.studio.shapes import sketch_of

T = TypeVar("T")

SHOWN_PX = 2_000
"""Longest side of a picture as it is shown."""
EASELS = 2
"""Pages whose stages are remembered, the last ones looked at."""
REDUCED_MODES = ("L", "LA", "RGB", "RGBA", "CMYK")
"""Modes in which a large picture is made smaller before it becomes numbers."""


class Reader:
    """Reads pages, and remembers the last ones.

    Parameters
    ----------
    most_pixels, most_knots : int
        See :class:`limner.studio.limits.Limits`.
    """

    def __init__(self, most_pixels: int, most_knots: int) -> None:
        self.most_pixels, self.most_knots = most_pixels, most_knots
        self._easels: OrderedDict[tuple[str, int], tuple[ScanCache, int]] = OrderedDict()

    def read(self, path: Path, wish: Wish, deadline: Deadline) -> tuple[ScanOutcome, int]:
        """Read a page, and count those of the picture."""
        easel, pages = self.easel(path, wish.page)
        return easel.read(wish, deadline), pages

    def easel(self, path: Path, page: int) -> tuple[ScanCache, int]:
        """Return a page with what was found on it so far, and how many pages the picture has.

        Raises
        ------
        LimnerError
            If it is no picture that can be read, or has no such page.
        """
        key = (str(path), page)
        if key not in self._easels:
            while len(self._easels) >= EASELS:
                self._easels.popitem(last=False)
            grey, factor, pages = _page(path, page, self._bounded)
            self._easels[key] = ScanCache(grey, factor, path.name, self.most_knots), pages
        self._easels.move_to_end(key)
        return self._easels[key]

    def _bounded(self, image: Image.Image) -> tuple[Grey, int, int]:
        """Return a page in grey, made smaller by a whole number where it is large, that number, and pages."""
        pages = _count(image)
        factor = ceil(sqrt(image.width * image.height / self.most_pixels))
        if factor <= 1:
            return grey_of_image(image), 1, pages
        upright = ImageOps.exif_transpose(image)
        if upright.mode in REDUCED_MODES:
            return grey_of_image(upright.reduce(factor)), factor, pages
        grey = grey_of_image(upright)
        return np.asarray(Image.fromarray(grey).reduce(factor), dtype=np.float32), factor, pages


# The jobs ----------------------------------------------------------------------------------------


def scan(reader: Reader, asked: dict[str, Any], deadline: Deadline) -> bytes:
    """Read a picture that was sent, as strokes and as a document."""
    outcome, pages = reader.read(*_of(asked), deadline)
    seen = preview_of(asked, outcome, pages)
    return Scanned.model_construct(**dict(seen), svg=outcome.result.to_svg()).model_dump_json().encode()


def preview(reader: Reader, asked: dict[str, Any], deadline: Deadline) -> bytes:
    """Read a picture with other settings."""
    outcome, pages = reader.read(*_of(asked), deadline)
    return preview_of(asked, outcome, pages).model_dump_json().encode()


def picture(_: Reader, asked: dict[str, Any], __: Deadline) -> bytes:
    """Return a page as it is shown, as JPEG: upright, in colour where it has any, not too large."""
    path, wish = _of(asked)
    stream = io.BytesIO()
    _page(path, wish.page, shown).save(stream, "jpeg", quality=88)
    return stream.getvalue()


def ink(reader: Reader, asked: dict[str, Any], deadline: Deadline) -> bytes:
    """Return the ink that is followed, as PNG: black on nothing."""
    path, wish = _of(asked)
    mask = reader.easel(path, wish.page)[0].ink(wish, deadline)
    cover = Image.fromarray(mask.astype(np.uint8) * np.uint8(255))
    cover = cover.reduce(max(1, round(max(cover.size) / SHOWN_PX)))
    stream = io.BytesIO()
    Image.merge("LA", (Image.new("L", cover.size), cover)).save(stream, "png", compress_level=3)
    return stream.getvalue()


def svg(reader: Reader, asked: dict[str, Any], deadline: Deadline) -> bytes:
    """Return the strokes as a document of the picture's size."""
    return reader.read(*_of(asked), deadline)[0].result.to_svg().encode()


def parts(reader: Reader, asked: dict[str, Any], deadline: Deadline) -> bytes:
    """Return drawings of a page as documents, by the numbers they have on it: a JSON list of pairs.

    ``asked["parts"]`` are the numbers, all unless given; ``asked["side"]`` is the length of each drawing's
    longer side, as it is on the page unless given.

    Raises
    ------
    LimnerError
        If the page has no such drawing.
    """
    path, wish = _of(asked)
    outcome, _ = reader.read(path, wish, deadline)
    wanted, side = asked["parts"], asked["side"]
    numbers = sorted(set(range(len(outcome.parts)) if wanted is None else wanted))
    if not numbers or numbers[-1] >= len(outcome.parts):
        raise LimnerError(f"{path.name} holds {counted(len(outcome.parts), 'drawing')} with these settings.")
    drawings = [(number, outcome.drawing(number)) for number in numbers]
    sized = [(number, d if side is None else fitted(d, side)) for number, d in drawings]
    return json.dumps([(number, drawing.to_svg()) for number, drawing in sized]).encode()


def preview_of(asked: dict[str, Any], outcome: ScanOutcome, pages: int) -> Preview:
    """Put what was found in the words of the page."""
    path, wish = _of(asked)
    result = outcome.result
    return Preview.model_construct(
        id=asked["id"],
        name=path.name,
        page=wish.page,
        pages=pages,
        width=result.width,
        height=result.height,
        strokes=sketch_of(result.drawing).strokes,
        parts=[_part(outcome, number) for number in range(len(outcome.parts))],
        found=Found(
            strokes=len(result.drawing),
            points=result.drawing.n_points,
            ink_length_px=round(result.drawing.ink_length, 1),
            pen_px=round(result.pen_px, 2),
            threshold=result.method,
            seconds=round(result.seconds, 3),
            warnings=list(result.warnings),
        ),
    )


def shown(image: Image.Image) -> Image.Image:
    """Make a picture ready to be looked at."""
    upright = ImageOps.exif_transpose(image)
    if upright.mode.startswith(("I", "F")) or upright.has_transparency_data:
        upright = Image.fromarray(np.clip(grey_of_image(image), 0, 255).astype(np.uint8))
    else:
        upright = upright.convert("RGB")
    upright.thumbnail((SHOWN_PX, SHOWN_PX), Image.Resampling.LANCZOS)
    return upright


def _of(asked: dict[str, Any]) -> tuple[Path, Wish]:
    return Path(asked["path"]), Wish.model_validate(asked["wish"])


def _part(outcome: ScanOutcome, number: int) -> Part:
    drawing = outcome.drawing(number)
    left, top, right, bottom = (round(edge, 2) for edge in drawing.bounds)
    frame = (left, top, right, bottom)
    return Part(frame=frame, strokes=list(outcome.parts[number]), points=drawing.n_points)


def _count(image: Image.Image) -> int:
    return int(getattr(image, "n_frames", 1)) if image.format == "TIFF" else 1


def _page(path: Path, page: int, convert: Callable[[Image.Image], T]) -> T:
    pages, found = 0, None
    for found in islice(pages_as(path, lambda image: _only(image, page, convert)), page):  # noqa: B007
        pages += 1
    if found is None:  # the last one that was read is another
        raise LimnerError(f"{path.name} has {counted(pages, 'page')}.")
    return found


def _only(image: Image.Image, page: int, convert: Callable[[Image.Image], T]) -> T | None:
    return convert(image) if image.tell() == page - 1 else None
