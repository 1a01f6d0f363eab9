"""The figures of a page: lengths, lifts and minutes, before and after, of each pen."""

from __future__ import annotations

from typing import Any

import numpy as np

from limner.plot.duration import Motion
from limner.plot.layers import PlotPlan, Way, distance, way_of


def plan_report(plan: PlotPlan, motion: Motion) -> dict[str, Any]:
    """Return the figures of a page, for ``--json``.

    Lengths are millimetres. The way from the upper left corner to the first stroke counts as travel of the
    first layer; the way back to it is in the totals alone.

    Returns
    -------
    dict
        ``page``, ``layers`` (a list), ``before``, ``after``, ``minutes`` and ``motion``.
    """
    pen, layers, seconds = np.zeros(2), [], 0.0
    for layer in plan.layers:
        way = way_of(layer.strokes, pen)
        taken = motion.seconds(layer.strokes, pen, speed=(layer.pen.speed or 100) / 100)
        pen, seconds = layer.strokes[-1][-1], seconds + taken
        layers.append({
            "number": layer.number, "name": layer.name, "pen": layer.pen.name, "pause": layer.pause,
            "strokes": len(layer.strokes), **_figures(way), "minutes": round(taken / 60, 2),
        })  # fmt: skip
    seconds += motion.travel_seconds(distance(pen, np.zeros(2)))
    return {
        "page": {"width_mm": round(plan.width_mm, 3), "height_mm": round(plan.height_mm, 3)},
        "layers": layers,
        "before": _figures(plan.before),
        "after": _figures(plan.after),
        "minutes": round(seconds / 60, 2),
        "motion": {name: getattr(motion, name) for name in motion.__dataclass_fields__},
    }


def plan_as_data(plan: PlotPlan, motion: Motion) -> dict[str, Any]:
    """Return a page as plain data: the figures, and in every layer its ``polylines`` in millimetres."""
    data = plan_report(plan, motion)
    for figures, layer in zip(data["layers"], plan.layers, strict=True):
        figures["colour"] = layer.pen.colour.hex
        figures["polylines"] = [np.round(stroke, 3).tolist() for stroke in layer.strokes]
    return data


def _figures(way: Way) -> dict[str, float]:
    return {"draw_mm": round(way.draw_mm, 1), "travel_mm": round(way.travel_mm, 1), "lifts": way.lifts}
