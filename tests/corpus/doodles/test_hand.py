from __future__ import annotations

import numpy as np

from limner.corpus.doodles.hand import SLIP, ToyHand


def a_hand(n_drawings: int = 4000) -> ToyHand:
    return ToyHand(np.random.default_rng(1), n_drawings)


def test_chance_keeps_its_promises() -> None:
    hand = a_hand()
    even, bell = hand.between(2, 6), hand.about(10, 3)
    assert even.min() >= 2
    assert even.max() < 6
    assert abs(even.mean() - 4) < 0.1
    assert np.abs(bell - 10).max() <= 3
    assert abs(bell.mean() - 10) < 0.1
    assert 0.8 < bell.std() < 1.2
    assert abs(hand.chance(0.3).mean() - 0.3) < 0.03


def test_the_pen_misses_its_knots_a_little() -> None:
    hand = a_hand()
    height = hand.about(50, 5)
    points = hand.pen(10, height).to((90, 50)).points
    assert np.abs(points[:, 0] - np.column_stack([np.full(4000, 10), height])).max() <= SLIP
    assert 1 < np.std(points[:, -1] - [90, 50]) < SLIP / 2


def test_without_slip_the_pen_is_exact_and_a_ring_is_round() -> None:
    hand = a_hand(3)
    np.testing.assert_array_equal(hand.pen(1, 2, slip=0).to((5, 6)).points[:, -1], [[5, 6]] * 3)
    ring = hand.ring(100, 100, 40).points
    assert np.abs(np.hypot(*np.moveaxis(ring - 100, -1, 0)) - 40).max() < 5


def test_a_pose_keeps_size_and_neighbours() -> None:
    hand = a_hand(500)
    left, right = hand.pen(0, 0, slip=0).to((200, 0)), hand.pen(0, 8, slip=0).to((200, 8))
    a, b = hand.pose([left, right])
    assert a.shape == left.points.shape
    spans = np.hypot(*(a[:, -1] - a[:, 0]).T)
    assert 180 < spans.min() < spans.max() < 225
    assert np.abs(np.hypot(*np.moveaxis(b - a, -1, 0)) - 8).max() < 6


def test_a_mirrored_pose_turns_the_other_way_round() -> None:
    def handedness(hand: ToyHand) -> np.ndarray[tuple[int, ...], np.dtype[np.float64]]:
        (path,) = hand.pose([hand.pen(0, 0).to((200, 0), (200, 200))])
        a, b = path[:, 10] - path[:, 0], path[:, 20] - path[:, 10]
        return np.sign(a[:, 0] * b[:, 1] - a[:, 1] * b[:, 0])

    plain, mirrored, some = a_hand(300), a_hand(300), a_hand(300)
    mirrored.mirror(1.0)
    some.mirror(0.3)
    assert (handedness(plain) == 1).all()
    assert (handedness(mirrored) == -1).all()
    assert 0.2 < (handedness(some) == -1).mean() < 0.4
