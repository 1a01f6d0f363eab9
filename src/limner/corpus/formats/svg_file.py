"""SVG files: one drawing each."""

from __future__ import annotations

from typing import TYPE_CHECKING

from limner.corpus.formats.format import DrawingRecord, DrawingRecords, Format, ReadOptions, without_blanks
from limner.corpus.formats.xml_tree import root_tag

if TYPE_CHECKING:
    from pathlib import Path


def is_svg(head: bytes) -> bool:
    """Return whether a file is SVG."""
    text = without_blanks(head)
    return root_tag(text) == b"svg" or (text[:1] == b"<" and b"<svg" in head)


def read_svg_file(path: Path, options: ReadOptions) -> DrawingRecords:
    """Read a file of one drawing.

    Raises
    ------
    DataError
        If it is no SVG.
    """
    from limner.strokes.drawing import Drawing
    from limner.strokes.svg.skipped import Skipped

    del options
    skipped = Skipped()
    rows = Drawing.from_svg(path, skipped=skipped).to_stroke3()
    yield DrawingRecord(rows, ignored=tuple(skipped.items()))


FORMAT = Format("svg", "vector drawings", (".svg", ".svgz"), is_svg, drawings=read_svg_file)
