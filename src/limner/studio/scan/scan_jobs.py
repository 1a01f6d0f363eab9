"""Jobs of the Scan room, which run in a worker and return the answers for the page.

The most recent pages are cached with their stages, so that a changed setting repeats only the later stages.
"""

from __future__ import annotations

import io
import json
from collections import OrderedDict
from collections.abc import Callable, Sequence
from itertools import islice
from math import ceil, sqrt
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
from PIL import Image, ImageOps

from limner.corpus.text import counted
from limner.errors import LimnerError
from limner.scan.fix_entries import DIGITS
from limner.scan.fixes_file import fixes_beside
from limner.scan.junction_choices import Junction
from limner.scan.picture import grey_of_image, pages_as
from limner.strokes.geometry import fitted
from limner.studio.deadline import Deadline
from limner.studio.scan.schemas import (
    PageDrawing,
    PageJunction,
    ScannedPicture,
    ScanOptions,
    ScanPreview,
    ScanStats,
)
from limner.studio.scan.stages import Grey, ScanCache, ScanOutcome
from limner.studio.schemas import sketch_of

T = TypeVar("T")

DISPLAY_PX = 2_000
"""Longer side of a picture for display."""
CACHED_PAGES = 2
"""Pages whose stages are cached, the most recently used ones."""
REDUCED_MODES = ("L", "LA", "RGB", "RGBA", "CMYK")
"""Modes in which a large picture is reduced before it is converted to grey."""


class ScanReader:
    """Scans pages, with a cache of the most recent ones.

    Parameters
    ----------
    max_pixels, max_knots : int
        ``scan_pixels`` and ``scan_knots`` of :class:`limner.studio.limits.Limits`.
    """

    def __init__(self, max_pixels: int, max_knots: int) -> None:
        self.max_pixels, self.max_knots = max_pixels, max_knots
        self._pages: OrderedDict[tuple[str, int], tuple[ScanCache, int]] = OrderedDict()

    def read(self, path: Path, options: ScanOptions, deadline: Deadline) -> tuple[ScanOutcome, int]:
        """Scan a page; return the outcome and the number of pages of the picture."""
        scan_cache, pages = self.cached_page(path, options.page)
        return scan_cache.read(options, deadline, fixes_beside(path)), pages

    def cached_page(self, path: Path, page: int) -> tuple[ScanCache, int]:
        """Return the cached stages of a page, and the number of pages of the picture.

        Raises
        ------
        LimnerError
            If the picture cannot be read, or has no such page.
        """
        key = (str(path), page)
        if key not in self._pages:
            while len(self._pages) >= CACHED_PAGES:
                self._pages.popitem(last=False)
            grey, factor, pages = _read_page(path, page, self._bounded)
            self._pages[key] = ScanCache(grey, factor, path.name, self.max_knots), pages
        self._pages.move_to_end(key)
        return self._pages[key]

    def _bounded(self, image: Image.Image) -> tuple[Grey, int, int]:
        """Return a page in grey, reduced by an integer factor if it is large; the factor; the page count."""
        pages = _page_count(image)
        factor = ceil(sqrt(image.width * image.height / self.max_pixels))
        if factor <= 1:
            return grey_of_image(image), 1, pages
        upright = ImageOps.exif_transpose(image)
        if upright.mode in REDUCED_MODES:
            return grey_of_image(upright.reduce(factor)), factor, pages
        grey = grey_of_image(upright)
        return np.asarray(Image.fromarray(grey).reduce(factor), dtype=np.float32), factor, pages


# The jobs ----------------------------------------------------------------------------------------


def scan(reader: ScanReader, arguments: dict[str, Any], deadline: Deadline) -> bytes:
    """Scan an uploaded picture: strokes, and an SVG document."""
    outcome, pages = reader.read(*_options_of(arguments), deadline)
    answer = preview_of(arguments, outcome, pages)
    return (
        ScannedPicture.model_construct(**dict(answer), svg=outcome.result.to_svg()).model_dump_json().encode()
    )


def preview(reader: ScanReader, arguments: dict[str, Any], deadline: Deadline) -> bytes:
    """Scan a picture again with other options."""
    outcome, pages = reader.read(*_options_of(arguments), deadline)
    return preview_of(arguments, outcome, pages).model_dump_json().encode()


def picture(_: ScanReader, arguments: dict[str, Any], __: Deadline) -> bytes:
    """Return a page for display as JPEG: upright, in colour if it has any, reduced if it is large."""
    path, options = _options_of(arguments)
    stream = io.BytesIO()
    _read_page(path, options.page, displayable).save(stream, "jpeg", quality=88)
    return stream.getvalue()


