"""From a config to a network."""

from __future__ import annotations

from collections.abc import Callable

from limner.models.config import Kind, ModelConfig
from limner.models.protocol import SketchModel
from limner.models.sketch_rnn import SketchRNN
from limner.models.sketchformer.model import Sketchformer
from limner.models.transformer.model import Transformer

KINDS: dict[Kind, Callable[[ModelConfig], SketchModel]] = {
    "sketch_rnn": SketchRNN,
    "transformer": Transformer,
    "sketchformer": Sketchformer,
}


def build_model(config: ModelConfig) -> SketchModel:
    """Make a network with fresh weights (torch's global generator draws them)."""
    return KINDS[config.kind](config)
