"""A sequence through an LSTM, with or without layer normalisation, as one operation with its own gradient.

Letters: ``B`` batch, ``T`` points, ``X`` width of the input, ``H`` units.
"""

from __future__ import annotations

from ctypes import Structure, c_float, c_int64, c_void_p
from typing import Any

import torch
from torch import Tensor
from torch.autograd.function import once_differentiable

from limner.models.engine.kernels import (
    allocate_states,
    check_first_backward,
    fill_task,
    outer_products,
    pack_weight,
    real_indices,
    run,
    split_batch,
)

NORM = ("gamma", "beta", "gamma_c", "beta_c")


class _LSTMTask(Structure):
    """Arguments of the kernels; the names of the fields are theirs."""

    _fields_ = [
        *((name, c_int64) for name in ("batch", "inputs", "size")),
        *((name, c_void_p) for name in ("x", "constant", "panels", "keep")),
        ("keep_scale", c_float),
        *((name, c_void_p) for name in (*NORM, "h", "c", "gates", "scales")),
        *((name, c_void_p) for name in ("dh", "dh_first", "dc_first", "dconstant")),
        *((name, c_void_p) for name in (f"d{name}" for name in NORM)),
    ]


def lstm_sequence(
    x: Tensor, constant: Tensor, w_x: Tensor, w_h: Tensor, h: Tensor, c: Tensor, lengths: Tensor,
    *, keep: Tensor | None = None, keep_probability: float = 1.0, norm: tuple[Tensor, ...] = (),
) -> Tensor:  # fmt: skip
    """Run an LSTM over whole drawings.

    Parameters
    ----------
    x : Tensor of shape ``(T, B, X)``
    constant : Tensor of shape ``(B, 4 H)``
        Added to the sums of the gates i, j, f, o at every point.
    w_x, w_h : Tensor of shape ``(X, 4 H)``, ``(H, 4 H)``
    h, c : Tensor of shape ``(B, H)``
        The state before the first point.
    lengths : int64 Tensor of shape ``(B,)``
        Points of each drawing; what lies behind is not computed and is zero.
    keep : bool Tensor of shape ``(T, B, H)``, optional
        Units of the candidate that are kept; these are divided by ``keep_probability``.
    norm : Tensors of shape ``(4 H,)``, ``(4 H,)``, ``(H,)``, ``(H,)``
        gamma and beta of the gates, and of c; none in a plain cell.

    Returns
    -------
    Tensor of shape ``(T, B, H)``
        h after every point, in float32; all tensors are on the CPU.
    """
    inputs = (tensor.float() for tensor in (x, constant, w_x, w_h, h, c))
    outputs: Tensor = _LSTMSequence.apply(  # type: ignore[no-untyped-call]
        *inputs, lengths, keep, keep_probability, *norm
    )
    return outputs


class _LSTMSequence(torch.autograd.Function):
    @staticmethod
    def forward(
        ctx: Any, x: Tensor, constant: Tensor, w_x: Tensor, w_h: Tensor, h: Tensor, c: Tensor,
        lengths: Tensor, keep: Tensor | None, keep_probability: float, *norm: Tensor,
    ) -> Tensor:  # fmt: skip
        points, batch, _ = x.shape
        ctx.arrays = {
            "x": x.contiguous(), "constant": constant.contiguous(), "keep": keep,
            "h": allocate_states(h, points), "c": allocate_states(c, points),
            "gates": torch.empty(points, batch, w_h.shape[1]), "scales": torch.empty(points, batch, 4),
            **{name: value.contiguous() for name, value in zip(NORM, norm, strict=False)},
        }  # fmt: skip
        ctx.shares, ctx.indices = split_batch(lengths), real_indices(lengths, points)
        ctx.keep_scale = 1 / keep_probability
        ctx.save_for_backward(w_x, w_h)
        panels = pack_weight(torch.cat([w_x, w_h]))
        run("lstm_forward", [_task(ctx, panels=panels) for _ in ctx.shares], ctx.shares)
        outputs: Tensor = ctx.arrays["h"][1:]
        return outputs

    @staticmethod
    @once_differentiable
    def backward(ctx: Any, dh: Tensor) -> tuple[Tensor | None, ...]:
        w_x, w_h = ctx.saved_tensors
        check_first_backward(ctx)
        gradients = _gradients(ctx, dh.contiguous(), w_h)
        arrays = ctx.arrays
        dsums = arrays["gates"].flatten(0, 1)  # (T B, 4 H)
        dw_x = outer_products(arrays["x"].flatten(0, 1), dsums, ctx.indices)
        dw_h = outer_products(arrays["h"][:-1].flatten(0, 1), dsums, ctx.indices)
        dx = None
        if ctx.needs_input_grad[0]:
            dx = torch.zeros(len(dsums), len(w_x))  # (T B, X)
            dx[ctx.indices] = (dsums[ctx.indices] @ w_x.T).float()
            dx = dx.view_as(arrays["x"])
        ctx.arrays = None  # the gradients of the sums have overwritten the gates
        first = (gradients["dconstant"], dw_x, dw_h, gradients["dh_first"], gradients["dc_first"])
        norms = (gradients[f"d{name}"] for name in NORM if f"d{name}" in gradients)
        return (dx, *first, None, None, None, *norms)


def _gradients(ctx: Any, dh: Tensor, w_h: Tensor) -> dict[str, Tensor]:
    """Run the backward kernel and return its gradients; those of gamma and beta are summed over cores."""
    _, batch, _ = dh.shape
    size, wide = w_h.shape
    gradients = {
        "dh_first": torch.zeros(batch, size),
        "dc_first": torch.zeros(batch, size),
        "dconstant": torch.zeros(batch, wide),
    }
    normed = [f"d{name}" for name in NORM if name in ctx.arrays]
    own = [{name: torch.zeros_like(ctx.arrays[name[1:]]) for name in normed} for _ in ctx.shares]
    panels = pack_weight(w_h.T)
    run("lstm_backward", [_task(ctx, panels=panels, dh=dh, **gradients, **mine) for mine in own], ctx.shares)
    return {**gradients, **{name: torch.stack([mine[name] for mine in own]).sum(0) for name in normed}}


def _task(ctx: Any, **more: Tensor) -> _LSTMTask:
    """Return the arguments of a kernel."""
    _, batch, inputs = ctx.arrays["x"].shape
    size, scale = ctx.arrays["h"].shape[-1], ctx.keep_scale
    return fill_task(_LSTMTask, ctx.arrays | more, batch=batch, inputs=inputs, size=size, keep_scale=scale)
