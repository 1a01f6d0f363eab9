"""Thresholds between two classes of darkness."""

from __future__ import annotations

import numpy as np
import pytest

from limner.scan.thresholds import otsu, sauvola


def test_otsu_lies_between_two_peaks() -> None:
    counts = np.zeros(256)
    counts[[10, 11, 200, 201]] = [500, 500, 50, 50]
    threshold, low, high = otsu(counts)
    assert 12 / 256 <= threshold <= 200 / 256
    assert (low, high) == pytest.approx((11 / 256, 201 / 256))


def test_otsu_of_one_level() -> None:
    counts = np.zeros(256)
    counts[7] = 3
    assert len({round(v, 9) for v in otsu(counts)}) == 1


def test_sauvola_of_plain_paper_finds_nothing() -> None:
    dark = np.random.default_rng(0).normal(0, 0.003, (60, 60)).astype(np.float32)
    dark[30] = 0.8
    found = sauvola(dark, 15, 0.08)
    assert found[30].all()
    assert not np.delete(found, slice(28, 33), axis=0).any()
