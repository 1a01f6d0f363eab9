"""``ScanResult``: the strokes of a picture, with figures and notes."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from limner.strokes.svg.writer import number, path_data

if TYPE_CHECKING:
    from limner.scan.binarize import Method
    from limner.scan.junction_choices import Junction
    from limner.scan.ruling import Ruling
    from limner.strokes.drawing import Drawing

DIGITS = 2
"""Decimals of coordinates in SVG documents: a hundredth of a pixel."""


@dataclass(frozen=True)
class ScanResult:
    """The strokes of a picture, and how they were found."""

    drawing: Drawing
    """In pixels of the upright picture; the first pixel's center is (0.5, 0.5), y grows downward."""
    width: int
    """Of the picture, in pixels."""
    height: int
    pen_px: float
    """Width of the pen."""
    method: Method
    """How ink was separated from paper: ``otsu``, one threshold, or ``sauvola``, one for each pixel."""
    seconds: float
    """Time from the pixels to the strokes."""
    ruling: Ruling | None = None
    """What was printed on the paper, and was removed."""
    warnings: tuple[str, ...] = ()
    """Sentences about what was left out or could not be read well."""
    junctions: tuple[Junction, ...] = ()
    """Where lines meet, how they go on there, and how sure that is; in pixels of the picture."""
    fixed: int = 0
    """Number of changes that were made by hand."""

    def to_svg(self) -> str:
        """Return an SVG document of the size of the picture, one ``<path>`` per stroke, not filled."""
        pen = f'stroke-width="{number(self.pen_px, DIGITS)}" stroke-linecap="round" stroke-linejoin="round"'
        size = f'width="{self.width}" height="{self.height}" viewBox="0 0 {self.width} {self.height}"'
        lines = [f'<svg xmlns="http://www.w3.org/2000/svg" {size}>', f'<g fill="none" stroke="#000" {pen}>']
        lines += [f'<path d="{path_data(stroke, DIGITS)}"/>' for stroke in self.drawing]
        return "\n".join([*lines, "</g>", "</svg>", ""])

    def report_entry(self) -> dict[str, Any]:
        """Return what ``report.json`` holds about the picture."""
        return {
            "width": self.width,
            "height": self.height,
            "strokes": len(self.drawing),
            "points": self.drawing.n_points,
            "ink_length_px": round(self.drawing.ink_length, 1),
            "pen_px": round(self.pen_px, 2),
            "threshold": self.method,
            "ruling": asdict(self.ruling) if self.ruling else None,
            "fixes": self.fixed,
            "junctions": [
                _junction_entry(junction)
                for junction in sorted(self.junctions, key=lambda one: (one.confidence, one.at))
            ],
            "seconds": round(self.seconds, 3),
            "warnings": list(self.warnings),
        }


def _junction_entry(junction: Junction) -> dict[str, Any]:
    return {
        "at": [round(value, 1) for value in junction.at],
        "lines": len(junction.lines),
        "choice": junction.chosen,
        "confidence": round(junction.confidence, 3),
    }
