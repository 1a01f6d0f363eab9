"""A decoder-only transformer that draws, and, with an encoder before it, a variational autoencoder.

z and class, where there are any, stand before the first point, each as a place of its own.

Letters: ``B`` batch, ``T`` points, ``C`` width, ``Z`` latent.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn

from limner.models.attention import AttentivePooling, Places
from limner.models.batch import Batch
from limner.models.config import ModelConfig, TransformerConfig
from limner.models.head import Head
from limner.models.initialise import latent_linear
from limner.models.latent import Latent
from limner.models.mixture import Mixture
from limner.models.positions import sinusoids
from limner.models.protocol import Prediction, SketchModel
from limner.models.state import State
from limner.models.transformer.block import Shape, Stack


class Points(nn.Module):
    """Points as a stack reads them: embedded, and told where they stand.

    Parameters
    ----------
    config : TransformerConfig
    embed : nn.Module, optional
        From what stands for points, ``(B, T, ...)``, to ``(B, T, C)``; unless given it reads what
        :func:`spoken` gives.
    """

    def __init__(self, config: TransformerConfig, embed: nn.Module | None = None) -> None:
        super().__init__()
        self.config = config
        self.embed = embed or nn.Linear(7 if config.coordinates == "both" else 5, config.width)
        self.learned = nn.Embedding(config.longest, config.width) if config.positions == "learned" else None

    def forward(self, points: Tensor, first: int = 0) -> Tensor:
        """Read ``(B, T, ...)``, the first of them at a place, give ``(B, T, C)``.

        Raises
        ------
        ValueError
            If learned positions do not reach so far.
        """
        x: Tensor = self.embed(points)
        last = first + points.shape[1]
        if self.config.positions == "sinusoidal":
            return x + sinusoids(first, points.shape[1], x.shape[2], x)
        if self.learned is None:
            return x
        if last > self.config.longest:
            raise ValueError(f"positions are learned for {self.config.longest} points, and there are {last}")
        places: Tensor = self.learned(torch.arange(first, last, device=x.device))  # (T, C)
        return x + places


class TransformerEncoder(nn.Module):
    """A transformer that sees whole drawings, pooled by attention to the parameters of a latent.

    Parameters
    ----------
    config : TransformerConfig
    latent_size : int
        Z
    """

    def __init__(self, config: TransformerConfig, latent_size: int) -> None:
        super().__init__()
        self.points = Points(config)
        self.stack = Stack(stack_shape(config), config.layers)
        self.pooling = AttentivePooling(config.width)
        self.mu = latent_linear(config.width, latent_size)
        self.presig = latent_linear(config.width, latent_size)

    def forward(self, rows: Tensor, lengths: Tensor) -> Latent:
        """Encode stroke-5 rows ``(B, T, 5)`` of drawings of ``lengths`` real points, ``(B,)``."""
        lengths = lengths.clamp(min=1)  # of a drawing without points its end row is read
        h = self.pooling(self.stack(self.points(rows), lengths), lengths)  # (B, C)
        return Latent(self.mu(h), self.presig(h))


class Transformer(SketchModel):
    """The network of ``kind = transformer``.

    Parameters
    ----------
    config : ModelConfig
        With ``conditional`` unset there is no encoder and no z.
    """

    def __init__(self, config: ModelConfig) -> None:
        super().__init__()
        self.config = config
        own = config.transformer
        self.points = Points(own)
        self.stack = Stack(stack_shape(own), own.layers)
        self.head = Head.of(own)
        self.output = nn.Linear(own.width, self.head.width)
        latent_size = config.latent_size if config.conditional else 0
        self.encoder = TransformerEncoder(own, latent_size) if latent_size else None
        self.z_to_place = nn.Linear(latent_size, own.width) if latent_size else None
        self.classes = nn.Embedding(config.classes, own.width) if config.classes else None
        self.first = (self.z_to_place is not None) + (self.classes is not None)  # place of the first point

    def encode(self, batch: Batch) -> Latent:
        """Give the distribution of z for each drawing.

        Raises
        ------
        ValueError
            If the network is a decoder alone.
        """
        if self.encoder is None:
            raise ValueError("This model is a decoder alone and cannot encode drawings.")
        rows = batch.targets
        latent: Latent = self.encoder(spoken(rows, places_of(rows), self.config.transformer), batch.lengths)
        return latent

    def forward(self, batch: Batch, noise: Tensor | None = None) -> Prediction:
        """Predict every row of a batch from the rows before it (teacher forcing)."""
        latent, z, labels = self.given_in(batch, noise)
        places = [place.unsqueeze(1) for place in self._given(z, labels)]
        points = spoken(batch.inputs, places_of(batch.inputs), self.config.transformer)
        x = torch.cat([*places, self.points(points)], dim=1)  # (B, first + T, C)
        return Prediction(self.head(self.output(self.stack(x)[:, self.first :])), latent)

    def begin(self, batch_size: int = 1, z: Tensor | None = None, labels: Tensor | None = None) -> State:
        """Give the state before the first point; z is zeros unless given, and the class the first one.

        Raises
        ------
        ValueError
            If ``z`` or ``labels`` are given to a network that takes none, or are of a wrong shape.
        """
        size, z, labels = self.given_first(batch_size, z, labels)
        state = self.stack.begin(size)
        for place in self._given(z, labels):
            _, state = self.stack.step(place, state)
        return {**state, "at": self.output.weight.new_zeros(size, 2)}

    def _given(self, z: Tensor | None, labels: Tensor | None) -> list[Tensor]:
        """Give the places before the first point, each ``(B, C)``: z, then the class."""
        places = [] if z is None or self.z_to_place is None else [self.z_to_place(z)]
        return places if self.classes is None else [*places, self.classes(labels)]

    def step(self, point: Tensor, state: State) -> tuple[Mixture, State]:
        """Take one point, give the mixture of the next and the new state."""
        at = state["at"] + point[:, :2]  # (B, 2)
        point = spoken(point, at, self.config.transformer)
        first = state["keys_0"].shape[2] - self.first
        h, after = self.stack.step(self.points(point.unsqueeze(1), first).squeeze(1), state)
        return self.head(self.output(h)), {**after, "at": at}


def places_of(rows: Tensor) -> Tensor:
    """Add up offsets: where the pen is after each of the rows ``(B, T, 5)``, ``(B, T, 2)``."""
    return rows[..., :2].cumsum(dim=1)


def spoken(rows: Tensor, places: Tensor, config: TransformerConfig) -> Tensor:
    """Give what a network reads of rows ``(..., 5)`` that lead to places ``(..., 2)``: 5 or 7 numbers."""
    if config.coordinates == "offsets":
        return rows
    first = places if config.coordinates == "absolute" else torch.cat([rows[..., :2], places], dim=-1)
    return torch.cat([first, rows[..., 2:]], dim=-1)


def stack_shape(config: TransformerConfig) -> Shape:
    """Give the shape of the layers."""
    places: Places = "rotary" if config.positions == "rotary" else "none"
    return Shape(config.width, config.heads, config.feedforward, config.dropout, config.norm, places)
