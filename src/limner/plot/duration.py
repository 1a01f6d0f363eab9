"""How long a plotter takes, by a model of its motors.

The carriage changes its speed by a constant acceleration. It stands still at both ends of a stroke and of a
way between strokes; at a point of a stroke where its direction turns by an angle a, it is no faster than
(1 + cos a) / 2 of its speed. A lift takes a fixed time, up and down together; pauses are not counted.

Letters: ``n`` points of a stroke, ``S`` strokes.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Motion:
    """How a plotter moves.

    Parameters
    ----------
    draw_mm_s, travel_mm_s : float
        Highest speed with the pen down and up.
    acceleration_mm_s2 : float
    lift_s : float
        Time to lift the pen and lower it.

    Raises
    ------
    ValueError
        If one of them is not above 0 and finite.
    """

    draw_mm_s: float = 50.0
    travel_mm_s: float = 150.0
    acceleration_mm_s2: float = 1500.0
    lift_s: float = 0.3

    def __post_init__(self) -> None:
        for name in self.__dataclass_fields__:
            if not 0 < getattr(self, name) < float("inf"):
                raise ValueError(f"{name} must be above 0, not {getattr(self, name)}.")

    def seconds(self, strokes: Sequence[Floats], start: Floats, *, speed: float = 1.0) -> float:
        """Return how long strokes take, and the ways to them, from ``start``, ``(2,)``.

        Parameters
        ----------
        speed : float
            Share of the drawing speed that the layer asks for.
        """
        if not strokes:
            return 0.0
        begins = np.array([stroke[0] for stroke in strokes])  # (S, 2)
        ends = np.array([start, *(stroke[-1] for stroke in strokes[:-1])])
        ways = self._from_rest(np.hypot(*(begins - ends).T), self.travel_mm_s)
        drawn = sum(self._stroke_seconds(stroke, self.draw_mm_s * speed) for stroke in strokes)
        return float(ways.sum() + drawn + self.lift_s * len(strokes))

    def travel_seconds(self, way_mm: float) -> float:
        """Return how long a way with the pen up takes."""
        return float(self._from_rest(np.array([way_mm]), self.travel_mm_s)[0])

    def _from_rest(self, ways: Floats, speed: float) -> Floats:
        """Return the time of straight ways from rest to rest: ``(S,)``."""
        to_speed = speed**2 / self.acceleration_mm_s2  # speeding up and slowing down together
        short = 2 * np.sqrt(ways / self.acceleration_mm_s2)
        return np.where(ways < to_speed, short, ways / speed + speed / self.acceleration_mm_s2)

    def _stroke_seconds(self, stroke: Floats, speed: float) -> float:
        steps = np.diff(stroke, axis=0)
        lengths = np.hypot(*steps.T)
        steps, lengths = steps[lengths > 0], lengths[lengths > 0]
        if not len(lengths):
            return 0.0
        speeds = self._speeds(steps, lengths, speed).tolist()  # squared, at all points
        reach = 2 * self.acceleration_mm_s2
        for k, length in enumerate(lengths.tolist()):  # it cannot be faster than it can have become
            speeds[k + 1] = min(speeds[k + 1], speeds[k] + reach * length)
        for k in range(len(lengths) - 1, -1, -1):  # nor than it can still slow down from
            speeds[k] = min(speeds[k], speeds[k + 1] + reach * lengths[k])
        squared = np.array(speeds)
        return float(self._edge_seconds(squared[:-1], squared[1:], lengths, speed).sum())

    def _speeds(self, steps: Floats, lengths: Floats, speed: float) -> Floats:
        """Return the squares of the highest speeds at the points of a stroke: ``(n,)``."""
        cosines = (steps[:-1] * steps[1:]).sum(axis=1) / (lengths[:-1] * lengths[1:])
        return np.concatenate([[0.0], (speed * (1 + np.clip(cosines, -1, 1)) / 2) ** 2, [0.0]])

    def _edge_seconds(self, first: Floats, last: Floats, lengths: Floats, speed: float) -> Floats:
        """Return the time of each edge, which may reach a higher speed between its ends than at them."""
        a = self.acceleration_mm_s2
        peak = np.minimum((first + last) / 2 + a * lengths, speed**2)
        rest = lengths - (2 * peak - first - last) / (2 * a)
        top = np.sqrt(peak)
        return np.asarray((2 * top - np.sqrt(first) - np.sqrt(last)) / a + np.maximum(rest, 0) / top)
