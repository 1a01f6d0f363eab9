"""Ink and paper."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from limner.scan.binarize import find_ink

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from tests.scan.conftest import Inked


def darkness_of(grey: NDArray[np.float32]) -> NDArray[np.float32]:
    return (1 - grey / 255).astype(np.float32)


def test_even_ink_has_one_threshold(inked: Inked) -> None:
    dark = darkness_of(inked([[20, 60], [140, 60]]))
    ink = find_ink(dark)
    assert ink is not None
    assert ink.method == "otsu"
    assert ink.mask[60, 80]
    assert 330 < ink.sure.sum() < 600
    assert not (ink.sure & ~ink.mask).any()


def test_faint_lines_are_found_where_others_are_dark(inked: Inked) -> None:
    strong, faint = (1 - inked([[20, y], [140, y]]) / 255 for y in (30, 90))
    ink = find_ink(np.maximum(strong, 0.12 * faint))
    assert ink is not None
    assert ink.method == "sauvola"
    assert ink.mask[90, 30:130].all()
    assert ink.mask[30, 30:130].all()
    assert ink.mask.sum() < 1200


def test_the_method_can_be_said(inked: Inked) -> None:
    dark = darkness_of(inked([[20, 60], [140, 60]]))
    for method in ("otsu", "sauvola"):
        ink = find_ink(dark, method)
        assert ink is not None
        assert ink.method == method
        assert ink.mask[60, 80]


@pytest.mark.parametrize("grain", [0.0, 0.01, 0.05])
def test_paper_alone_is_blank(grain: float) -> None:
    dark = np.random.default_rng(0).normal(0, 1, (200, 200)).astype(np.float32) * grain
    assert find_ink(dark) is None


def test_grain_is_no_ink(inked: Inked) -> None:
    dark = np.float32(0.6) * darkness_of(inked([[20, 60], [140, 60]]))
    noisy = dark + np.random.default_rng(0).normal(0, 0.04, dark.shape).astype(np.float32)
    ink = find_ink(noisy)
    assert ink is not None
    assert ink.sure[:50].sum() + ink.sure[70:].sum() < 5


def test_strictness() -> None:
    """Fainter lines go one after the other, whichever way ink is told from paper."""
    dark = np.zeros((60, 200), np.float32)
    for k, tone in enumerate((0.95, 0.5, 0.25)):
        dark[10 + 20 * k : 14 + 20 * k, 5:195] = tone
    found = []
    for strictness in (0.5, 1.0, 1.6, 2.4):
        ink = find_ink(dark, strictness=strictness)
        assert ink is not None
        assert not (ink.sure & ~ink.mask).any()
        found.append([bool(ink.mask[12 + 20 * k, 100]) for k in range(3)])
    assert found[0] == [True, True, True]
    assert found[-1] == [True, False, False]
    counts = [sum(lines) for lines in found]
    assert counts == sorted(counts, reverse=True)
    for method in ("otsu", "sauvola"):
        same, plain = find_ink(dark, method, strictness=1.0), find_ink(dark, method)
        assert same is not None
        assert plain is not None
        assert (same.mask == plain.mask).all()
