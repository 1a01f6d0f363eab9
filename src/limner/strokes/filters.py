"""Filters that leave out short strokes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from limner.strokes.geometry import arc_lengths

if TYPE_CHECKING:
    from limner.strokes.drawing import Drawing


def without_short(drawing: Drawing, length: float) -> Drawing:
    """Leave out strokes that are shorter than ``length``, in the drawing's units; the length of a dot is 0.

    Raises
    ------
    ValueError
        If the length is negative.
    """
    if not length >= 0:
        raise ValueError(f"the shortest length must not be negative, and it is {length}")
    return drawing.replace(strokes=tuple(s for s in drawing if arc_lengths(s)[-1] >= length))


def without_minor(drawing: Drawing, share: float) -> Drawing:
    """Leave out strokes with less than a share, from 0 to 1, of the drawing's ink.

    The Single-Line project distributed 1000 points over the strokes and left out those that got less than 10
    (or 3), which is a share of 0.01 (or 0.003).

    Raises
    ------
    ValueError
        If the share is not from 0 to 1.
    """
    if not 0 <= share <= 1:
        raise ValueError(f"the share must be from 0 to 1, and it is {share}")
    return without_short(drawing, share * drawing.ink_length)
