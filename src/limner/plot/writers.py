"""Plotter pages as drawing writers, for menus that list what drawings can be written as."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from limner.plot.plan import PlotOptions, plan_page
from limner.plot.plot import machine_for, write_plan
from limner.render.writers import DrawingWriter, WriteOptions
from limner.strokes.drawing import Drawing


def plot_writers(plot: PlotOptions | None = None) -> dict[str, DrawingWriter]:
    """Return the writers of plotter pages by name.

    Parameters
    ----------
    plot : PlotOptions, optional
        Of the pages that they write; the defaults unless given.
    """
    options = PlotOptions() if plot is None else plot

    def write(drawings: Sequence[Drawing], path: Path, _: WriteOptions) -> None:
        write_plan(plan_page(drawings, **options), path, machine_for(path))

    return {
        "plotter": DrawingWriter(
            "Plotter page, mm", ".svg", "image/svg+xml", write, ("plot",), mark="-plotter"
        ),
        "gcode": DrawingWriter("Plotter page, G-code", ".gcode", "application/x-gcode", write, ("plot",)),
        "hpgl": DrawingWriter("Plotter page, HPGL", ".hpgl", "application/vnd.hp-hpgl", write, ("plot",)),
    }
