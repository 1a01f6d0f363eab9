"""``StepStats``: what steps did to drawings, in counts and examples that can be added up in any order.

Letters: ``k`` steps.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import NDArray

    from limner.recipes.batch import Counts

LISTED = 1000  # rejected drawings that are named
SHOWN = 12  # rejected drawings that are drawn, for each reason
DRAWN = 24  # kept drawings that are drawn


class Example(NamedTuple):
    """A drawing for the report."""

    rank: int
    """A hash of its source: those of the lowest ranks are shown, whichever process saw them."""
    source: str
    before: NDArray[np.float32]
    """Stroke-3 rows as they were read; of a separated drawing those of the whole page; ``(m, 3)``."""
    after: NDArray[np.float32]
    """Stroke-3 rows when it was rejected, or when all was done; ``(m, 3)``."""
    box: tuple[float, float, float, float] | None = None
    """Where it stands on its page, if it was separated."""


class Rejection(NamedTuple):
    """A drawing that a step left out."""

    step: int
    """Index of the step; -1 for a drawing that could not be read."""
    source: str
    reason: str


@dataclass
class Histogram:
    """Exact counts of drawings by strokes and by points, and of strokes by points."""

    strokes: Counter[int] = field(default_factory=Counter)
    """Of a drawing."""
    points: Counter[int] = field(default_factory=Counter)
    """Of a drawing."""
    stroke_points: Counter[int] = field(default_factory=Counter)
    """Of a stroke."""

    @classmethod
    def of(cls, counts: Counts) -> Histogram:
        """Count drawings."""
        return cls(*(_count(values) for values in counts))

    def add(self, other: Histogram) -> None:
        """Add counts."""
        self.strokes.update(other.strokes)
        self.points.update(other.points)
        self.stroke_points.update(other.stroke_points)


@dataclass
class StepStats:
    """What became of drawings; those of shards are added up in order.

    Parameters
    ----------
    counts : int64 array of shape ``(k + 1, 3)``
        Drawings, strokes and points as read, and after each step.
    reasons : Counter of (int, str)
        Drawings that a step left out, by its index and the reason; -1 is reading.
    rejected : list of Rejection
        The first of them.
    dropped : dict of (int, str) to list of Example
        Some of them, drawn.
    kept, copies : list of Example
        Some drawings that are left, and some augmented copies.
    before, after : Histogram
    """

    counts: NDArray[np.int64]
    reasons: Counter[tuple[int, str]] = field(default_factory=Counter)
    rejected: list[Rejection] = field(default_factory=list)
    dropped: dict[tuple[int, str], list[Example]] = field(default_factory=dict)
    kept: list[Example] = field(default_factory=list)
    copies: list[Example] = field(default_factory=list)
    before: Histogram = field(default_factory=Histogram)
    after: Histogram = field(default_factory=Histogram)

    @classmethod
    def empty(cls, n_steps: int) -> StepStats:
        """Return zero counts."""
        return cls(np.zeros((n_steps + 1, 3), np.int64))

    def add(self, other: StepStats) -> None:
        """Add the stats of the drawings that follow."""
        self.counts = self.counts + other.counts
        self.reasons.update(other.reasons)
        self.rejected = (self.rejected + other.rejected)[:LISTED]
        for key, examples in other.dropped.items():
            self.dropped[key] = lowest([*self.dropped.get(key, ()), *examples], SHOWN)
        self.kept = lowest([*self.kept, *other.kept], DRAWN)
        self.copies = lowest([*self.copies, *other.copies], DRAWN // 2)
        self.before.add(other.before)
        self.after.add(other.after)

    def count(self, step: int, counts: Counts) -> None:
        """Record the number of drawings after step ``step``; -1 is reading."""
        self.counts[step + 1] += (len(counts.strokes), len(counts.lengths), counts.points.sum())


def lowest(examples: Iterable[Example], n: int) -> list[Example]:
    """Return the ``n`` examples of the lowest ranks."""
    return sorted(examples, key=lambda example: (example.rank, example.source))[:n]


def _count(values: NDArray[np.int64]) -> Counter[int]:
    found, n = np.unique(values, return_counts=True)
    return Counter(dict(zip(found.tolist(), n.tolist(), strict=True)))
