"""What is asked of sampling goes over what a model draws best with."""

from __future__ import annotations

from dataclasses import fields

import pytest

from limner.cli.sampling_options import SamplingOptions
from limner.sampling.config import SamplingConfig


def test_what_is_not_asked_for_stays() -> None:
    config = SamplingConfig(0.3, convention="steady", guidance=1.0, min_points=4)
    assert SamplingOptions().over(config) == config
    changed = SamplingOptions(temperature=0.7, guidance=0.0, min_points=0, greedy=True).over(config)
    assert changed == SamplingConfig(0.7, greedy=True, convention="steady")
    assert SamplingOptions(convention="paper", top_p=0.9).over(config).convention == "paper"


def test_every_setting_is_an_option() -> None:
    assert [f.name for f in fields(SamplingOptions)] == [f.name for f in fields(SamplingConfig)]
    with pytest.raises(ValueError, match="top_p must be above 0"):
        SamplingOptions(top_p=0.0)
