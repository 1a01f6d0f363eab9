"""``Drawing``, the data type that every room works on.

It knows the field's formats as functions on polylines (:mod:`limner.strokes.formats`,
:mod:`limner.strokes.svg`), which do not know it.

Letters: ``S`` strokes, ``n`` points of one stroke, ``N`` points of the whole drawing.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from limner.strokes import formats

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from numpy.typing import ArrayLike, NDArray

    from limner.strokes.svg.skipped import Skipped

    Stroke = NDArray[np.float32]

NOTEBOOK_PX = 256
"""Longest side of a drawing that a notebook shows."""


@dataclass(frozen=True, slots=True, eq=False)
class Drawing:
    """A vector drawing: a tuple of strokes, each a polyline drawn with the pen down.

    Coordinates are absolute, in the units of the source (pixels, usually); y grows downward.

    Parameters
    ----------
    strokes : iterable of array_like of shape ``(n, 2)``, n >= 1
        The polylines, in drawing order. They are copied into read-only float32 arrays.
    label : str, optional
        What is drawn, such as ``"cat"``.
    source : str, optional
        Where the drawing comes from: ``file#key`` or ``file#index``.

    Raises
    ------
    ValueError
        If a stroke is not of shape ``(n, 2)`` with n >= 1, or a coordinate is not a finite number.
    """

    strokes: tuple[Stroke, ...]
    label: str | None = None
    source: str | None = None

    def __post_init__(self) -> None:
        object.__setattr__(self, "strokes", tuple(_frozen_stroke(s) for s in self.strokes))

    # What it is ----------------------------------------------------------------------------------

    def __len__(self) -> int:
        """Return the number of strokes."""
        return len(self.strokes)

    def __iter__(self) -> Iterator[Stroke]:
        """Iterate over the strokes."""
        return iter(self.strokes)

    def __eq__(self, other: object) -> bool:
        """Compare points, label and source exactly."""
        if not isinstance(other, Drawing):
            return NotImplemented
        same_facts = (self.label, self.source, len(self)) == (other.label, other.source, len(other))
        return same_facts and all(np.array_equal(a, b) for a, b in zip(self, other, strict=True))

    def __hash__(self) -> int:
        points = tuple((stroke + 0.0).tobytes() for stroke in self.strokes)  # -0.0 equals 0.0
        return hash((self.label, self.source, points))

    def __repr__(self) -> str:
        numbers = ((len(self), "stroke"), (self.n_points, "point"))
        facts = [f"{n} {noun}{'' if n == 1 else 's'}" for n, noun in numbers]
        facts += [f"{k}={v!r}" for k, v in (("label", self.label), ("source", self.source)) if v is not None]
        return f"<Drawing: {', '.join(facts)}>"

    def _repr_svg_(self) -> str:
        """Return the SVG document that a notebook shows, 256 pixels along its longest side."""
        from limner.strokes.svg.writer import polylines_to_svg

        return polylines_to_svg(self.strokes, title=self.label, longest_side_px=NOTEBOOK_PX)

    @property
    def n_points(self) -> int:
        """Number of points of all strokes together."""
        return sum(len(s) for s in self.strokes)

    @property
    def points(self) -> NDArray[np.float32]:
        """All points in drawing order, of shape ``(N, 2)``."""
        return np.concatenate(self.strokes) if self.strokes else np.zeros((0, 2), np.float32)

    @property
    def bounds(self) -> tuple[float, float, float, float]:
        """Smallest box around the points: ``(x_min, y_min, x_max, y_max)``; all zero for an empty drawing.

        The origin counts only if a point lies there (sketch-rnn's ``get_bounds`` always includes it).
        """
        if not self.strokes:
            return (0.0, 0.0, 0.0, 0.0)
        low, high = self.points.min(axis=0), self.points.max(axis=0)
        return (float(low[0]), float(low[1]), float(high[0]), float(high[1]))

    @property
    def ink_length(self) -> float:
        """Length of all strokes together, in the drawing's units."""
        return float(sum(np.hypot(*np.diff(s.astype(np.float64), axis=0).T).sum() for s in self.strokes))

    def replace(self, **changes: Any) -> Drawing:
        """Return a copy with other ``strokes``, ``label`` or ``source``."""
        return replace(self, **changes)

    # Formats of the field ------------------------------------------------------------------------

    @classmethod
    def from_stroke3(
        cls, rows: ArrayLike, *, origin: tuple[float, float] = (0.0, 0.0), **facts: str | None
    ) -> Drawing:
        """Build a drawing from stroke-3 rows; see :func:`limner.strokes.formats.stroke3_to_polylines`."""
        return cls(formats.stroke3_to_polylines(rows, origin=origin), **facts)

    def to_stroke3(self, *, origin: tuple[float, float] = (0.0, 0.0)) -> NDArray[np.float32]:
        """Return stroke-3 rows; see :func:`limner.strokes.formats.polylines_to_stroke3`."""
        return formats.polylines_to_stroke3(self.strokes, origin=origin)

    @classmethod
    def from_stroke5(cls, rows: ArrayLike, **facts: str | None) -> Drawing:
        """Build a drawing from stroke-5 rows; see :func:`limner.strokes.formats.stroke5_to_stroke3`."""
        return cls(formats.stroke3_to_polylines(formats.stroke5_to_stroke3(rows)), **facts)

    def to_stroke5(self, length: int | None = None, *, start_token: bool = False) -> NDArray[np.float32]:
        """Return stroke-5 rows; see :func:`limner.strokes.formats.stroke3_to_stroke5`."""
        return formats.stroke3_to_stroke5(self.to_stroke3(), length, start_token=start_token)

    @classmethod
    def from_polylines(cls, polylines: Iterable[ArrayLike], **facts: str | None) -> Drawing:
        """Build a drawing from polylines of shape ``(n, 2)``; those without points are left out."""
        return cls(tuple(line for line in map(np.asarray, polylines) if len(line)), **facts)

    def to_polylines(self) -> list[list[tuple[float, float]]]:
        """Return plain lists of ``(x, y)`` pairs, one list a stroke."""
        return [[(float(x), float(y)) for x, y in stroke] for stroke in self.strokes]

    @classmethod
    def from_quickdraw(cls, drawing: Sequence[Sequence[Sequence[float]]], **facts: str | None) -> Drawing:
        """Build a drawing from QuickDraw's ``[[xs, ys], ...]`` or raw ``[[xs, ys, ts], ...]``."""
        return cls(formats.quickdraw_to_polylines(drawing), **facts)

    def to_quickdraw(self) -> list[list[list[float]]]:
        """Return QuickDraw's simplified form: ``[[xs, ys], ...]``."""
        return [[stroke[:, 0].tolist(), stroke[:, 1].tolist()] for stroke in self.strokes]

    # SVG -----------------------------------------------------------------------------------------

    @classmethod
    def from_svg(
        cls, path: str | Path, *, tolerance: float | None = None, skipped: Skipped | None = None
    ) -> Drawing:
        """Read an SVG file as a drawing: one stroke a subpath, in document order, curves as polylines.

        Coordinates are those of the document's user space: the numbers of its view box, whatever size it is
        shown at, or pixels (96 to the inch) if it has none.

        What a browser shows is read, where it shows it; of a filled shape the outline. Left out are texts,
        pictures, markers, clip paths and dashes, a plain rectangle behind all other shapes that covers the
        page, and shapes with neither fill nor stroke, unless the document has no others. A value that cannot
        be read is ignored, and a path is drawn up to its first error.

        Parameters
        ----------
        path : str or Path
            An ``.svg`` or ``.svgz`` file.
        tolerance : float, optional
            Largest distance between a curve and its polyline, in the coordinates of the drawing, positive.
            0.1 unless given, or a 500th of the longest side if that is less; never finer than a
            ten-thousandth of the curve's own size.
        skipped : Skipped, optional
            Counts what was left out.

        Returns
        -------
        Drawing
            Its label is the document's title, if it has one; its source is the file's name.

        Raises
        ------
        DataError
            If the file is missing, no XML, no SVG, too large, or draws nothing.
        ValueError
            If the tolerance is not positive.
        """
        from limner.strokes.svg.content import read_content

        content = read_content(path, tolerance=tolerance, skipped=skipped)
        return cls.from_polylines(content.polylines, label=content.title, source=Path(path).name)

    @classmethod
    def from_svg_text(
        cls,
        text: str | bytes,
        *,
        name: str = "The SVG",
        tolerance: float | None = None,
        skipped: Skipped | None = None,
    ) -> Drawing:
        """Read an SVG document as :meth:`from_svg` reads its file; ``name`` is for error messages."""
        from limner.strokes.svg.content import parse_content

        content = parse_content(text, name=name, tolerance=tolerance, skipped=skipped)
        return cls.from_polylines(content.polylines, label=content.title)

    def to_svg(
        self,
        *,
        stroke_width: float | None = None,
        margin: float | None = None,
        curves: bool | float = False,
    ) -> str:
        """Return an SVG document; see :func:`limner.strokes.svg.writer.polylines_to_svg`.

        ``curves=True`` writes fitted Bézier curves, which editors like better than many points; a number is
        how far they may leave the strokes.
        """
        from limner.strokes.svg.writer import polylines_to_svg

        return polylines_to_svg(
            self.strokes, title=self.label, stroke_width=stroke_width, margin=margin, curves=curves
        )


def _frozen_stroke(stroke: ArrayLike) -> Stroke:
    with np.errstate(over="ignore"):  # what float32 cannot hold is refused below
        array = np.array(stroke, dtype=np.float32)  # a copy: nobody else may hold a writable view
    if array.ndim != 2 or array.shape[1] != 2 or not len(array):
        raise ValueError(f"A stroke must be of shape (n, 2) with n >= 1, not {array.shape}.")
    if not np.isfinite(array).all():
        raise ValueError("A stroke holds a coordinate that is not a finite number.")
    array.setflags(write=False)
    return array
