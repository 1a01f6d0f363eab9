"""Plants and other found things, one recipe a kind, on a sheet of about 240 by 240."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

from limner.corpus.doodles.line import oval

if TYPE_CHECKING:
    from limner.corpus.doodles.hand import ToyHand
    from limner.corpus.doodles.line import Knot, Number, ToyLine


def flower(hand: ToyHand) -> list[ToyLine]:
    """Stem, leaf, five or six petals, and the middle as the end of the line."""
    hand.mirror(0.3)
    six = hand.chance(0.25)
    return [_flower(hand, 5).only(~six), _flower(hand, 6).only(six)]


def _flower(hand: ToyHand, n_petals: int) -> ToyLine:
    x, y, leaf = hand.about(112, 10), hand.about(74, 8), hand.about(180, 16)
    middle, size = hand.about(5 * n_petals - 7, 3), hand.about(69, 7)
    line = (
        hand.pen(126, 242)
        .to((128, leaf + 18))
        .curve((150, leaf - 20), (184, leaf - 22))
        .curve((164, leaf + 10), (126, leaf + 18))
        .curve((124, leaf - 20), (x, y + middle))
    )
    step = 360 / n_petals
    for petal in range(n_petals):
        start = 90 + petal * step
        line.curve(_toward(x, y, size, size, start + step / 2), _toward(x, y, middle, middle, start + step))
    return line.curve(*oval(x, y, middle * 0.8, middle * 0.8, (170, 460), 4))


def heart(hand: ToyHand) -> list[ToyLine]:
    """From the dip around to the dip."""
    dip, low, wide, lean = hand.about(72, 16), hand.about(226, 10), hand.about(104, 10), hand.about(120, 16)
    return [
        hand.pen(120, dip)
        .curve((104, 36), (66, 20), (120 - wide, 76), (46, 148), (lean, low))
        .curve((194, 148), (120 + wide, 76), (174, 20), (136, 36), (121, dip + 6))
    ]


def mushroom(hand: ToyHand) -> list[ToyLine]:
    """Stem, rim, cap, rim; spots."""
    top, foot, rim = hand.about(22, 16), hand.about(32, 10), hand.about(122, 10)
    body = (
        hand.pen(98, rim + 14)
        .curve((100, 180), (120 - foot, 216), (120, 236), (120 + foot, 216), (142, 180), (144, rim + 14))
        .curve((190, rim + 14), (228, rim))
        .curve((196, 58), (120, top), (44, 58), (12, rim))
        .curve((60, rim + 14), (120, rim + 18), (152, rim + 14))
    )
    spotted = hand.chance(0.35)
    spots = [
        hand.ring(x, top + y, r).only(spotted) for x, y, r in ((84, 44, 13), (134, 34, 10), (166, 72, 9))
    ]
    return [body, *spots]


def star(hand: ToyHand) -> list[ToyLine]:
    """Five straight lines without a lift."""
    r, turn = hand.about(118, 8), hand.about(0, 10)
    start, *tips = [_toward(120, 126, r, r, angle + turn) for angle in (126, 270, 54, 198, 342, 126)]
    return [hand.pen(*start, slip=14).to(*tips)]


def tree(hand: ToyHand) -> list[ToyLine]:
    """Trunk, a crown of seven bows, trunk; apples."""
    rx, ry, y = hand.about(100, 18), hand.about(76, 12), hand.about(86, 8)
    trunk, turn = hand.about(17, 6), hand.about(0, 14)
    line = hand.pen(110 - 1.6 * trunk, 238).curve((118 - trunk, 212), (120 - trunk, y + ry))
    dents: list[Number] = [110.0, *(155 + 46 * bow + turn for bow in range(6)), 430.0]
    for a, b in pairwise(dents):
        line.curve(
            _toward(120, y, rx * 1.12, ry * 1.12, (a + b) / 2), _toward(120, y, rx * 0.86, ry * 0.86, b)
        )
    line.curve((122 + trunk, 212), (130 + 1.6 * trunk, 238))
    ripe = hand.chance(0.25)
    return [line, *(hand.ring(x, z, 8).only(ripe) for x, z in ((86, 80), (142, 104)))]


def _toward(x: Number, y: Number, rx: Number, ry: Number, angle: Number) -> Knot:
    return oval(x, y, rx, ry, (angle, angle), 1)[0]
