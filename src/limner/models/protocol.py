"""``SketchModel``: what every network can do; sampler, training, metrics and exporters know only this.

Letters: ``B`` batch, ``T`` points, ``Z`` latent.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from limner.models.batch import Batch
from limner.models.config import ModelConfig
from limner.models.latent import Latent
from limner.models.mixture import Mixture
from limner.models.sketchformer.tokenizer.tokenizer import Tokenizer, TokenSettings
from limner.models.state import State


class Prediction(NamedTuple):
    """What a network predicts for a batch."""

    mixture: Mixture  # (B, T, ...)
    latent: Latent | None  # of a conditional model
    classes: Tensor | None = None  # (B, classes), logits, of a model that recognizes classes
    costs: Tensor | None = None  # (B, T), loss of each row in place of the mixture's own likelihood


class Conditioning(NamedTuple):
    """What drawings are conditioned on, as far as the network is."""

    z: Tensor | None  # (B, Z)
    labels: Tensor | None  # (B,), int64


class SketchModel(nn.Module, ABC):
    """A network that draws point by point.

    A subclass calls ``super().__init__(config)`` first, which keeps the settings as ``self.config``.
    """

    def __init__(self, config: ModelConfig) -> None:
        super().__init__()
        self.config = config

    @classmethod
    def fit_config(cls, config: ModelConfig, num_classes: int) -> ModelConfig:
        """Return the settings with what follows from the corpus; most networks need nothing.

        Parameters
        ----------
        config : ModelConfig
        num_classes : int
            Classes that there are to recognize; 0 where none shall be learned.
        """
        del num_classes
        return config

    @classmethod
    def max_rows(cls, config: ModelConfig) -> int | None:
        """Return how many rows, the start token included, the network can read; None: any number."""
        del config
        return None

    @classmethod
    def with_vocabulary(cls, config: ModelConfig, settings: TokenSettings) -> ModelConfig:
        """Return the settings of a network that reads the tokens of a tokenizer.

        Raises
        ------
        ValueError
            If networks of this kind read no tokens.
        """
        del config, settings
        raise ValueError("Networks of this kind read no tokens.")

    @classmethod
    def summary(cls, config: ModelConfig) -> dict[str, str]:
        """Return what there is to say about the architecture, by short names, for the card of a model."""
        return {"options": ", ".join(f"{name} {value}" for name, value in config.options.items()) or "none"}

    @property
    def conditional(self) -> bool:
        """Whether the network draws from a latent z."""
        return self.config.conditional

    @property
    def num_classes_recognized(self) -> int:
        """Number of classes that the network recognizes; 0 where it cannot."""
        return 0

    def prepare(self, drawings: Sequence[NDArray[np.float32]]) -> None:
        """Take from a corpus what is not learned step by step; most networks need nothing.

        Parameters
        ----------
        drawings : sequence of float arrays of shape ``(n, 3)``
            stroke-3 in model units.
        """

    def set_vocabulary(self, tokenizer: Tokenizer, scale_factor: float) -> None:
        """Take the tokens of a tokenizer in place of :meth:`prepare`.

        Parameters
        ----------
        tokenizer : Tokenizer
            Of the same scheme and sizes as the network.
        scale_factor : float
            Units of the corpus in one model unit.

        Raises
        ------
        ValueError
            If the network reads no tokens, or others.
        """
        del tokenizer, scale_factor
        raise ValueError("This model reads numbers, not tokens.")

    def prior(self, noise: Tensor) -> Tensor:
        """Return latents such as drawings have, ``(B, Z)``, for standard normal noise ``(B, Z)``.

        A variational network learns latents that are standard normal themselves.
        """
        return noise

    def class_logits(self, z: Tensor) -> Tensor:
        """Return the logits of all classes for latents ``(B, Z)``, ``(B, classes)``.

        Raises
        ------
        ValueError
            If the network recognizes no classes.
        """
        del z
        raise ValueError("This model tells no classes apart.")

    @abstractmethod
    def encode(self, batch: Batch) -> Latent:
        """Return the distribution of z for each drawing; only a conditional network can.

        Raises
        ------
        ValueError
            If the network is a decoder alone.
        """

    @abstractmethod
    def forward(self, batch: Batch, noise: Tensor | None = None) -> Prediction:
        """Predict every row of a batch from the rows before it (teacher forcing).

        Parameters
        ----------
        batch : Batch
        noise : Tensor of shape ``(B, Z)``, optional
            Standard normal noise for z = mu + sigma * noise; z = mu without it.
        """

    @abstractmethod
    def begin(self, batch_size: int = 1, z: Tensor | None = None, labels: Tensor | None = None) -> State:
        """Return the state before the first point.

        Parameters
        ----------
        batch_size : int
            B; taken from ``z`` where that is given.
        z : Tensor of shape ``(B, Z)``, optional
            Latents, for a conditional network; zeros unless given.
        labels : int64 Tensor of shape ``(B,)``, optional
            Classes, for a network that is conditioned on them; the first class unless given.

        Raises
        ------
        ValueError
            If ``z`` or ``labels`` are given to a network that takes none, or are of a wrong shape.
        """

    @abstractmethod
    def step(self, point: Tensor, state: State) -> tuple[Mixture, State]:
        """Take one point and return the distribution of the next, and the state after it.

        Parameters
        ----------
        point : Tensor of shape ``(B, 5)``
            In model units; the first is ``(0, 0, 1, 0, 0)``.
        state : State
        """

    def conditioning_of(
        self, batch: Batch, noise: Tensor | None, latent: Latent | None = None
    ) -> tuple[Latent | None, Conditioning]:
        """Return the latents of a batch (those given, if they are known already), and its conditioning."""
        if latent is None and self.conditional:
            latent = self.encode(batch)
        z = None if latent is None else latent.mu if noise is None else latent.sample(noise)  # (B, Z)
        labels = batch.labels if self.config.classes else None
        return latent, Conditioning(z, self.check_labels(len(batch), labels))

    def conditioning_for(
        self, batch_size: int, z: Tensor | None, labels: Tensor | None
    ) -> tuple[int, Conditioning]:
        """Return B and the conditioning to begin with, checked; see :meth:`begin`."""
        z = self.check_z(batch_size, z)
        size = batch_size if z is None else z.shape[0]  # len would fix an exported batch
        return size, Conditioning(z, self.check_labels(size, labels))

    def check_labels(self, batch_size: int, labels: Tensor | None) -> Tensor | None:
        """Return classes, ``(B,)``: as given, or the first one; None if the network is conditioned on none.

        Raises
        ------
        ValueError
            If the network is conditioned on none, or there is no such class.
        """
        if not self.config.classes:
            if labels is not None:
                raise ValueError("This model is told no classes.")
            return None
        if labels is None:
            return torch.zeros(batch_size, dtype=torch.int64, device=next(self.parameters()).device)
        if torch.compiler.is_exporting():
            return labels  # a graph knows no values
        if labels.shape != (batch_size,) or not bool(((labels >= 0) & (labels < self.config.classes)).all()):
            raise ValueError(f"labels must be {batch_size} numbers from 0 to {self.config.classes - 1}.")
        return labels

    def check_z(self, batch_size: int, z: Tensor | None) -> Tensor | None:
        """Return latents, ``(B, Z)``: as given, or zeros; None for a decoder alone.

        Raises
        ------
        ValueError
            If ``z`` is given to a decoder alone, or is not of shape ``(B, Z)``.
        """
        if not self.conditional:
            if z is not None:
                raise ValueError("This model is a decoder alone and takes no z.")
            return None
        if z is None:
            return next(self.parameters()).new_zeros(batch_size, self.config.latent_size)
        if z.ndim != 2 or z.shape[1] != self.config.latent_size:
            raise ValueError(f"z must be of shape (B, {self.config.latent_size}), not {tuple(z.shape)}.")
        return z
