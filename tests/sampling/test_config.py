"""What temperature means."""

from __future__ import annotations

import math

import pytest

from limner.sampling.config import SamplingConfig


@pytest.mark.parametrize("temperature", [0.1, 0.25, 1.0, 2.0])
def test_sigma_scale(temperature: float) -> None:
    assert SamplingConfig(temperature).sigma_scale == math.sqrt(temperature)
    assert SamplingConfig(temperature, convention="magenta").sigma_scale == temperature
    assert SamplingConfig(temperature, convention="js").sigma_scale == math.sqrt(temperature)


def test_offsets_have_a_temperature_of_their_own() -> None:
    config = SamplingConfig(1.0, offset_temperature=0.25)
    assert (config.sigma_scale, config.logit_temperature) == (0.5, 1.0)
    with pytest.raises(ValueError, match="offset_temperature must be above 0"):
        SamplingConfig(offset_temperature=0.0)


@pytest.mark.parametrize(("temperature", "divisor"), [(0.01, 0.505), (0.65, 0.825), (1.0, 1.0)])
def test_the_convention_of_sketch_rnn_js(temperature: float, divisor: float) -> None:
    assert SamplingConfig(temperature, convention="js").logit_temperature == pytest.approx(divisor)
    assert (
        SamplingConfig(temperature, convention="magenta").logit_temperature
        == SamplingConfig(temperature).logit_temperature
        == temperature
    )


@pytest.mark.parametrize("temperature", [0.0, -1.0, math.nan, math.inf])
def test_refusals(temperature: float) -> None:
    with pytest.raises(ValueError, match="temperature must be above 0"):
        SamplingConfig(temperature)


@pytest.mark.parametrize("top_p", [0.0, -0.5, 1.01, math.nan])
def test_top_p_is_a_share(top_p: float) -> None:
    with pytest.raises(ValueError, match="top_p must be above 0 and at most 1"):
        SamplingConfig(top_p=top_p)


def test_min_points_is_a_count() -> None:
    assert SamplingConfig().min_points == 0
    with pytest.raises(ValueError, match="min_points must be at least 0"):
        SamplingConfig(min_points=-1)


@pytest.mark.parametrize("temperature", [0.1, 0.4, 1.0])
def test_steady_leaves_out_what_is_unlikely(temperature: float) -> None:
    config = SamplingConfig(temperature, convention="steady")
    assert (config.logit_temperature, config.sigma_scale) == (1.0, temperature)
    assert config.nucleus == pytest.approx(0.86 + 0.14 * temperature)
    assert SamplingConfig(temperature, top_p=0.5, convention="steady").nucleus == 0.5
    assert SamplingConfig(temperature, top_p=0.5).nucleus == 0.5


def test_steady_beyond_1_samples_among_all() -> None:
    assert SamplingConfig(2.0, convention="steady").nucleus == 1.0


@pytest.mark.parametrize("guidance", [-0.1, math.nan, math.inf, 101.0])
def test_guidance_is_bounded(guidance: float) -> None:
    with pytest.raises(ValueError, match="guidance must be at least 0"):
        SamplingConfig(guidance=guidance)
