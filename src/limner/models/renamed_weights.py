"""Weights under the names that earlier versions gave them: files that people hold are still read.

Shipped models, runs and checkpoints keep the names that they were written with. Wherever weights are read
they pass :func:`with_current_names` first.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import TypeVar

V = TypeVar("V")

RENAMED_WEIGHTS = {
    "speech.saying.output.": "codec.head.output.",
    "speech.saying.lean": "codec.head.joint_bias",
    "speech.vocabulary.log_spreads": "codec.vocabulary.log_sigmas",
    "speech.vocabulary.": "codec.vocabulary.",
    "speech.": "codec.",
    "points.embed.word.": "points.embed.token.",
    ".inside.": ".feedforward.",
    ".looking.": ".cross_attention.",
    ".bring.": ".cross_project.",
    "stack.last.": "stack.norm.",
    "memory.spread.": "memory.project.",
    "embeddings.": "embedding_prior.",
    "z_to_place.": "z_to_prefix.",
}
"""Parts of old names and what they are now, tried in this order."""


def with_current_names(weights: Mapping[str, V], expected: Collection[str]) -> dict[str, V]:
    """Return weights under the names of today.

    Parameters
    ----------
    weights : mapping
        By name; names may have a prefix, such as ``network.``.
    expected : collection of str
        Names of today. What is among them keeps its name, so that a network of another package may use any.
    """
    return {_current(name, expected): value for name, value in weights.items()}


def _current(name: str, expected: Collection[str]) -> str:
    if name in expected:
        return name
    renamed = name
    for old, new in RENAMED_WEIGHTS.items():
        renamed = renamed.replace(old, new)
    return renamed if renamed in expected else name
