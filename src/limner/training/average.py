"""An exponential moving average of the weights."""

from __future__ import annotations

from copy import deepcopy

from torch.optim.swa_utils import get_ema_multi_avg_fn

from limner.models.protocol import SketchModel


def begin_average(network: SketchModel) -> SketchModel:
    """Return a copy of a network that takes no gradients."""
    copy = deepcopy(network)
    copy.requires_grad_(False)
    return copy


def update_average(average: SketchModel, network: SketchModel, decay: float, step: int) -> None:
    """Move an average towards the weights by ``1 - decay``, and by more in the first steps.

    Buffers are copied.


    Parameters
    ----------
    average, network : SketchModel
    decay : float
        From 0 to below 1; at most (1 + step) / (10 + step), so that the random beginning is soon forgotten
        (the bound of TensorFlow's ``ExponentialMovingAverage``).
    step : int
        Steps done.
    """
    blend = get_ema_multi_avg_fn(min(decay, (1 + step) / (10 + step)))  # type: ignore[no-untyped-call]
    blend(list(average.parameters()), list(network.parameters()), step)
    for averaged, current in zip(average.buffers(), network.buffers(), strict=True):
        averaged.copy_(current)
