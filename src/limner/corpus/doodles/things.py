"""Things that people make, and a face; one recipe a kind, on a sheet of about 240 by 240."""

from __future__ import annotations

from typing import TYPE_CHECKING

from limner.corpus.doodles.line import oval

if TYPE_CHECKING:
    from limner.corpus.doodles.hand import ToyHand
    from limner.corpus.doodles.line import ToyLine


def boat(hand: ToyHand) -> list[ToyLine]:
    """Deck, hull, deck, mast, sail, the other sail; a flag, waves."""
    hand.mirror(0.3)
    mast, top, deck, keel = hand.about(112, 12), hand.about(12, 10), hand.about(172, 6), hand.about(222, 8)
    ship = (
        hand.pen(mast + 4, deck)
        .to((14, deck - 2))
        .curve((44, keel - 8), (112, keel), (190, keel - 10), (230, deck - 6))
        .to((mast, deck), (mast, top))
        .curve((192, 76), (208, deck - 24))
        .to((34, deck - 22))
        .curve((84, 100), (mast - 4, top + 26))
    )
    flag = hand.pen(mast, top).to((mast, top - 22), (mast + 30, top - 14), (mast + 2, top - 6))
    crest, *swell = [(24 + 28 * k, 246 + 9 * (-1) ** k) for k in range(8)]
    waves = hand.pen(*crest).curve(*swell)
    return [ship, flag.only(hand.chance(0.25)), waves.only(hand.chance(0.25))]


def car(hand: ToyHand) -> list[ToyLine]:
    """Bonnet, roof, boot, and the wheels as loops of the sill; a window."""
    hand.mirror(0.3)
    front, rear, sill, r = hand.about(62, 8), hand.about(182, 8), hand.about(166, 4), hand.about(21, 3)
    roof, bonnet = hand.about(66, 12), hand.about(116, 6)
    front_wheel, rear_wheel = (oval(x, sill + r, r, r, (-90, -450), 5) for x in (front, rear))
    body = (
        hand.pen(8, sill)
        .curve((6, bonnet + 20), (26, bonnet + 4), (68, bonnet - 6))
        .curve((86, roof + 14), (112, roof), (156, roof), (184, roof + 16), (202, bonnet - 8))
        .curve((228, bonnet + 2), (238, bonnet + 22), (234, sill))
        .curve((206, sill), *rear_wheel, (122, sill), *front_wheel, (34, sill), (8, sill))
    )
    low, high = bonnet - 2, roof + 16
    panes = ((136, low), (86, low), (104, high), (164, high), (184, low), (136, low))
    window = hand.pen(136, high, slip=3).to(*panes).only(hand.chance(0.4))
    return [body, window]


def cup(hand: ToyHand) -> list[ToyLine]:
    """Handle, rim, and the bowl from side to side; steam."""
    hand.mirror(0.25)
    y, low, foot, ear = hand.about(84, 12), hand.about(212, 10), hand.about(52, 10), hand.about(224, 10)
    body = (
        hand.pen(160, low - 44)
        .curve((ear - 12, low - 48), (ear, y + 34), (170, y + 28))
        .curve(*oval(98, y, 74, 18, (0, -360), 9))
        .curve(
            (164, low - 50),
            (98 + foot, low - 4),
            (98, low + 6),
            (98 - foot, low - 4),
            (32, low - 50),
            (25, y),
        )
    )
    hot = hand.chance(0.45)
    steam = [
        hand.pen(x, y - 32).curve((x - 10, y - 50), (x + 8, y - 68), (x - 4, y - 86)).only(hot)
        for x in (82, 116)
    ]
    return [body, *steam]


def face(hand: ToyHand) -> list[ToyLine]:
    """Eye, nose, eye, smile, and out into the outline of the head; a curl of hair."""
    y, nose, mouth = hand.about(96, 8), hand.about(146, 8), hand.about(190, 8)
    chin, left, right = hand.about(236, 8), 120 - hand.about(102, 10), 120 + hand.about(104, 10)
    left_eye = ((90, y + 12), (74, y + 10), (74, y - 8), (96, y - 8))
    bridge = ((112, y + 24), (104, nose), (120, nose + 4), (128, y + 14))
    right_eye = ((148, y - 10), (166, y + 2), (154, y + 14), (144, y + 2), (166, y - 4))
    smile = ((198, 132), (172, mouth - 14), (122, mouth), (70, mouth - 18))
    outline = ((left, 118), (122, 12), (right, 122), (122, chin), (left, 150))
    head = hand.pen(94, y, slip=3).curve(*left_eye, *bridge, *right_eye, *smile, *outline)
    curl = hand.pen(112, 14).curve((104, -8), (122, -20), (134, -8), (122, 0)).only(hand.chance(0.3))
    return [head, curl]


def house(hand: ToyHand) -> list[ToyLine]:
    """Wall, roof, often with a chimney, wall, door; smoke, a round window."""
    hand.mirror(0.25)
    eaves, top, floor = hand.about(114, 14), hand.about(28, 16), 228
    near, far = top + 0.35 * (eaves - top), top + 0.6 * (eaves - top)
    door, lintel = hand.about(104, 26), hand.about(162, 12)
    heated = hand.chance(0.6)
    chimney = ((158, near), (160, near - 34), (188, near - 32), (188, far))
    walls = [
        hand.pen(30, floor)
        .to((32, eaves), (6, eaves + 8), (120, top), *bricks, (234, eaves + 8), (208, eaves), (210, floor))
        .to((door + 36, floor), (door + 36, lintel), (door, lintel), (door, floor), (30, floor))
        .only(houses)
        for bricks, houses in ((chimney, heated), ((), ~heated))
    ]
    puff = hand.pen(174, near - 44).curve((164, near - 60), (186, near - 74), (172, near - 94))
    window = hand.ring(120, eaves - 24, 12)
    return [*walls, puff.only(heated & hand.chance(0.45)), window.only(hand.chance(0.3))]
