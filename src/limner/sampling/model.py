"""``Model``: a network with its card, which takes and returns drawings.

Letters: ``B`` drawings, ``Z`` latent.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from pathlib import Path

import torch
from torch import Tensor

from limner.models.batch import pad_batch
from limner.models.config import WhichWeights
from limner.models.mixture import Mixture
from limner.models.protocol import SketchModel
from limner.models.remembered import RememberedDrawings
from limner.models.state import State
from limner.models.weights import Card, find_weights, load_with_memory
from limner.sampling.complete import complete, points_left
from limner.sampling.config import SamplingConfig, resolve_sampling_config
from limner.sampling.drawing_encoder import DrawingEncoder
from limner.sampling.generate import Callback, generate
from limner.sampling.guidance import guided
from limner.sampling.interpolate import Interpolation, interpolate_latents
from limner.sampling.labels import label_numbers
from limner.sampling.memory import MemoryNetwork, remember
from limner.sampling.page_frame import PARTIAL, Frame, append_ending, to_model_rows
from limner.settings import from_dict
from limner.strokes.drawing import Drawing


def load_model(path_or_name: str | Path, *, weights: WhichWeights = "best") -> Model:
    """Return a model, ready to sample from.

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
    path = find_weights(path_or_name, weights)
    network, card, remembered = load_with_memory(path)
    from_dict(SamplingConfig, card.sampling, where=str(path))  # refuses here, where the file has a name
    return Model(network, card, remembered)


