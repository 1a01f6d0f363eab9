"""What every network of the house can do; sampler, metrics and exporters know only this.

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
from limner.models.state import State


class Prediction(NamedTuple):
    """What a network says of a batch."""

    mixture: Mixture  # (B, T, ...)
    latent: Latent | None  # of a conditional model
    classes: Tensor | None = None  # (B, classes), logits, of a model that tells classes apart
    costs: Tensor | None = None  # (B, T), what is learnt in place of the mixture's own likelihood of each row


class SketchModel(nn.Module, ABC):
    """A network that draws point by point."""

    config: ModelConfig

    @property
    def conditional(self) -> bool:
        """Whether the network draws from a latent z."""
        return self.config.conditional

    @property
    def num_classes_recognized(self) -> int:
        """How many classes of drawings the network tells apart; 0 where it cannot."""
        return 0

    def prepare(self, drawings: Sequence[NDArray[np.float32]]) -> None:
        """Take from a corpus what is not learnt step by step; most networks need nothing.

        Parameters
        ----------
        drawings : sequence of float arrays of shape ``(n, 3)``
            stroke-3 in model units.
        """

    def prior(self, noise: Tensor) -> Tensor:
        """Turn standard normal numbers ``(B, Z)`` into latents such as drawings have, ``(B, Z)``.

        A variational network learns latents that are standard normal themselves.
        """
        return noise

    def recognise(self, z: Tensor) -> Tensor:
        """Give the logits of all classes for latents ``(B, Z)``, ``(B, classes)``.

        Raises
        ------
        ValueError
            If the network tells no classes apart.
        """
        del z
        raise ValueError("This model tells no classes apart.")

    @abstractmethod
    def encode(self, batch: Batch) -> Latent:
        """Give the distribution of z for each drawing; only a conditional network can."""

    @abstractmethod
    def forward(self, batch: Batch, noise: Tensor | None = None) -> Prediction:
        """Predict every row of a batch from the rows before it (teacher forcing).

        Parameters
        ----------
        batch : Batch
        noise : Tensor of shape ``(B, Z)``, optional
            Standard normal numbers for z = mu + sigma * noise; z = mu without it.
        """

    @abstractmethod
    def begin(self, batch_size: int = 1, z: Tensor | None = None, labels: Tensor | None = None) -> State:
        """Give the state before the first point.

        Parameters
        ----------
        batch_size : int
            B; taken from ``z`` where that is given.
        z : Tensor of shape ``(B, Z)``, optional
            The latents to draw, for a conditional network; zeros unless given.
        labels : int64 Tensor of shape ``(B,)``, optional
            The classes to draw, for a network that is told them; the first class unless given.
        """

    @abstractmethod
    def step(self, point: Tensor, state: State) -> tuple[Mixture, State]:
        """Take one point, give the mixture of the next and the new state.

        Parameters
        ----------
        point : Tensor of shape ``(B, 5)``
            In model units; the first is ``(0, 0, 1, 0, 0)``.
        state : State
        """

    def given_in(
        self, batch: Batch, noise: Tensor | None, latent: Latent | None = None
    ) -> tuple[Latent | None, Tensor | None, Tensor | None]:
        """Give the latents (unless they are known already), z and classes that a batch is drawn from."""
        if latent is None and self.conditional:
            latent = self.encode(batch)
        z = None if latent is None else latent.mu if noise is None else latent.sample(noise)  # (B, Z)
        labels = batch.labels if self.config.classes else None
        return latent, z, self.checked_labels(len(batch), labels)

    def given_first(
        self, batch_size: int, z: Tensor | None, labels: Tensor | None
    ) -> tuple[int, Tensor | None, Tensor | None]:
        """Give B, z and classes to begin with; see :meth:`checked_z` and :meth:`checked_labels`."""
        z = self.checked_z(batch_size, z)
        size = batch_size if z is None else z.shape[0]  # len would fix an exported batch
        return size, z, self.checked_labels(size, labels)

    def checked_labels(self, batch_size: int, labels: Tensor | None) -> Tensor | None:
        """Give the classes to draw, ``(B,)``: as given, or the first one; None if the network is told none.

        Raises
        ------
        ValueError
            If the network is told none, or there is no such class.
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

    def checked_z(self, batch_size: int, z: Tensor | None) -> Tensor | None:
        """Give the latents to draw from, ``(B, Z)``: as given, or zeros; None for a decoder alone.

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
