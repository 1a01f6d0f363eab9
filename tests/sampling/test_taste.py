"""What temperature means."""

from __future__ import annotations

import math

import pytest

from limner.sampling.taste import Taste


@pytest.mark.parametrize("temperature", [0.1, 0.25, 1.0, 2.0])
def test_spread(temperature: float) -> None:
    assert Taste(temperature).spread == math.sqrt(temperature)
    assert Taste(temperature, rule="magenta").spread == temperature


@pytest.mark.parametrize("temperature", [0.0, -1.0, math.nan, math.inf])
def test_refusals(temperature: float) -> None:
    with pytest.raises(ValueError, match="temperature must be above 0"):
        Taste(temperature)
