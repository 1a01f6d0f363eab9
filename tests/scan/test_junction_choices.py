"""Junctions: what they offer, how sure they are, and how they are flipped, also in another scan."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from limner.scan.confidence import WEIGHTS, confidence_of
from limner.scan.fixes import FlipFix, PageFixes
from limner.scan.junction_choices import Evidence, Junction, PairingWish, PairingWishes
from limner.scan.scan import scan_grey
from limner.scan.settings import ScanSettings

if TYPE_CHECKING:
    from tests.scan.conftest import Inked

    from limner.scan.result import ScanResult

CROSS = ([[20, 30], [140, 90]], [[20, 90], [140, 30]])
FORK = ([[20, 60], [140, 60]], [[80, 60], [80, 110]])
CUSP = ([[20, 40], [110, 60], [20, 80]],)


def read(grey: np.ndarray, *flips: FlipFix, **options: float) -> ScanResult:
    fixes = PageFixes(tuple(flips))
    return scan_grey(grey.astype(np.float32), ScanSettings(**options), name="x", fixes=fixes)  # type: ignore[arg-type]


def flip(junction: Junction, choice: int) -> FlipFix:
    wish = junction.wish(choice)
    return FlipFix(wish.at, wish.ports, wish.pairs)


def ends(result: ScanResult) -> set[frozenset[tuple[int, int]]]:
    """Return which corners of the picture each stroke connects."""
    return {frozenset((int(x > 80), int(y > 60)) for x, y in stroke[[0, -1]]) for stroke in result.drawing}


def test_a_crossing_offers_three_ways(inked: Inked) -> None:
    found = read(inked(*CROSS))
    (junction,) = found.junctions
    assert len(junction.choices) == 3
    assert junction.chosen == 0
    assert 0.5 < junction.confidence < 1
    assert np.hypot(junction.at[0] - 80, junction.at[1] - 60) < 2
    straight = {frozenset({(0, 0), (1, 1)}), frozenset({(0, 1), (1, 0)})}
    assert ends(found) == straight
    ways = {frozenset(ends(read(inked(*CROSS), flip(junction, choice)))) for choice in range(3)}
    assert len(ways) == 3


@pytest.mark.parametrize("choice", [0, 1, 2])
def test_a_flip_holds_in_other_scans(inked: Inked, choice: int) -> None:
    """With a thicker pen, other settings, and grain: the position and not the number decides."""
    (junction,) = read(inked(*CROSS)).junctions
    wanted = ends(read(inked(*CROSS), flip(junction, choice)))
    rng = np.random.default_rng(0)
    others: list[tuple[np.ndarray, dict[str, float]]] = [
        (inked(*CROSS, pen_px=5), {}),
        (inked(*CROSS), {"tolerance_px": 2.0}),
    ]
    grainy: np.ndarray = np.clip(inked(*CROSS) + rng.normal(0, 12, (120, 160)), 0, 255)
    for grey, options in (*others, (grainy, {})):
        found = read(grey, flip(junction, choice), **options)
        assert ends(found) == wanted
        assert found.junctions[0].confidence == 1
        assert found.fixed == 1


def test_a_cusp_is_a_choice(inked: Inked) -> None:
    """The pen doubled back, or one line ends on another."""
    found = read(inked(*CUSP))
    (junction,) = found.junctions
    assert len(found.drawing) == 1
    assert len({line for pair in junction.pairs for line in pair}) == 3
    apart = read(inked(*CUSP), flip(junction, 1))
    assert len(apart.drawing) == 2
    again = read(inked(*CUSP), flip(apart.junctions[0], 0))
    assert [s.tolist() for s in again.drawing] == [s.tolist() for s in found.drawing]


def test_the_last_of_two_flips_holds(inked: Inked) -> None:
    (junction,) = read(inked(*FORK)).junctions
    one, two = (ends(read(inked(*FORK), flip(junction, choice))) for choice in (1, 2))
    assert one != two
    assert ends(read(inked(*FORK), flip(junction, 1), flip(junction, 2))) == two


def test_a_flip_elsewhere_is_a_note(inked: Inked) -> None:
    (junction,) = read(inked(*CROSS)).junctions
    found = read(inked(*FORK), flip(junction, 1))
    assert found.warnings == ("1 of 1 fix by hand found nothing there any more",)
    assert found.fixed == 0
    assert [s.tolist() for s in found.drawing] == [s.tolist() for s in read(inked(*FORK)).drawing]


def test_a_crossing_is_surer_than_a_touch(inked: Inked) -> None:
    """Two lines that cross steeply are surer than two that meet at a small angle."""
    flat = ([[20, 54], [140, 66]], [[20, 66], [140, 54]])
    (steep,), (shallow,) = (read(inked(*lines)).junctions for lines in (CROSS, flat))
    assert steep.confidence > shallow.confidence


def test_the_report_lists_the_least_sure_first(inked: Inked) -> None:
    entry = read(inked(*CROSS, [[30, 20], [30, 110]])).report_entry()
    confidences = [one["confidence"] for one in entry["junctions"]]
    assert confidences == sorted(confidences)
    assert len(confidences) >= 2
    assert set(entry["junctions"][0]) == {"at", "lines", "choice", "confidence"}


@settings(max_examples=50, deadline=None)
@given(st.sampled_from(sorted(WEIGHTS)), st.lists(st.floats(-1e6, 1e6), min_size=17, max_size=17))
def test_confidence_is_a_share(kind: str, figures: list[float]) -> None:
    assert 0 <= confidence_of(Evidence(kind, tuple(figures))) < 1


@settings(max_examples=50, deadline=None)
@given(st.permutations(range(4)), st.floats(-1.2, 1.2), st.floats(-1.2, 1.2))
def test_wishes_know_lines_in_any_order(order: list[int], dx: float, dy: float) -> None:
    ports = np.array([[0, 0], [40, 0], [0, 40], [40, 40]], np.float64)
    wish = PairingWish((20, 20), tuple((float(x), float(y)) for x, y in ports), ((0, 3), (1, 2)))
    found = PairingWishes([wish], 3.0).pairs_at(ports[order] + (dx, dy))
    assert found is not None
    assert {frozenset(order[k] for k in pair) for pair in found} == {frozenset({0, 3}), frozenset({1, 2})}
    assert PairingWishes([wish], 3.0).pairs_at(ports[:3]) is None
    assert PairingWishes([wish], 3.0).pairs_at(ports + 30) is None
