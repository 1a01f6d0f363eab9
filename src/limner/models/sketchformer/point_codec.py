"""``PointCodec``: how points go into a Sketchformer and come out of it, as numbers or as tokens.

Letters: ``B`` batch, ``T`` points, ``C`` width.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import NamedTuple

import torch
from torch import Tensor, nn

from limner.models.batch import Batch
from limner.models.config import SketchformerConfig
from limner.models.coordinates import absolute_positions, point_features
from limner.models.head import Head
from limner.models.mixture import Mixture
from limner.models.sketchformer.token_layers import PointTokens, TokenEmbedding, TokenHead, Vocabulary
from limner.models.state import State


class EncodedPoints(NamedTuple):
    """A batch as the layers read it, whatever represents its points."""

    inputs: Tensor  # (B, T, ...), from the start token on
    targets: Tensor  # (B, T, ...), from the first point on
    rows: Tensor  # (B, T, 5), the points themselves, from the first on
    tokens: PointTokens | None = None


class PointCodec(nn.Module, ABC):
    """A representation of points: encoded for the layers, decoded from their output."""

    @abstractmethod
    def embedding(self) -> nn.Module | None:
        """Return a new layer from what represents points to the width; None for the usual linear one."""

    @abstractmethod
    def encode(self, batch: Batch) -> EncodedPoints:
        """Encode a batch."""

    @abstractmethod
    def decode(self, h: Tensor, encoded: EncodedPoints) -> tuple[Mixture, Tensor | None]:
        """Return the distribution of every next point for ``(B, T, C)``, and losses of the rows ``(B, T)``.

        The losses are None where they are those of the distribution.
        """

    @abstractmethod
    def begin(self, batch_size: int) -> State:
        """Return what the codec remembers before the first point."""

    @abstractmethod
    def encode_point(self, point: Tensor, state: State) -> tuple[Tensor, State]:
        """Encode a point ``(B, 5)``; return what represents it ``(B, ...)`` and what to remember now."""

    @abstractmethod
    def decode_point(self, h: Tensor, state: State) -> Mixture:
        """Return the distribution of the next point for ``(B, C)``."""


class NumberCodec(PointCodec):
    """Points are offsets, absolute positions and pen states; the next is a mixture of normals.

    One component of a fixed sigma would be the squared error that Sketchformer minimizes.

    Parameters
    ----------
    config : SketchformerConfig
    """

    def __init__(self, config: SketchformerConfig) -> None:
        super().__init__()
        self.config = config
        self.head = Head.of(config)
        self.output = nn.Linear(config.width, self.head.width)

    def embedding(self) -> nn.Module | None:
        """Return None: the usual layer does."""
        return None

    def encode(self, batch: Batch) -> EncodedPoints:
        """Return the features of all rows."""
        inputs, targets = (
            point_features(rows, absolute_positions(rows), self.config.coordinates)
            for rows in (batch.inputs, batch.targets)
        )
        return EncodedPoints(inputs, targets, batch.targets)

    def decode(self, h: Tensor, encoded: EncodedPoints) -> tuple[Mixture, Tensor | None]:
        """Return the distribution of every next point for ``(B, T, C)``."""
        del encoded
        return self.head(self.output(h)), None

    def begin(self, batch_size: int) -> State:
        """Return where the pen is."""
        return {"at": self.output.weight.new_zeros(batch_size, 2)}

    def encode_point(self, point: Tensor, state: State) -> tuple[Tensor, State]:
        """Return the features of a point ``(B, 5)``, and where the pen is after it."""
        at = state["at"] + point[:, :2]  # (B, 2)
        return point_features(point, at, self.config.coordinates), {"at": at}

    def decode_point(self, h: Tensor, state: State) -> Mixture:
        """Return the distribution of the next point for ``(B, C)``."""
        del state
        return self.head(self.output(h))


class TokenCodec(PointCodec):
    """Points are tokens; see :mod:`limner.models.sketchformer.token_layers`.

    Parameters
    ----------
    config : SketchformerConfig
    """

    def __init__(self, config: SketchformerConfig) -> None:
        super().__init__()
        self.width = config.width
        self.vocabulary = Vocabulary(config)
        self.head = TokenHead(self.vocabulary.tokens, config.width)

    def embedding(self) -> nn.Module | None:
        """Return a new embedding of all tokens."""
        return TokenEmbedding(self.vocabulary.tokens, self.width)

    def encode(self, batch: Batch) -> EncodedPoints:
        """Return the tokens of all rows."""
        tokens = self.vocabulary.tokenize(batch.targets)
        return EncodedPoints(self.vocabulary.shift_right(tokens.ids), tokens.ids, batch.targets, tokens)

    def decode(self, h: Tensor, encoded: EncodedPoints) -> tuple[Mixture, Tensor | None]:
        """Return the distribution of every next point for ``(B, T, C)``, and the losses of the rows."""
        if encoded.tokens is None:
            raise ValueError("points that were not encoded as tokens cannot be decoded as tokens")
        log_p = self.head(h, self.vocabulary.forbidden)
        costs = self.vocabulary.row_costs(log_p, encoded.tokens, encoded.rows)
        return self.vocabulary.mixture(log_p, encoded.tokens.drift), costs

    def begin(self, batch_size: int) -> State:
        """Return the drift, and that the next point is the start token."""
        centres = self.vocabulary.centres
        return {"drift": centres.new_zeros(batch_size, 2), "started": centres.new_zeros(batch_size, 1)}

    def encode_point(self, point: Tensor, state: State) -> tuple[Tensor, State]:
        """Return the token of a point ``(B, 5)``; the first is the start token, wherever it leads."""
        index, drift = self.vocabulary.nearest(point, state["drift"])
        started = state["started"] > 0  # (B, 1)
        index = torch.where(started, index, index.new_tensor([self.vocabulary.tokens, 0]))
        drift = torch.where(started, drift, state["drift"] - point[:, :2])
        return index, {"drift": drift, "started": torch.ones_like(state["started"])}

    def decode_point(self, h: Tensor, state: State) -> Mixture:
        """Return the distribution of the next point for ``(B, C)``."""
        return self.vocabulary.mixture(self.head(h, self.vocabulary.forbidden), state["drift"])


def build_codec(config: SketchformerConfig) -> PointCodec:
    """Return the codec that a network's settings ask for."""
    return NumberCodec(config) if config.tokens == "none" else TokenCodec(config)
