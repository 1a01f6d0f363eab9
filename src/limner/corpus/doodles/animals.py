"""Animals, one recipe a kind, on a sheet of about 240 by 240."""

from __future__ import annotations

from typing import TYPE_CHECKING

from limner.corpus.doodles.line import oval

if TYPE_CHECKING:
    from limner.corpus.doodles.hand import ToyHand
    from limner.corpus.doodles.line import ToyLine


def bird(hand: ToyHand) -> list[ToyLine]:
    """Wing, head, beak, breast, legs and tail in one go; an eye."""
    hand.mirror(0.3)
    crown, beak, belly = hand.about(52, 10), hand.about(8, 10), hand.about(172, 12)
    tail, foot = hand.about(102, 26), hand.about(214, 14)
    body = (
        hand.pen(96, 112)
        .curve((122, 150), (194, 136))
        .curve((150, 112), (112, 84), (72, crown), (40, 74))
        .to((beak, 92), (40, 100))
        .curve((48, 140), (92, belly))
        .to((88, foot), (72, foot + 5), (90, foot), (100, belly + 1), (118, belly))
        .to((116, foot - 2), (100, foot + 4), (118, foot - 2), (124, belly - 1))
        .curve((168, 158), (236, tail + 26))
        .to((232, tail))
        .curve((196, 118), (150, 110))
    )
    eye = hand.ring(60, crown + 26, 4).only(hand.chance(0.4)).early(hand.chance(0.2))
    return [body, eye]


def butterfly(hand: ToyHand) -> list[ToyLine]:
    """Feeler, two wings, the tail of the body, two wings, feeler."""
    span, top, low = hand.about(108, 14), hand.about(38, 16), hand.about(212, 14)
    waist, inner, feeler = hand.about(116, 8), hand.about(74, 14), hand.about(26, 10)
    left, right = 120 - span, 120 + span
    return [
        hand.pen(120 - feeler, 20)
        .curve((112, 44), (119, 82))
        .curve((172, top), (right, top + 6), (190, waist - 16), (127, waist))
        .curve((120 + inner, waist + 28), (170, low), (138, low - 20), (124, 152))
        .to((120, 192), (117, 152))
        .curve((102, low - 20), (70, low), (120 - inner, waist + 28), (113, waist))
        .curve((50, waist - 16), (left, top + 6), (68, top), (121, 82))
        .curve((128, 44), (120 + feeler, 20))
    ]


def cat(hand: ToyHand) -> list[ToyLine]:
    """Tail, paws, chest, head with its ears, back; eyes and whiskers."""
    hand.mirror(0.3)
    ear, cheek, rump, tail = hand.about(12, 8), hand.about(56, 7), hand.about(178, 14), hand.about(150, 24)
    body = (
        hand.pen(202, tail + 6)
        .curve((220, tail), (238, 180), (216, 218), (160, 232), (70, 230), (56, 216), (66, 170), (64, 126))
        .curve((96 - cheek, 104), (92 - cheek, 70), (52, 44))
        .to((46, ear), (74, 32))
        .curve((92, 29), (110, 32))
        .to((138, ear), (132, 44))
        .curve((92 + cheek, 70), (88 + cheek, 104), (122, 124))
        .curve((160, 156), (rump, 196), (168, 228))
    )
    awake, bristling = hand.chance(0.35), hand.chance(0.4)
    eyes = [hand.ring(x, 74, 4).only(awake) for x in (74, 110)]
    whiskers = [
        hand.pen(92 + 80 * side, 84, slip=3).to((92 + 30 * side, 94), (92 + 76 * side, 108)).only(bristling)
        for side in (-1, 1)
    ]
    return [body, *eyes, *whiskers]


def fish(hand: ToyHand) -> list[ToyLine]:
    """One loop that crosses itself before the tail; an eye, gills, bubbles."""
    hand.mirror(0.3)
    back, belly, tail, tip = hand.about(50, 24), hand.about(156, 24), hand.about(180, 10), hand.about(44, 18)
    body = (
        hand.pen(238, tip)
        .curve((tail, 98), (106, belly), (8, 106), (100, back), (tail, 104), (240, 200 - tip))
        .curve((220, 102), (238, tip + 2))
    )
    eye = hand.ring(50, 92, 6).only(hand.chance(0.45)).early(hand.chance(0.2))
    gills = hand.pen(86, 78).curve((98, 104), (84, 130)).only(hand.chance(0.3))
    breathing = hand.chance(0.15)
    bubbles = [hand.ring(x, y, r).only(breathing) for x, y, r in ((-12, 62, 7), (-2, 34, 9))]
    return [body, eye, gills, *bubbles]


def snail(hand: ToyHand) -> list[ToyLine]:
    """Spiral from its middle outwards, then tail, foot, head and feelers."""
    hand.mirror(0.25)
    x, y, turn, feeler = hand.about(100, 8), hand.about(108, 8), hand.about(8, 1.2), hand.about(84, 14)
    shell = oval(x, y, turn, turn, (-70, 740), 10, grow=9.2)
    return [
        hand.pen(x, y, slip=2)
        .curve(*shell, (x + 3 * turn, y + 8.4 * turn), (64, 186), (8, 198))
        .curve((40, 204), (150, 200), (206, 192), (230, 150), (222, 128))
        .to((240, feeler), (214, 122), (204, feeler - 4))
        .curve((198, 128), (188, 152), (166, 166))
    ]


def whale(hand: ToyHand) -> list[ToyLine]:
    """Half a fountain, head, belly, fluke, back, the other half of the fountain; a smile, an eye."""
    hand.mirror(0.3)
    spout, snout, belly, fluke = (
        hand.about(22, 14),
        hand.about(10, 12),
        hand.about(196, 10),
        hand.about(66, 14),
    )
    body = (
        hand.pen(120, spout + 22)
        .curve((104, spout), (90, spout + 20), (86, 80))
        .curve((30, 94), (snout, 142), (44, 188), (120, belly), (194, 168), (226, fluke + 52))
        .curve((242, fluke + 30), (252, fluke))
        .curve((234, fluke + 4), (222, fluke + 22))
        .curve((208, fluke), (186, fluke - 4))
        .curve((190, fluke + 26), (204, fluke + 46))
        .curve((172, 130), (130, 92), (84, 80))
        .curve((80, spout + 20), (66, spout), (50, spout + 22))
    )
    smile = hand.pen(snout + 4, 150).curve((50, 160), (78, 140)).only(hand.chance(0.4))
    eye = hand.ring(70, 120, 4).only(hand.chance(0.4)).early(hand.chance(0.2))
    return [body, smile, eye]
