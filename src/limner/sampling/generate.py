"""Generation: a network draws point by point.

Letters: ``B`` drawings, ``A`` those of them that have not ended, ``Z`` latent, ``T`` points.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from limner.errors import LimnerError
from limner.models.mixture import Mixture
from limner.models.protocol import SketchModel
from limner.models.state import State
from limner.sampling.config import SamplingConfig
from limner.strokes.formats import END_TOKEN, START_TOKEN

Callback = Callable[[int, Tensor], None]
"""Called after every step with its index and the points ``(B, 5)`` in model units."""

FARTHEST = 1e15
"""Largest offset: float32 holds its products with any scale factor."""
TOO_LARGE = (
    "The model says numbers that nothing can be drawn of: its weights are too large, or the temperature is; "
    "try a lower temperature, or import or train the model again."
)
TINY = 1e-30
"""Least temperature that float32 can divide by."""
COMPACT_AT = 0.9
"""Share of a batch still drawing at which drawings that have ended are removed: copying the state then costs
less than a tenth of the steps that it saves."""


@dataclass(frozen=True)
class Among:
    """The drawings of a batch that have not ended."""

    size: int
    """B"""
    indices: Tensor | None = None
    """Their indices in the batch, int64 of shape ``(A,)``; None for all."""

    def of(self, values: Tensor) -> Tensor:
        """Return their rows, ``(A, ...)``, of ``(B, ...)``."""
        return values if self.indices is None else values[self.indices]

    def keep(self, rows: Tensor) -> Among:
        """Return those of them at some rows, an int64 Tensor."""
        return Among(self.size, rows if self.indices is None else self.indices[rows])


def choose_point(
    mixture: Mixture, sampling_config: SamplingConfig, generator: torch.Generator, among: Among | None = None
) -> Tensor:
    """Sample the next point of each drawing, ``(B, 5)``: its pen state, then its offset.

    Parameters
    ----------
    mixture : Mixture
    sampling_config : SamplingConfig
    generator : torch.Generator
    among : Among, optional
        The indices of these drawings in a larger batch, for all of which random numbers are generated: so a
        drawing does not depend on which others have ended.

    Notes
    -----
    Source: Ha and Eck 2017, section 3.3 (``paper``); the code of sketch-rnn (``magenta``) and of
    sketch-rnn-js (``js``).

    Raises
    ------
    LimnerError
        If parameters of the mixture are not finite.
    """
    among = among or Among(len(mixture.log_pi))
    if sampling_config.greedy:
        pen = mixture.log_pen.argmax(-1)  # (B,)
        component = mixture.log_pi_given(pen).argmax(-1, keepdim=True)  # (B, 1)
    else:
        pen = _categorical(mixture.log_pen, sampling_config, generator, among).squeeze(-1)  # (B,)
        component = _categorical(mixture.log_pi_given(pen), sampling_config, generator, among)  # (B, 1)
    mu, sigma, rho = _component(mixture, component)  # (B, 2), (B, 2), (B, 1)
    offset = (
        mu
        if sampling_config.greedy
        else mu + sampling_config.sigma_scale * sigma * _correlated_normal(rho, generator, among)
    )
    state = torch.nn.functional.one_hot(pen, 3).to(offset.dtype)  # (B, 3)
    return torch.cat([offset, state], dim=-1)


@torch.no_grad()
def stream(
    network: SketchModel, state: State, point: Tensor, sampling_config: SamplingConfig,
    generator: torch.Generator, max_points: int, points_before: int = 0,
) -> Iterator[Tensor]:  # fmt: skip
    """Yield the points that follow ``point``, each of shape ``(B, 5)``, until every drawing has ended.

    A drawing that has ended continues as end rows ``(0, 0, 0, 0, 1)``, for which the network does not run.

    Parameters
    ----------
    network : SketchModel
    state : State
        As it was before ``point`` was taken.
    point : Tensor of shape ``(B, 5)``
        The last given point: the start token, or the end of a beginning.
    sampling_config : SamplingConfig
    generator : torch.Generator
    max_points : int
        Points to yield at most.
    points_before : int
        Points of the beginning, which count towards ``sampling_config.min_points``.
    """
    ended = point.new_tensor(END_TOKEN).expand(len(point), 5)  # (B, 5)
    among = Among(len(point))
    over = torch.zeros(len(point), dtype=torch.bool, device=point.device)  # (A,)
    for count in range(points_before, points_before + max_points):
        mixture, state = network.step(point, state)
        if count < sampling_config.min_points:
            mixture = mixture.without_end()
        point = choose_point(mixture, sampling_config, generator, among)  # (A, 5)
        over = over | (point[:, 4] == 1)
        point = torch.where(over.unsqueeze(-1), ended[: len(point)], point)
        yield point if among.indices is None else ended.index_copy(0, among.indices, point)
        going = (~over).nonzero().squeeze(1)
        if not len(going):
            return
        if len(going) <= COMPACT_AT * len(over):
            among = among.keep(going)
            over, point = over[going], point[going]
            state = {name: value[going] for name, value in state.items()}


def start_tokens(batch_size: int, sampling_config: SamplingConfig, reference: Tensor) -> Tensor:
    """Return the first input of a network, ``(B, 5)``: the start token, but zeros for ``js``."""
    js = sampling_config.convention == "js"
    token = reference.new_zeros(5) if js else reference.new_tensor(START_TOKEN)
    return token.expand(batch_size, 5)


def generate(
    network: SketchModel,
    n: int,
    *,
    z: Tensor | None = None,
    labels: Tensor | None = None,
    sampling_config: SamplingConfig,
    generator: torch.Generator,
    max_points: int,
    callback: Callback | None = None,
) -> list[NDArray[np.float32]]:
    """Return ``n`` drawings, drawn in one batch.

    Parameters
    ----------
    network : SketchModel
    n : int
        B
    z : Tensor of shape ``(B, Z)``, optional
        Latents, for a conditional network.
    labels : int64 Tensor of shape ``(B,)``, optional
        Classes, for a network that is conditioned on them.
    sampling_config : SamplingConfig
    generator : torch.Generator
    max_points : int
        A drawing that has not ended by then is cut there.
    callback : callable, optional
        Called after every step.

    Returns
    -------
    list of float32 arrays of shape ``(T, 3)``
        stroke-3 rows in model units, without the end row.
    """
    with torch.no_grad():
        state = network.begin(n, z, labels)
    first = start_tokens(n, sampling_config, next(network.parameters()))
    return collect(stream(network, state, first, sampling_config, generator, max_points), n, callback)


def collect(points: Iterator[Tensor], n: int, callback: Callback | None = None) -> list[NDArray[np.float32]]:
    """Return a stream of points as stroke-3 rows, ``(T, 3)`` for each drawing, without its end row.

    Raises
    ------
    LimnerError
        If a point is not finite, or too far away to be drawn.
    """
    steps = []
    for index, point in enumerate(points):
        if callback is not None:
            callback(index, point)
        steps.append(point)
    if not steps:
        return [np.zeros((0, 3), np.float32)] * n
    rows = torch.stack(steps, dim=1).cpu().numpy()  # (B, T, 5)
    if not (np.abs(rows) <= FARTHEST).all():
        raise LimnerError(TOO_LARGE)
    return [row[row[:, 4] == 0][:, [0, 1, 3]] for row in rows]


def _categorical(
    logits: Tensor, sampling_config: SamplingConfig, generator: torch.Generator, among: Among
) -> Tensor:
    """Sample an index of the last dimension from logits, ``(A, 1)``.

    The largest of the probabilities, each divided by an exponential random number, is entry k with
    probability k (the Gumbel-max trick; torch.multinomial does the same).
    """
    below = logits - logits.amax(-1, keepdim=True)  # 0 at the likeliest, so that no division overflows
    if not bool(below.isfinite().all()):
        raise LimnerError(TOO_LARGE)
    probabilities = _nucleus(
        (below / max(sampling_config.logit_temperature, TINY)).softmax(-1), sampling_config.nucleus
    )
    arrivals = logits.new_empty(among.size, logits.shape[-1]).exponential_(generator=generator)  # (B, ...)
    return (probabilities / among.of(arrivals)).argmax(-1, keepdim=True)


def _nucleus(probabilities: Tensor, top_p: float) -> Tensor:
    """Return probabilities, 0 outside of the smallest set of the likeliest entries that reaches ``top_p``.

    The likeliest one always stays. Source: Holtzman et al. 2020, nucleus sampling, there over words.
    """
    if top_p >= 1:
        return probabilities
    falling, order = probabilities.sort(dim=-1, descending=True)
    beyond = falling.cumsum(-1) - falling >= top_p  # likelier entries reach it already
    return probabilities.masked_fill(torch.zeros_like(beyond).scatter(-1, order, beyond), 0.0)


def _component(mixture: Mixture, component: Tensor) -> tuple[Tensor, Tensor, Tensor]:
    """Return means ``(A, 2)``, sigmas ``(A, 2)`` and correlations ``(A, 1)`` of components ``(A, 1)``."""

    def pick(values: Tensor) -> Tensor:
        return values.gather(-1, component)  # (B, 1)

    mu = torch.cat([pick(mixture.mu_x), pick(mixture.mu_y)], dim=-1)
    sigma = torch.cat([pick(mixture.log_sigma_x), pick(mixture.log_sigma_y)], dim=-1).exp()
    return mu, sigma, pick(mixture.atanh_rho).tanh()


def _correlated_normal(rho: Tensor, generator: torch.Generator, among: Among) -> Tensor:
    """Sample pairs of standard normal numbers with correlation rho, ``(A, 2)``."""
    noise = among.of(torch.randn(among.size, 2, generator=generator, device=rho.device))
    x, y = noise[:, :1], noise[:, 1:]
    return torch.cat([x, rho * x + (1 - rho.square()).sqrt() * y], dim=-1)
