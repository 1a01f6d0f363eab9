"""A drawing writer: every point as a row of a table."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from limner.files import write_text
from limner.render.writers import DrawingWriter, WriteOptions
from limner.strokes.drawing import Drawing


def write_points(drawings: Sequence[Drawing], path: Path, options: WriteOptions) -> None:
    """Write drawing, stroke, x and y of every point."""
    del options  # a table has no style
    rows = ["drawing,stroke,x,y"]
    for d, drawing in enumerate(drawings):
        for s, stroke in enumerate(drawing):
            rows += [f"{d},{s},{x:g},{y:g}" for x, y in stroke.tolist()]
    write_text(path, "\n".join(rows) + "\n")


POINTS = DrawingWriter("Points as CSV", ".csv", "text/csv", write_points)
