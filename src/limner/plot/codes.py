"""A page as commands of a machine: G-code, HPGL, or whatever a profile's templates say.

Letters: ``n`` points of a stroke.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from limner.errors import LimnerError
from limner.plot.layers import PlotLayer, PlotPlan
from limner.plot.paper import whole_or_tenths
from limner.plot.pens import Pen
from limner.plot.profile import PaperOfMachine, Profile
from limner.strokes.svg.writer import number

Floats = NDArray[np.float64]

SAME_PAPER_MM = 1.0
"""Papers whose sides differ by no more are the same."""


def plan_to_codes(plan: PlotPlan, profile: Profile) -> str:
    """Return the commands with which a machine draws a page.

    Raises
    ------
    LimnerError
        If the machine does not take the paper, reach the lines, or hold so many pens.
    """
    placement = _Placement(plan, profile)
    pens = list(dict.fromkeys(layer.pen for layer in plan.layers))
    if profile.pens and len(pens) > profile.pens:
        raise LimnerError(
            f"{profile.name} holds {profile.pens} pens, and the page has {len(pens)}; use fewer."
        )
    return "".join(_commands(plan, profile, placement, pens))


def _commands(plan: PlotPlan, profile: Profile, placement: _Placement, pens: list[Pen]) -> Iterator[str]:
    fields = {
        "width": number(placement.width * profile.units_per_mm, profile.digits),
        "height": number(placement.height * profile.units_per_mm, profile.digits),
        "title": _plain(plan.title),
        "travel_feed": str(round(60 * profile.motion.travel_mm_s)),
        **profile.words,
    }
    yield profile.document.begin.format(**fields)
    for layer in plan.layers:
        yield from _layer(layer, profile, placement, {**fields, **_layer_fields(layer, profile, pens)})
    yield profile.document.end.format(**fields)


def _layer_fields(layer: PlotLayer, profile: Profile, pens: list[Pen]) -> dict[str, str]:
    speed = profile.motion.draw_mm_s * (layer.pen.speed or 100) / 100
    return {
        "number": str(layer.number),
        "name": _plain(layer.pen.name),
        "pen": str(pens.index(layer.pen) + 1),
        "draw_feed": str(max(1, round(60 * speed))),
        "draw_cm_s": str(max(1, round(speed / 10))),
    }


def _layer(
    layer: PlotLayer, profile: Profile, placement: _Placement, fields: dict[str, str]
) -> Iterator[str]:
    if layer.pause:
        yield profile.layer.pause.format(**fields)
    yield profile.layer.begin.format(**fields)
    templates = profile.stroke
    for stroke in layer.strokes:
        rows = placement.coordinates(stroke).tolist()
        points = [[number(value, profile.digits) for value in row] for row in rows]
        yield templates.begin.format(x=points[0][0], y=points[0][1], **fields)
        for x, y in _without_repeats(points):
            yield templates.point.format(x=x, y=y, **fields)
        yield templates.end.format(x=points[-1][0], y=points[-1][1], **fields)
    yield profile.layer.end.format(**fields)


def _without_repeats(points: list[list[str]]) -> list[list[str]]:
    """Return the points behind the first that differ from the one before; a dot is drawn on the spot."""
    kept = [b for a, b in pairwise(points) if a != b]
    return kept or [points[0]]


class _Placement:
    """Where a page lies on a machine."""

    def __init__(self, plan: PlotPlan, profile: Profile) -> None:
        self.profile = profile
        self.page = (plan.width_mm, plan.height_mm)
        self.turned = profile.turn and plan.height_mm > plan.width_mm
        self.width, self.height = self.page[::-1] if self.turned else self.page
        self.paper = self._paper()

    def coordinates(self, stroke: Floats) -> Floats:
        """Return points of the page, ``(n, 2)``, in the machine's units.

        Raises
        ------
        LimnerError
            If the machine cannot reach one.
        """
        x, y = stroke.T
        if self.turned:
            x, y = y, self.page[0] - x
        if self.profile.y_up:
            y = self.height - y
        zero = (0.0, 0.0) if self.paper is None else self.paper.zero_mm
        points = (np.stack([x, y], axis=1) - zero) * self.profile.units_per_mm
        if self.paper is not None:
            self._check_reach(points, self.paper)
        return np.asarray(points)

    def _paper(self) -> PaperOfMachine | None:
        if not self.profile.papers:
            return None
        for paper in self.profile.papers:
            if max(abs(paper.size_mm[0] - self.width), abs(paper.size_mm[1] - self.height)) <= SAME_PAPER_MM:
                return paper
        sizes = (" x ".join(map(whole_or_tenths, paper.size_mm)) for paper in self.profile.papers)
        raise LimnerError(
            f"{self.profile.name} takes no paper of {whole_or_tenths(self.width)} x "
            f"{whole_or_tenths(self.height)} mm; it takes {', '.join(sizes)}."
        )

    def _check_reach(self, points: Floats, paper: PaperOfMachine) -> None:
        beyond = max(float(-points.min()), float((points - paper.reach).max()))
        if beyond > 0.5:
            lost_mm = beyond / self.profile.units_per_mm + 0.05
            raise LimnerError(
                f"{self.profile.name} cannot reach {whole_or_tenths(lost_mm)} mm "
                "of what is drawn; widen the margin by so much."
            )


def _plain(text: str) -> str:
    """Return a text without what could end a comment."""
    return " ".join(re.sub(r"[^A-Za-z0-9 .,+_-]", " ", text).split())
