"""Fixes: what a person changed about the strokes of a page, by position, so that it holds in later scans.

A fix names strokes by four points on each, its trail: where it begins, a third on, two thirds on, and where
it ends. Junctions are fixed before strokes are; the fixes of strokes are made in order, each to what the one
before left. Positions are pixels of the upright picture.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, TypeAlias

from limner.scan.junction_choices import PairingWish

if TYPE_CHECKING:
    from collections.abc import Callable

Place: TypeAlias = tuple[float, float]
"""x and y."""

Trail: TypeAlias = tuple[Place, Place, Place, Place]
"""Points at the beginning, at a third, at two thirds and at the end of a stroke."""


@dataclass(frozen=True)
class FlipFix:
    """Lines go on at a junction as a person wants."""

    at: Place
    """Middle of the junction."""
    lines: tuple[Place, ...]
    """A point on each line that leaves it."""
    pairs: tuple[tuple[int, int], ...]
    """Which of the lines are one; a line in two pairs is drawn there and back."""
    kind: Literal["flip"] = "flip"

    @property
    def wish(self) -> PairingWish:
        """Return it as tracers take it."""
        return PairingWish(self.at, self.lines, self.pairs)


@dataclass(frozen=True)
class JoinFix:
    """One stroke goes on as another; a stroke that goes on as itself is closed."""

    first: Trail
    second: Trail
    kind: Literal["join"] = "join"


@dataclass(frozen=True)
class SplitFix:
    """A stroke becomes two; a closed one begins here instead."""

    stroke: Trail
    at: Place
    kind: Literal["split"] = "split"


@dataclass(frozen=True)
class ReverseFix:
    """A stroke is drawn the other way."""

    stroke: Trail
    """As it was drawn; where it is drawn the other way already, nothing changes."""
    kind: Literal["reverse"] = "reverse"


@dataclass(frozen=True)
class DeleteFix:
    """A stroke is left out."""

    stroke: Trail
    kind: Literal["delete"] = "delete"


@dataclass(frozen=True)
class OrderFix:
    """A stroke is drawn right after another."""

    stroke: Trail
    after: Trail | None = None
    """None to be drawn first of all."""
    kind: Literal["order"] = "order"


StrokeFix: TypeAlias = JoinFix | SplitFix | ReverseFix | DeleteFix | OrderFix
Fix: TypeAlias = FlipFix | StrokeFix


@dataclass(frozen=True)
class PageFixes:
    """The fixes of one page."""

    fixes: tuple[Fix, ...] = ()

    @property
    def wishes(self) -> tuple[PairingWish, ...]:
        """The pairings that are wanted at junctions."""
        return tuple(fix.wish for fix in self.fixes if isinstance(fix, FlipFix))

    @property
    def of_strokes(self) -> tuple[StrokeFix, ...]:
        """The fixes of strokes, in order."""
        return tuple(fix for fix in self.fixes if not isinstance(fix, FlipFix))


NO_FIXES = PageFixes()


def place_of(fix: Fix) -> Place:
    """Return where a fix is made, for sentences about it."""
    if isinstance(fix, (FlipFix, SplitFix)):
        return fix.at
    if isinstance(fix, JoinFix):
        return fix.first[-1]
    return fix.stroke[1]


def scaled_fix(fix: Fix, scale: Callable[[Place], Place]) -> Fix:
    """Return a fix with all positions changed."""

    def trail(points: Trail) -> Trail:
        one, two, three, four = (scale(point) for point in points)
        return (one, two, three, four)

    if isinstance(fix, FlipFix):
        return FlipFix(scale(fix.at), tuple(scale(line) for line in fix.lines), fix.pairs)
    if isinstance(fix, JoinFix):
        return JoinFix(trail(fix.first), trail(fix.second))
    if isinstance(fix, SplitFix):
        return SplitFix(trail(fix.stroke), scale(fix.at))
    if isinstance(fix, OrderFix):
        return OrderFix(trail(fix.stroke), trail(fix.after) if fix.after else None)
    return type(fix)(trail(fix.stroke))
