"""How points go in and out: as numbers, or as words.

Letters: ``B`` batch, ``T`` points, ``C`` width.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import NamedTuple

import torch
from torch import Tensor, nn

from limner.models.batch import Batch
from limner.models.config import SketchformerConfig
from limner.models.head import Head
from limner.models.mixture import Mixture
from limner.models.sketchformer.token_layers import Reading, Saying, Vocabulary, Words
from limner.models.state import State
from limner.models.transformer.model import places_of, spoken


class Heard(NamedTuple):
    """A batch as layers read it, whatever stands for its points."""

    inputs: Tensor  # (B, T, ...), from the start token on
    targets: Tensor  # (B, T, ...), from the first point on
    rows: Tensor  # (B, T, 5), the points themselves, from the first on
    words: Words | None = None


class Speech(nn.Module, ABC):
    """A way to hear and to say points."""

    @abstractmethod
    def embedding(self) -> nn.Module | None:
        """Make a layer from what stands for points to the width; None for the usual one."""

    @abstractmethod
    def hear(self, batch: Batch) -> Heard:
        """Take a whole batch."""

    @abstractmethod
    def say(self, h: Tensor, heard: Heard) -> tuple[Mixture, Tensor | None]:
        """Tell every next point from ``(B, T, C)``, and what each row costs, where that is known better."""

    @abstractmethod
    def begin(self, batch_size: int) -> State:
        """Give what there is to remember before the first point."""

    @abstractmethod
    def hear_point(self, point: Tensor, state: State) -> tuple[Tensor, State]:
        """Take a point ``(B, 5)``, give what stands for it ``(B, ...)`` and what there is to remember now."""

    @abstractmethod
    def say_point(self, h: Tensor, state: State) -> Mixture:
        """Tell the next point from ``(B, C)``."""


class NumberSpeech(Speech):
    """Points are offsets, places and pen states; the next is a mixture of normals.

    One component of a fixed sigma would be the squares that Sketchformer minimises.

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
        """Leave it to the usual one."""
        return None

    def hear(self, batch: Batch) -> Heard:
        """Take a whole batch."""
        read, wanted = (spoken(rows, places_of(rows), self.config) for rows in (batch.inputs, batch.targets))
        return Heard(read, wanted, batch.targets)

    def say(self, h: Tensor, heard: Heard) -> tuple[Mixture, Tensor | None]:
        """Tell every next point from ``(B, T, C)``."""
        del heard
        return self.head(self.output(h)), None

    def begin(self, batch_size: int) -> State:
        """Remember where the pen is."""
        return {"at": self.output.weight.new_zeros(batch_size, 2)}

    def hear_point(self, point: Tensor, state: State) -> tuple[Tensor, State]:
        """Take a point ``(B, 5)``."""
        at = state["at"] + point[:, :2]  # (B, 2)
        return spoken(point, at, self.config), {"at": at}

    def say_point(self, h: Tensor, state: State) -> Mixture:
        """Tell the next point from ``(B, C)``."""
        del state
        return self.head(self.output(h))


class WordSpeech(Speech):
    """Points are words; see :mod:`limner.models.sketchformer.token_layers`.

    Parameters
    ----------
    config : SketchformerConfig
    """

    def __init__(self, config: SketchformerConfig) -> None:
        super().__init__()
        self.width = config.width
        self.vocabulary = Vocabulary(config)
        self.saying = Saying(self.vocabulary.words, config.width)

    def embedding(self) -> nn.Module | None:
        """Make a layer that knows all words."""
        return Reading(self.vocabulary.words, self.width)

    def hear(self, batch: Batch) -> Heard:
        """Take a whole batch."""
        words = self.vocabulary.read(batch.targets)
        return Heard(self.vocabulary.shifted(words.of), words.of, batch.targets, words)

    def say(self, h: Tensor, heard: Heard) -> tuple[Mixture, Tensor | None]:
        """Tell every next point from ``(B, T, C)``, and what its word costs."""
        if heard.words is None:
            raise ValueError("points that were not heard as words cannot be said as words")
        log_p = self.saying(h, self.vocabulary.barred)
        costs = self.vocabulary.costs(log_p, heard.words, heard.rows)
        return self.vocabulary.mixture(log_p, heard.words.led), costs

    def begin(self, batch_size: int) -> State:
        """Remember where words have led, and that the next point is the start token."""
        centres = self.vocabulary.centres
        return {"led": centres.new_zeros(batch_size, 2), "begun": centres.new_zeros(batch_size, 1)}

    def hear_point(self, point: Tensor, state: State) -> tuple[Tensor, State]:
        """Take a point ``(B, 5)``; the first is the start token, wherever it leads."""
        index, led = self.vocabulary.find(point, state["led"])
        begun = state["begun"] > 0  # (B, 1)
        index = torch.where(begun, index, index.new_tensor([self.vocabulary.words, 0]))
        led = torch.where(begun, led, state["led"] - point[:, :2])
        return index, {"led": led, "begun": torch.ones_like(state["begun"])}

    def say_point(self, h: Tensor, state: State) -> Mixture:
        """Tell the next point from ``(B, C)``."""
        return self.vocabulary.mixture(self.saying(h, self.vocabulary.barred), state["led"])


def speech_of(config: SketchformerConfig) -> Speech:
    """Make the way to hear and to say points that a network's settings ask for."""
    return NumberSpeech(config) if config.tokens == "none" else WordSpeech(config)
