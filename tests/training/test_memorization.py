"""When memorizing is detected."""

from __future__ import annotations

import math

import pytest

from limner.training.memorization import VALIDATIONS, MemorizationWatch


def _watched(*validations: tuple[float, float]) -> list[int]:
    """Return the numbers of the validations at which memorizing is detected."""
    watch = MemorizationWatch()
    return [k for k, (nll, loss) in enumerate(validations) if watch.update(nll, loss, k)]


RISING = [(1.0, 1.0), (1.05, 0.9), (1.1, 0.8), (1.15, 0.7), (1.2, 0.6), (1.3, 0.5), (1.4, 0.4)]


def test_it_is_detected_once() -> None:
    assert _watched(*RISING) == [VALIDATIONS]


@pytest.mark.parametrize(
    "validations",
    [
        [(2.0 - k / 10, 2.0 - k / 10) for k in range(12)],  # learns
        [(1.0 + (k % 2) * 0.1, 1.0 - k / 10) for k in range(12)],  # as good as ever, time and again
        [(1.0 + k / 10_000, 1.0 - k / 10) for k in range(12)],  # no worse than chance makes it
        [(1.0 + k / 10, 1.0 + k / 10) for k in range(12)],  # diverges: the training's loss rises too
        [(math.nan, 1.0)] * 12,
    ],
)
def test_it_is_not_detected(validations: list[tuple[float, float]]) -> None:
    assert _watched(*validations) == []


def test_the_sentence() -> None:
    watch = MemorizationWatch()
    messages = [watch.message(k, nll) for k, (nll, loss) in enumerate(RISING) if watch.update(nll, loss, k)]
    assert "by heart" in messages[0]
    assert "1.200" in messages[0]
    assert "1.000 at step 0" in messages[0]
    assert len(messages[0]) <= 300
