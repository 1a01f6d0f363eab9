"""The XML of IAM-OnDB's ``lineStrokes``: strokes of points with times, one line of handwriting a file.

Y grows downward from the whiteboard's upper corner. Source: Liwicki and Bunke, "IAM-OnDB", ICDAR 2005.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from limner.corpus.formats.format import (
    BadDrawing,
    DrawingRecord,
    DrawingRecords,
    Format,
    ReadOptions,
    without_blanks,
)
from limner.corpus.formats.xml_tree import root_tag, xml_tree
from limner.corpus.numbers import numbers_of_texts
from limner.corpus.rows import checked
from limner.strokes.formats import polylines_to_stroke3

if TYPE_CHECKING:
    from pathlib import Path
    from xml.etree.ElementTree import Element

_ROOTS = (b"WhiteboardCaptureSession", b"StrokeSet")


def is_iam(head: bytes) -> bool:
    """Return whether a file is a session of that data set."""
    return root_tag(without_blanks(head)) in _ROOTS


def read_iam(path: Path, options: ReadOptions) -> DrawingRecords:
    """Read a file of one drawing.

    Raises
    ------
    DataError
        If it is no XML.
    """
    del options
    root = xml_tree(path)
    try:
        lines = [_points(stroke) for stroke in root.iter("Stroke")]
        yield DrawingRecord(checked(polylines_to_stroke3(line for line in lines if len(line))))
    except ValueError as error:
        yield BadDrawing(str(error))


def _points(stroke: Element) -> list[list[float]]:
    texts = [(point.get("x"), point.get("y")) for point in stroke.iter("Point")]
    return [numbers_of_texts(pair) for pair in texts]


FORMAT = Format("iam", "lines of handwriting of IAM-OnDB", (), is_iam, shared=(".xml",), drawings=read_iam)
