"""A model ready to draw: a network, what its card says, and drawings in and out.

Letters: ``B`` drawings, ``Z`` latent.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import torch
from torch import Tensor

from limner.models.batch import pad_batch
from limner.models.config import WhichWeights
from limner.models.mixture import Mixture
from limner.models.state import State
from limner.models.weights import find_weights, load_weights
from limner.sampling.complete import complete, room_for
from limner.sampling.config import SamplingConfig, resolve_sampling_config
from limner.sampling.generate import Callback, generate
from limner.sampling.interpolate import Way, path_between
from limner.sampling.labels import label_numbers
from limner.sampling.page_frame import PARTIAL, Frame, joined, to_model
from limner.sampling.reader import Reader
from limner.strokes.drawing import Drawing


def load_model(path_or_name: str | Path, *, weights: WhichWeights = "best") -> Model:
    """Load a model for drawing.

    Parameters
    ----------
    path_or_name : str or Path
        A run folder, a ``.safetensors`` file, or the name of a model that ships with the package.
    weights : "best" or "last"
        Of a run folder: those of its best validation, or of its last one.

    Raises
    ------
    LimnerError
        If there is no such model, or its file is damaged.
    """
    return Model(*load_weights(find_weights(path_or_name, weights)))


class Model(Reader):
    """A trained model, in the units of its corpus; what it reads is with :class:`Reader`.

    Parameters
    ----------
    network : SketchModel
    card : Card
    """

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
        sampling_config: SamplingConfig | None = None,
        temperature: float | None = None,
        label: str | None = None,
        seed: int = 0,
        max_points: int | None = None,
        callback: Callback | None = None,
    ) -> list[Drawing]:
        """Draw ``n`` drawings; a conditional model takes z as the network's prior has it.

        Parameters
        ----------
        n : int
        sampling_config : SamplingConfig, optional
        temperature : float, optional
            In short for ``SamplingConfig(temperature=...)``.
        label : str, optional
            The class to draw, for a model that is told classes; any of them unless given.
        seed : int
        max_points : int, optional
            N_max of the corpus unless given.
        callback : callable, optional
            Called after every step with its index and the points ``(B, 5)`` in model units.
        """
        generator = self._generator(seed)
        z = self._any_z(n, generator) if self.conditional else None
        labels = label_numbers([label] * n, self._told, generator)
        return self._draw(
            n,
            z,
            labels,
            resolve_sampling_config(sampling_config, temperature),
            generator,
            max_points,
            callback,
        )

    def decode(
        self,
        z: Tensor,
        *,
        sampling_config: SamplingConfig | None = None,
        temperature: float | None = None,
        label: str | Sequence[str | None] | None = None,
        seed: int = 0,
        max_points: int | None = None,
        callback: Callback | None = None,
    ) -> list[Drawing]:
        """Draw latents of shape ``(B, Z)``; options as in :meth:`sample`, or a label for each."""
        self.need_encoder("draw from latents")
        generator = self._generator(seed)
        each = [label] * len(z) if label is None or isinstance(label, str) else list(label)
        labels = label_numbers(each, self._told, generator)
        return self._draw(
            len(z),
            z,
            labels,
            resolve_sampling_config(sampling_config, temperature),
            generator,
            max_points,
            callback,
        )

    def reconstruct(
        self,
        drawings: Sequence[Drawing],
        *,
        sampling_config: SamplingConfig | None = None,
        temperature: float | None = None,
        seed: int = 0,
        unit: float | None = None,
    ) -> list[Drawing]:
        """Encode drawings (z = mu) and draw them again, each by its class where the model knows it.

        Options as in :meth:`sample` and :meth:`encode`.
        """
        z = self.encode(drawings, unit=unit)
        known = [self._class_of(drawing) for drawing in drawings]
        redrawn = self.decode(
            z, sampling_config=sampling_config, temperature=temperature, label=known, seed=seed
        )
        return [new.replace(label=old.label) for new, old in zip(redrawn, drawings, strict=True)]

    def complete(
        self,
        beginning: Drawing,
        n: int = 1,
        *,
        sampling_config: SamplingConfig | None = None,
        temperature: float | None = None,
        label: str | None = None,
        seed: int = 0,
        max_points: int | None = None,
        lift: bool = True,
        unit: float | None = None,
        callback: Callback | None = None,
    ) -> list[Drawing]:
        """Finish a partial drawing in ``n`` ways. The ink given stays as it is; new strokes follow.

        Where the model ends at once, nothing follows, and the drawing has no more points than its beginning.

        Parameters
        ----------
        beginning : Drawing
            In any units: see :func:`limner.sampling.page_frame.frame_of`.
        n : int
        sampling_config, temperature, seed, max_points, callback
            As in :meth:`sample`; ``max_points`` counts the beginning too. Unless it is given, a third of the
            longest drawing of the corpus may follow even a beginning that is as long as that.
        label : str, optional
            As in :meth:`sample`; the class of the beginning, if the model is told it, unless given.
        lift : bool
            Whether the pen was lifted after the last point; else its stroke goes on.
        unit : float, optional
            Units of the page that make one unit of the corpus.
        """
        frame = self.frame(beginning, unit, PARTIAL)
        rows = to_model(beginning, frame)
        z = self.network.encode(pad_batch([rows], scale_factor=1.0)).mu if self.conditional else None
        if not lift:
            rows[-1, 2] = 0
        room = room_for(self.card, len(rows), max_points)
        generator = self._generator(seed)
        labels = label_numbers([label or self._class_of(beginning)], self._told, generator)
        endings = complete(
            self.network,
            rows,
            n,
            z=z,
            labels=labels,
            sampling_config=resolve_sampling_config(sampling_config, temperature),
            generator=generator,
            max_points=room,
            callback=callback,
        )
        return [joined(beginning, ending, frame, lift=lift) for ending in endings]

    def interpolate(
        self,
        a: Drawing,
        b: Drawing,
        steps: int = 10,
        *,
        way: Way = "slerp",
        sampling_config: SamplingConfig | None = None,
        temperature: float | None = None,
        label: str | None = None,
        seed: int = 0,
        unit: float | None = None,
    ) -> list[Drawing]:
        """Morph ``a`` into ``b`` in ``steps`` drawings, both ends redrawn by the model too.

        Every step starts from the same random numbers, so that only z changes between them; options as in
        :meth:`sample` and :meth:`encode`. The class, unless given, is that of both if they share one.
        """
        ends = self.encode([a, b], unit=unit)
        path = path_between(ends[0], ends[1], steps, way)
        shared = label or (self._class_of(a) if a.label == b.label else None)
        options = {
            "sampling_config": resolve_sampling_config(sampling_config, temperature),
            "label": shared,
            "seed": seed,
        }
        return [self.decode(z[None], **options)[0] for z in path]  # type: ignore[arg-type]

    # ---------------------------------------------------------------------------------------------

    def _generator(self, seed: int) -> torch.Generator:
        return torch.Generator(self.device).manual_seed(seed)

    @torch.no_grad()
    def _any_z(self, n: int, generator: torch.Generator) -> Tensor:
        """Draw latents such as drawings have, ``(B, Z)``."""
        noise = torch.randn(n, self.card.config.latent_size, generator=generator, device=self.device)
        return self.network.prior(noise)

    @property
    def _told(self) -> tuple[str, ...]:
        """Names of the classes that the network is told."""
        return self.card.classes if self.network.config.classes else ()

    def _class_of(self, drawing: Drawing) -> str | None:
        """Give a drawing's class, if the network is told it."""
        return drawing.label if drawing.label in self._told else None

    def _draw(
        self,
        n: int,
        z: Tensor | None,
        labels: Tensor | None,
        sampling_config: SamplingConfig,
        generator: torch.Generator,
        max_points: int | None,
        callback: Callback | None,
    ) -> list[Drawing]:
        rows = generate(
            self.network, n, z=z, labels=labels, sampling_config=sampling_config, generator=generator,
            max_points=max_points or self.card.n_max, callback=callback,
        )  # fmt: skip
        drawings = [Frame((0.0, 0.0), self.card.scale_factor).to_page(row) for row in rows]
        if labels is None:
            return drawings
        return [d.replace(label=self._told[k]) for d, k in zip(drawings, labels.tolist(), strict=True)]
