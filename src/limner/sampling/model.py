"""A model ready to draw: a network, what its card says, and drawings in and out.

Letters: ``B`` drawings, ``Z`` latent.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from limner.errors import LimnerError
from limner.models.batch import pad_batch
from limner.models.mixture import Mixture
from limner.models.protocol import SketchModel
from limner.models.state import State
from limner.models.weights import Card, find_weights, load_weights
from limner.sampling.complete import complete
from limner.sampling.generate import Callback, generate
from limner.sampling.ink import PARTIAL, Frame, frame_of, to_model
from limner.sampling.interpolate import Way, path_between
from limner.sampling.labels import label_numbers
from limner.sampling.taste import Taste
from limner.strokes.drawing import Drawing

ENCODE_BATCH = 100


def load_model(path_or_name: str | Path) -> Model:
    """Load a model for drawing.

    Parameters
    ----------
    path_or_name : str or Path
        A run folder, a ``.safetensors`` file, or the name of a model that ships with the package.

    Raises
    ------
    LimnerError
        If there is no such model, or its file is damaged.
    """
    return Model(*load_weights(find_weights(path_or_name)))


class Model:
    """A trained model, in the units of its corpus.

    Parameters
    ----------
    network : SketchModel
    card : Card
    """

    def __init__(self, network: SketchModel, card: Card) -> None:
        self.network = network
        self.card = card

    @property
    def conditional(self) -> bool:
        """Whether the model can encode drawings."""
        return self.network.conditional

    # Point by point ------------------------------------------------------------------------------

    @torch.no_grad()
    def begin(self, batch_size: int = 1, z: Tensor | None = None, labels: Tensor | None = None) -> State:
        """Give the state before the first point; see :meth:`SketchModel.begin`."""
        return self.network.begin(batch_size, z, labels)

    @torch.no_grad()
    def step(self, point: Tensor, state: State) -> tuple[Mixture, State]:
        """Take one point ``(B, 5)`` in model units; see :meth:`SketchModel.step`.

        The parameters have ``pi, mu_x, mu_y, sigma_x, sigma_y, rho`` of shape ``(B, M)`` and the
        probabilities ``pen`` of shape ``(B, 3)``: down, lift, end.
        """
        return self.network.step(point.float(), state)

    # Drawings ------------------------------------------------------------------------------------

    def sample(
        self,
        n: int = 1,
        *,
        taste: Taste | None = None,
        temperature: float | None = None,
        label: str | None = None,
        seed: int = 0,
        max_points: int | None = None,
        callback: Callback | None = None,
    ) -> list[Drawing]:
        """Draw ``n`` drawings; a conditional model takes z from N(0, 1).

        Parameters
        ----------
        n : int
        taste : Taste, optional
        temperature : float, optional
            In short for ``Taste(temperature=...)``.
        label : str, optional
            The class to draw, for a model that is told classes; any of them unless given.
        seed : int
        max_points : int, optional
            N_max of the corpus unless given.
        callback : callable, optional
            Called after every step with its index and the points ``(B, 5)`` in model units.
        """
        generator = self._generator(seed)
        z = self._noise(n, generator) if self.conditional else None
        labels = label_numbers([label] * n, self._told, generator)
        return self._draw(n, z, labels, _taste(taste, temperature), generator, max_points, callback)

    def decode(
        self,
        z: Tensor,
        *,
        taste: Taste | None = None,
        temperature: float | None = None,
        label: str | Sequence[str | None] | None = None,
        seed: int = 0,
        max_points: int | None = None,
        callback: Callback | None = None,
    ) -> list[Drawing]:
        """Draw latents of shape ``(B, Z)``; options as in :meth:`sample`, or a label for each."""
        self._need_encoder("draw from latents")
        generator = self._generator(seed)
        each = [label] * len(z) if label is None or isinstance(label, str) else list(label)
        labels = label_numbers(each, self._told, generator)
        return self._draw(len(z), z, labels, _taste(taste, temperature), generator, max_points, callback)

    @torch.no_grad()
    def encode(self, drawings: Sequence[Drawing], *, unit: float | None = None) -> Tensor:
        """Give z = mu of each drawing, ``(B, Z)``.

        Parameters
        ----------
        drawings : sequence of Drawing
            In any units, and simplified here as the corpus is.
        unit : float, optional
            Units of the page that make one unit of the corpus, 1 for drawings of the corpus itself; found
            for each drawing by its size unless given, see :func:`limner.sampling.ink.frame_of`.

        Raises
        ------
        LimnerError
            If the model is a decoder alone.
        """
        self._need_encoder("encode drawings")
        rows = [to_model(d, self._frame(d, unit)) for d in drawings]
        parts = [rows[k : k + ENCODE_BATCH] for k in range(0, len(rows), ENCODE_BATCH)]
        batches = (pad_batch(part, scale_factor=1.0).to(self._device) for part in parts)
        found = [self.network.encode(batch).mu for batch in batches]
        return torch.cat(found) if found else torch.zeros(0, self.card.config.latent_size)

    def reconstruct(
        self,
        drawings: Sequence[Drawing],
        *,
        taste: Taste | None = None,
        temperature: float | None = None,
        seed: int = 0,
        unit: float | None = None,
    ) -> list[Drawing]:
        """Encode drawings (z = mu) and draw them again, each by its class where the model knows it.

        Options as in :meth:`sample` and :meth:`encode`.
        """
        z = self.encode(drawings, unit=unit)
        known = [drawing.label if drawing.label in self._told else None for drawing in drawings]
        redrawn = self.decode(z, taste=taste, temperature=temperature, label=known, seed=seed)
        return [new.replace(label=old.label) for new, old in zip(redrawn, drawings, strict=True)]

    def complete(
        self,
        beginning: Drawing,
        n: int = 1,
        *,
        taste: Taste | None = None,
        temperature: float | None = None,
        label: str | None = None,
        seed: int = 0,
        max_points: int | None = None,
        lift: bool = True,
        unit: float | None = None,
        callback: Callback | None = None,
    ) -> list[Drawing]:
        """Finish a partial drawing in ``n`` ways. The ink given stays as it is; new strokes follow.

        Parameters
        ----------
        beginning : Drawing
            In any units: see :func:`limner.sampling.ink.frame_of`.
        n : int
        taste, temperature, label, seed, max_points, callback
            As in :meth:`sample`; ``max_points`` counts the beginning too.
        lift : bool
            Whether the pen was lifted after the last point; else its stroke goes on.
        unit : float, optional
            Units of the page that make one unit of the corpus.
        """
        frame = self._frame(beginning, unit, PARTIAL)
        rows = to_model(beginning, frame)
        z = self.network.encode(pad_batch([rows], scale_factor=1.0)).mu if self.conditional else None
        if not lift:
            rows[-1, 2] = 0
        room = max(1, (max_points or self.card.n_max) - len(rows))
        generator = self._generator(seed)
        endings = complete(
            self.network, rows, n, z=z, labels=label_numbers([label], self._told, generator),
            taste=_taste(taste, temperature), generator=generator, max_points=room, callback=callback,
        )  # fmt: skip
        return [_joined(beginning, ending, frame, lift) for ending in endings]

    def interpolate(
        self,
        a: Drawing,
        b: Drawing,
        steps: int = 10,
        *,
        way: Way = "slerp",
        taste: Taste | None = None,
        temperature: float | None = None,
        label: str | None = None,
        seed: int = 0,
        unit: float | None = None,
    ) -> list[Drawing]:
        """Morph ``a`` into ``b`` in ``steps`` drawings, both ends redrawn by the model too.

        Every step starts from the same random numbers, so that only z changes between them; options as in
        :meth:`sample` and :meth:`encode`.
        """
        ends = self.encode([a, b], unit=unit)
        path = path_between(ends[0], ends[1], steps, way)
        options = {"taste": _taste(taste, temperature), "label": label, "seed": seed}
        return [self.decode(z[None], **options)[0] for z in path]  # type: ignore[arg-type]

    # ---------------------------------------------------------------------------------------------

    @property
    def _device(self) -> torch.device:
        return next(self.network.parameters()).device

    def _generator(self, seed: int) -> torch.Generator:
        return torch.Generator(self._device).manual_seed(seed)

    def _noise(self, n: int, generator: torch.Generator) -> Tensor:
        return torch.randn(n, self.card.config.latent_size, generator=generator, device=self._device)

    @property
    def _told(self) -> tuple[str, ...]:
        """Names of the classes that the network is told."""
        return self.card.classes if self.network.config.classes else ()

    def _frame(self, drawing: Drawing, unit: float | None, share: float = 1.0) -> Frame:
        if not drawing.n_points:
            raise LimnerError("A drawing without strokes cannot be encoded or completed.")
        if unit is not None and not 0 < unit < math.inf:
            raise LimnerError(f"The unit of a drawing must be above 0, not {unit}.")
        return frame_of(drawing, self.card, unit, share)

    def _need_encoder(self, purpose: str) -> None:
        if not self.conditional:
            raise LimnerError(f"This model is a decoder alone and cannot {purpose}; train a conditional one.")

    def _draw(
        self, n: int, z: Tensor | None, labels: Tensor | None, taste: Taste, generator: torch.Generator,
        max_points: int | None, callback: Callback | None,
    ) -> list[Drawing]:  # fmt: skip
        rows = generate(
            self.network, n, z=z, labels=labels, taste=taste, generator=generator,
            max_points=max_points or self.card.n_max, callback=callback,
        )  # fmt: skip
        drawings = [Frame((0.0, 0.0), self.card.scale_factor).to_page(row) for row in rows]
        if labels is None:
            return drawings
        return [d.replace(label=self._told[k]) for d, k in zip(drawings, labels.tolist(), strict=True)]


def _taste(taste: Taste | None, temperature: float | None) -> Taste:
    taste = taste or Taste()
    return taste if temperature is None else replace(taste, temperature=temperature)


def _joined(beginning: Drawing, ending: NDArray[np.float32], frame: Frame, lift: bool) -> Drawing:
    """Put the new strokes behind the old; without a lift the first of them goes on with the last of these."""
    last = beginning.points[-1]
    new = Frame((float(last[0]), float(last[1])), frame.unit).to_page(ending).strokes
    old = beginning.strokes
    if not lift and new:
        return beginning.replace(strokes=(*old[:-1], np.concatenate([old[-1], new[0]]), *new[1:]))
    return beginning.replace(strokes=(*old, *new))