def ink(reader: ScanReader, arguments: dict[str, Any], deadline: Deadline) -> bytes:
    """Return the mask of the ink as PNG: black on transparent."""
    path, options = _options_of(arguments)
    mask = reader.cached_page(path, options.page)[0].ink(options, deadline)
    cover = Image.fromarray(mask.astype(np.uint8) * np.uint8(255))
    cover = cover.reduce(max(1, round(max(cover.size) / DISPLAY_PX)))
    stream = io.BytesIO()
    Image.merge("LA", (Image.new("L", cover.size), cover)).save(stream, "png", compress_level=3)
    return stream.getvalue()


def svg(reader: ScanReader, arguments: dict[str, Any], deadline: Deadline) -> bytes:
    """Return the strokes as an SVG document of the picture's size."""
    return reader.read(*_options_of(arguments), deadline)[0].result.to_svg().encode()


def parts(reader: ScanReader, arguments: dict[str, Any], deadline: Deadline) -> bytes:
    """Return drawings of a page as a JSON list of pairs: number on the page, and SVG document.

    ``arguments["parts"]`` are the numbers, or None for all; ``arguments["side"]`` is the length of each
    drawing's longer side, or None for its size on the page.

    Raises
    ------
    LimnerError
        If the page has no such drawing.
    """
    path, options = _options_of(arguments)
    outcome, _ = reader.read(path, options, deadline)
    requested, side = arguments["parts"], arguments["side"]
    numbers = sorted(set(range(len(outcome.parts)) if requested is None else requested))
    if not numbers or numbers[-1] >= len(outcome.parts):
        raise LimnerError(f"{path.name} holds {counted(len(outcome.parts), 'drawing')} with these settings.")
    drawings = [(number, outcome.drawing(number)) for number in numbers]
    sized = [(number, d if side is None else fitted(d, side)) for number, d in drawings]
    return json.dumps([(number, drawing.to_svg()) for number, drawing in sized]).encode()


def preview_of(arguments: dict[str, Any], outcome: ScanOutcome, pages: int) -> ScanPreview:
    """Return the answer that describes an outcome."""
    path, options = _options_of(arguments)
    result = outcome.result
    return ScanPreview.model_construct(
        id=arguments["id"],
        name=path.name,
        page=options.page,
        pages=pages,
        width=result.width,
        height=result.height,
        strokes=sketch_of(result.drawing).strokes,
        junctions=[_page_junction(junction) for junction in result.junctions],
        parts=[_page_drawing(outcome, number) for number in range(len(outcome.parts))],
        found=ScanStats(
            strokes=len(result.drawing),
            points=result.drawing.n_points,
            ink_length_px=round(result.drawing.ink_length, 1),
            pen_px=round(result.pen_px, 2),
            threshold=result.method,
            seconds=round(result.seconds, 3),
            warnings=list(result.warnings),
        ),
    )


def displayable(image: Image.Image) -> Image.Image:
    """Return a picture prepared for display."""
    upright = ImageOps.exif_transpose(image)
    if upright.mode.startswith(("I", "F")) or upright.has_transparency_data:
        upright = Image.fromarray(np.clip(grey_of_image(image), 0, 255).astype(np.uint8))
    else:
        upright = upright.convert("RGB")
    upright.thumbnail((DISPLAY_PX, DISPLAY_PX), Image.Resampling.LANCZOS)
    return upright


def _options_of(arguments: dict[str, Any]) -> tuple[Path, ScanOptions]:
    return Path(arguments["path"]), ScanOptions.model_validate(arguments["options"])


def _page_drawing(outcome: ScanOutcome, number: int) -> PageDrawing:
    drawing = outcome.drawing(number)
    left, top, right, bottom = (round(edge, 2) for edge in drawing.bounds)
    frame = (left, top, right, bottom)
    return PageDrawing(frame=frame, strokes=list(outcome.parts[number]), points=drawing.n_points)


def _page_junction(junction: Junction) -> PageJunction:
    return PageJunction.model_construct(
        at=rounded_place(junction.at),
        lines=[[rounded_place(point) for point in line] for line in junction.lines],
        choices=[list(pairs) for pairs in junction.choices],
        chosen=junction.chosen,
        confidence=round(junction.confidence, 3),
    )


def rounded_place(point: Sequence[float]) -> tuple[float, float]:
    """Return a position to a hundredth of a pixel, as fixes are written."""
    x, y = (round(float(value), DIGITS) for value in point)
    return (x, y)


def _page_count(image: Image.Image) -> int:
    return int(getattr(image, "n_frames", 1)) if image.format == "TIFF" else 1


def _read_page(path: Path, page: int, convert: Callable[[Image.Image], T]) -> T:
    pages, result = 0, None
    for result in islice(pages_as(path, lambda image: _convert_only(image, page, convert)), page):  # noqa: B007
        pages += 1
    if result is None:  # the last page that was read is another one
        raise LimnerError(f"{path.name} has {counted(pages, 'page')}.")
    return result


def _convert_only(image: Image.Image, page: int, convert: Callable[[Image.Image], T]) -> T | None:
    return convert(image) if image.tell() == page - 1 else None
