"""Scans and photographs: one drawing a page, in pixels."""

from __future__ import annotations

from typing import TYPE_CHECKING

from limner.corpus.formats.format import DrawingRecord, DrawingRecords, Format, ReadOptions
from limner.errors import DataError
from limner.scan.files import SUFFIXES

if TYPE_CHECKING:
    from pathlib import Path


def read_picture_file(path: Path, options: ReadOptions) -> DrawingRecords:
    """Trace the pages of a picture; a page that cannot be traced is a ``DataError``.

    Raises
    ------
    DataError
        If it is no picture, or the options do not say how it is traced.
    """
    from limner.scan.fixes_file import fixes_for
    from limner.scan.picture import read_pages, size_of
    from limner.scan.scan import scan_grey

    if options.scan is None:
        raise DataError(
            f"{path} is a picture; limner build reads it by a recipe that begins with the step scan."
        )
    fixes = fixes_for(path, options.scan)
    for number, grey in enumerate(read_pages(path), start=1):
        name = path.name if number == 1 else f"Page {number} of {path.name}"
        try:
            fixed = fixes.of_page(number, size_of(grey))
            yield DrawingRecord(scan_grey(grey, options.scan, name=name, fixes=fixed).drawing.to_stroke3())
        except DataError as error:
            yield error


FORMAT = Format(
    "picture",
    "scans and photographs, by the step scan of a recipe",
    tuple(sorted(SUFFIXES)),
    lambda _: False,
    drawings=read_picture_file,
    for_pictures=True,
)