class Model(DrawingEncoder):
    """A trained model, in the units of its corpus; see :class:`DrawingEncoder` for how it encodes.

    Parameters
    ----------
    network : SketchModel
    card : Card
    remembered : RememberedDrawings, optional
        What it draws goes on as these do (:mod:`limner.sampling.memory`); :meth:`step` does not.
    """

    def __init__(
        self, network: SketchModel, card: Card, remembered: RememberedDrawings | None = None
    ) -> None:
        super().__init__(network, card)
        self.remembered = remembered

    @property
    def sampling_config(self) -> SamplingConfig:
        """How the model draws best, as its card says."""
        return from_dict(SamplingConfig, self.card.sampling, where="The sampling of this model")

    def drawing_network(self, sampling_config: SamplingConfig | None = None) -> SketchModel:
        """Return the network with what is remembered, and with the guidance of a configuration."""
        return guided(self._with_memory, sampling_config or self.sampling_config, self._class_names)

    # Point by point ------------------------------------------------------------------------------

    @torch.no_grad()
    def begin(self, batch_size: int = 1, z: Tensor | None = None, labels: Tensor | None = None) -> State:
        """Return the state before the first point; see :meth:`SketchModel.begin`."""
        return self.network.begin(batch_size, z, labels)

    @torch.no_grad()
    def step(self, point: Tensor, state: State) -> tuple[Mixture, State]:
        """Take one point ``(B, 5)`` in model units; see :meth:`SketchModel.step`.

        The parameters have ``pi, mu_x, mu_y, sigma_x, sigma_y, rho``, ``(B, M)``, and ``pen``, ``(B, 3)``.
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
        """Return ``n`` drawings; a conditional model samples z from the network's prior.

        Parameters
        ----------
        n : int
        sampling_config : SamplingConfig, optional
            That of the model's card unless given, :attr:`sampling_config`.
        temperature : float, optional
            Replaces that of ``sampling_config``.
        label : str, optional
            The class, for a model that is conditioned on classes; at random unless given.
        seed : int
        max_points : int, optional
            N_max of the corpus unless given.
        callback : callable, optional
            Called after every step with its index and the points ``(B, 5)`` in model units.
        """
        generator = self._generator(seed)
        z = self._sample_z(n, generator) if self.conditional else None
        labels = self._labels([label] * n, generator)
        config = self._sampling(sampling_config, temperature)
        return self._draw(n, z, labels, config, generator, max_points, callback)

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
        """Return drawings of latents ``(B, Z)``; options as in :meth:`sample`, or a label for each."""
        self.need_encoder("draw from latents")
        generator = self._generator(seed)
        each = [label] * len(z) if label is None or isinstance(label, str) else list(label)
        labels = self._labels(each, generator)
        config = self._sampling(sampling_config, temperature)
        return self._draw(len(z), z, labels, config, generator, max_points, callback)

    def reconstruct(
        self,
        drawings: Sequence[Drawing],
        *,
        sampling_config: SamplingConfig | None = None,
        temperature: float | None = None,
        seed: int = 0,
        unit: float | None = None,
    ) -> list[Drawing]:
        """Encode drawings (z = mu) and decode them again, each by its class where the model knows it.

        Options as in :meth:`sample` and :meth:`encode`.
        """
        z = self.encode(drawings, unit=unit)
        known = [self._class_of(drawing) for drawing in drawings]
        redrawn = self.decode(
            z, sampling_config=sampling_config, temperature=temperature, label=known, seed=seed
        )
        return [new.replace(label=old.label) for new, old in zip(redrawn, drawings, strict=True)]

    def complete(
        self, beginning: Drawing, n: int = 1, *, sampling_config: SamplingConfig | None = None,
        temperature: float | None = None, label: str | None = None, seed: int = 0,
        max_points: int | None = None, lift: bool = True, unit: float | None = None,
        callback: Callback | None = None,
    ) -> list[Drawing]:  # fmt: skip
        """Return ``n`` completions of a partial drawing, whose own strokes stay as they are.

        Where the model ends at once, the drawing has no more points than its beginning.

        Parameters
        ----------
        beginning : Drawing
            In any units: see :func:`limner.sampling.page_frame.fit_frame`.
        n : int
        sampling_config, temperature, seed, max_points, callback
            As in :meth:`sample`; ``max_points`` counts the beginning too. Unless it is given, a third of the
            longest drawing of the corpus may follow even a beginning that is as long as that.
        label : str, optional
            As in :meth:`sample`; unless given the class of the beginning, if the model knows it.
        lift : bool
            Whether the pen was lifted after the last point; else its stroke continues.
        unit : float, optional
            Units of the page that make one unit of the corpus.
        """
        frame = self.frame(beginning, unit, PARTIAL)
        rows = to_model_rows(beginning, frame)
        z = self.network.encode(pad_batch([rows], scale_factor=1.0)).mu if self.conditional else None
        rows[-1, 2] = lift
        generator = self._generator(seed)
        config = self._sampling(sampling_config, temperature)
        endings = complete(
            self.drawing_network(config), rows, n, z=z,
            labels=self._labels([label or self._class_of(beginning)], generator),
            sampling_config=config, generator=generator,
            max_points=points_left(self.card, len(rows), max_points), callback=callback,
        )  # fmt: skip
        return [append_ending(beginning, ending, frame, lift=lift) for ending in endings]

    def interpolate(
        self,
        a: Drawing,
        b: Drawing,
        steps: int = 10,
        *,
        way: Interpolation = "slerp",
        sampling_config: SamplingConfig | None = None,
        temperature: float | None = None,
        label: str | None = None,
        seed: int = 0,
        unit: float | None = None,
    ) -> list[Drawing]:
        """Return ``steps`` drawings from ``a`` to ``b``, both ends decoded by the model too.

        Every step starts from the same random seed, so that only z changes between them; options as in
        :meth:`sample` and :meth:`encode`. The class, unless given, is that of both if they share one.
        """
        ends = self.encode([a, b], unit=unit)
        path = interpolate_latents(ends[0], ends[1], steps, way)
        shared = label or (self._class_of(a) if a.label == b.label else None)
        options = {
            "sampling_config": self._sampling(sampling_config, temperature),
            "label": shared,
            "seed": seed,
        }
        return [self.decode(z[None], **options)[0] for z in path]  # type: ignore[arg-type]

    # ---------------------------------------------------------------------------------------------

    def _sampling(self, sampling_config: SamplingConfig | None, temperature: float | None) -> SamplingConfig:
        return resolve_sampling_config(sampling_config, temperature, self.sampling_config)

    @cached_property
    def _with_memory(self) -> SketchModel:
        if self.remembered is None or isinstance(self.network, MemoryNetwork):
            return self.network
        labels = torch.tensor(self.remembered.labels) if self._class_names else None
        return remember(self.network, self.remembered.rows, labels=labels)

    def _generator(self, seed: int) -> torch.Generator:
        return torch.Generator(self.device).manual_seed(seed)

    @torch.no_grad()
    def _sample_z(self, n: int, generator: torch.Generator) -> Tensor:
        """Sample latents from the network's prior, ``(B, Z)``."""
        noise = torch.randn(n, self.card.config.latent_size, generator=generator, device=self.device)
        return self.network.prior(noise)

    @property
    def _class_names(self) -> tuple[str, ...]:
        """Names of the classes that the network is conditioned on."""
        return self.card.classes if self.network.config.classes else ()

    def _labels(self, names: Sequence[str | None], generator: torch.Generator) -> Tensor | None:
        return label_numbers(names, self._class_names, generator, self.card.own_classes)

    def _class_of(self, drawing: Drawing) -> str | None:
        """Return a drawing's class, if the network knows it."""
        return drawing.label if drawing.label in self._class_names else None

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
        drawn = generate(
            self.drawing_network(sampling_config), n, z=z, labels=labels, sampling_config=sampling_config,
            generator=generator, max_points=max_points or self.card.n_max, callback=callback,
        )  # fmt: skip
        drawings = [Frame((0.0, 0.0), self.card.scale_factor).to_page(rows) for rows in drawn]
        if labels is None:
            return drawings
        return [d.replace(label=self._class_names[k]) for d, k in zip(drawings, labels.tolist(), strict=True)]
