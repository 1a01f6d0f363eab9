"""``ScanResult``: the strokes of a picture, with figures and notes."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from limner.scan.outlines import mean_width, outline_data
from limner.strokes.svg.writer import number, path_data

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

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
    widths: tuple[NDArray[np.float64], ...] = ()
    """Width of the ink at each point of each stroke, in pixels of the picture; empty where not known."""
    fixed: int = 0
    """Number of changes that were made by hand."""

    def to_svg(self, *, variable_width: bool = False) -> str:
        """Return an SVG document of the size of the picture, one ``<path>`` per stroke.

        Parameters
        ----------
        variable_width : bool
            Whether each path is the filled outline of a stroke, as wide as the ink at each place, instead of
            its middle, as wide as the ink is on average.
        """
        outlined = variable_width and len(self.widths) == len(self.drawing)
        pen = f'stroke-width="{number(self.pen_px, DIGITS)}" stroke-linecap="round" stroke-linejoin="round"'
        size = f'width="{self.width}" height="{self.height}" viewBox="0 0 {self.width} {self.height}"'
        group = 'fill="#000"' if outlined else f'fill="none" stroke="#000" {pen}'
        lines = [f'<svg xmlns="http://www.w3.org/2000/svg" {size}>', f"<g {group}>"]
        lines += self._outlines() if outlined else self._paths()
        return "\n".join([*lines, "</g>", "</svg>", ""])

    def _outlines(self) -> list[str]:
        pairs = zip(self.drawing, self.widths, strict=True)
        return [f'<path d="{outline_data(stroke, widths, DIGITS)}"/>' for stroke, widths in pairs]

    def _paths(self) -> list[str]:
        if len(self.widths) != len(self.drawing):
            return [f'<path d="{path_data(stroke, DIGITS)}"/>' for stroke in self.drawing]
        means = map(mean_width, self.drawing, self.widths)
        return [
            f'<path d="{path_data(stroke, DIGITS)}" stroke-width="{number(width, DIGITS)}"/>'
            for stroke, width in zip(self.drawing, means, strict=True)
        ]

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
