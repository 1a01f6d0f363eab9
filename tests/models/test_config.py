"""What a network's settings refuse."""

from __future__ import annotations

import subprocess
import sys

import pytest

from limner.models.config import DecoderConfig, EncoderConfig, ModelConfig


@pytest.mark.parametrize(
    ("config", "name"),
    [
        ({"latent_size": 0}, "latent_size"),
        ({"encoder": EncoderConfig(size=-1)}, "encoder.size"),
        ({"decoder": DecoderConfig(size=0)}, "decoder.size"),
        ({"decoder": DecoderConfig(components=0)}, "decoder.components"),
    ],
)
def test_sizes_below_one_are_refused(config: dict[str, int], name: str) -> None:
    with pytest.raises(ValueError, match=rf"model\.{name} must be at least 1"):
        ModelConfig(**config)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("config", "said"),
    [
        (
            {"encoder": EncoderConfig(recurrent_keep=0)},
            "encoder.recurrent_keep must be above 0 and at most 1",
        ),
        ({"decoder": DecoderConfig(recurrent_keep=1.1)}, "decoder.recurrent_keep must be above 0"),
        ({"decoder": DecoderConfig(input_keep=-0.1)}, "decoder.input_keep must be above 0"),
        ({"decoder": DecoderConfig(output_keep=2)}, "decoder.output_keep must be above 0"),
        ({"decoder": DecoderConfig(sigma_min=-1)}, "decoder.sigma_min must be from 0 to 1e6"),
        ({"decoder": DecoderConfig(sigma_alpha=0)}, "decoder.sigma_alpha must be from 1e-6 to 1e6"),
    ],
)
def test_shares_out_of_range_are_refused(config: dict[str, int], said: str) -> None:
    with pytest.raises(ValueError, match=rf"model\.{said}"):
        ModelConfig(**config)  # type: ignore[arg-type]


def test_defaults_are_those_of_sketch_rnn() -> None:
    config = ModelConfig()
    sizes = (config.encoder.size, config.decoder.size, config.latent_size, config.decoder.components)
    assert sizes == (256, 512, 128, 20)
    assert config.conditional
    assert (config.encoder.cell, config.decoder.cell) == ("lstm", "lstm")


def test_needs_no_torch() -> None:
    """The command line reads settings for its help."""
    code = "import sys, limner.models.config, limner.training.config; print('torch' in sys.modules)"
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ran.stdout.strip() == "False"
