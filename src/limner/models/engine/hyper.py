"""A sequence through a HyperLSTM as one operation with its own gradient.

Letters: ``B`` batch, ``T`` points, ``X`` width of the input, ``H`` units, ``K`` units of the small cell,
``E`` embedding.
"""

from __future__ import annotations

from ctypes import Structure, c_float, c_int64, c_void_p
from dataclasses import dataclass, fields
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

_NORMS = ("gamma", "beta", "gamma_c", "beta_c", "small_gamma", "small_beta", "small_gamma_c", "small_beta_c")
_FIRST = ("h", "c", "small_h", "small_c")


@dataclass(frozen=True)
class HyperWeights:
    """Weights of the operation, and the state that it begins with."""

    constant: Tensor  # (B, 4 H), added to the products with x at every point
    small_constant: Tensor  # (B, 4 K), the same of the small cell
    w_x: Tensor  # (X, 4 H)
    w_h: Tensor  # (H, 4 H)
    bias: Tensor  # (4 H)
    small_x: Tensor  # (X, 4 K)
    small_w: Tensor  # (H + K, 4 K)
    embed: Tensor  # (K, 12 E): of eight factors and four shifts
    embed_bias: Tensor  # (12 E)
    out: Tensor  # (12, E, H)
    gamma: Tensor  # (4 H)
    beta: Tensor  # (4 H)
    gamma_c: Tensor  # (H)
    beta_c: Tensor  # (H)
    small_gamma: Tensor  # (4 K)
    small_beta: Tensor  # (4 K)
    small_gamma_c: Tensor  # (K)
    small_beta_c: Tensor  # (K)
    h: Tensor  # (B, H)
    c: Tensor  # (B, H)
    small_h: Tensor  # (B, K)
    small_c: Tensor  # (B, K)


_WEIGHTS = tuple(field.name for field in fields(HyperWeights))


class _HyperTask(Structure):
    """Arguments of the kernels; the names of the fields are theirs."""

    _fields_ = [
        *((name, c_int64) for name in ("batch", "inputs", "size", "small", "embedding")),
        *((name, c_void_p) for name in ("x", "constant", "small_constant", "bias", "embed_bias")),
        *((f"panels_{name}", c_void_p) for name in ("small", "x", "h", "embed", "out")),
        ("keep", c_void_p),
        ("keep_scale", c_float),
        *((name, c_void_p) for name in (*_NORMS, *_FIRST)),
        *((name, c_void_p) for name in ("from_x", "from_h", "gates", "small_gates")),
        *((name, c_void_p) for name in ("factors", "embedded", "scales", "small_scales")),
        ("dh", c_void_p),
        *((f"d{name}_first", c_void_p) for name in _FIRST),
        *((name, c_void_p) for name in ("dconstant", "dsmall_constant", "dembedded")),
        *((f"d{name}", c_void_p) for name in (*_NORMS, "bias", "embed_bias")),
    ]


def hyper_sequence(
    x: Tensor, weights: HyperWeights, lengths: Tensor,
    *, keep: Tensor | None = None, keep_probability: float = 1.0,
) -> Tensor:  # fmt: skip
    """Run a HyperLSTM over whole drawings.

    Parameters
    ----------
    x : Tensor of shape ``(T, B, X)``
    weights : HyperWeights
    lengths : int64 Tensor of shape ``(B,)``
        Points of each drawing; what lies behind is not computed and is zero.
    keep : bool Tensor of shape ``(T, B, H)``, optional
        Units of the large cell's candidate that are kept; these are divided by ``keep_probability``.

    Returns
    -------
    Tensor of shape ``(T, B, H)``
        h after every point, in float32; all tensors are on the CPU.
    """
    inputs = (getattr(weights, name).float() for name in _WEIGHTS)
    outputs: Tensor = _HyperSequence.apply(  # type: ignore[no-untyped-call]
        x.float(), lengths, keep, keep_probability, *inputs
    )
    return outputs


class _HyperSequence(torch.autograd.Function):
    @staticmethod
    def forward(
        ctx: Any, x: Tensor, lengths: Tensor, keep: Tensor | None, keep_probability: float, *tensors: Tensor
    ) -> Tensor:
        weights = HyperWeights(*tensors)
        ctx.arrays = {"x": x.contiguous(), "keep": keep, **_allocate(weights, *x.shape[:2])}
        ctx.shares, ctx.indices = split_batch(lengths), real_indices(lengths, len(x))
        ctx.keep_scale = 1 / keep_probability
        ctx.save_for_backward(*tensors)
        panels = {
            "small": pack_weight(torch.cat([weights.small_x, weights.small_w])),
            "x": pack_weight(weights.w_x),
            "h": pack_weight(weights.w_h),
            "embed": pack_weight(weights.embed),
            "out": torch.cat([pack_weight(part) for part in weights.out]),
        }
        run("hyper_forward", [_task(ctx, panels) for _ in ctx.shares], ctx.shares)
        outputs: Tensor = ctx.arrays["h"][1:]
        return outputs

    @staticmethod
    @once_differentiable
    def backward(ctx: Any, dh: Tensor) -> tuple[Tensor | None, ...]:
        weights = HyperWeights(*ctx.saved_tensors)
        check_first_backward(ctx)
        gradients = {**_run_backwards(ctx, weights, dh.contiguous()), **_weight_gradients(ctx, weights)}
        dx = None
        if ctx.needs_input_grad[0]:
            from_x, small = _flat(ctx, "from_x")[ctx.indices], _flat(ctx, "small_gates")[ctx.indices]
            dx = torch.zeros(ctx.arrays["x"].shape)
            dx.view(-1, dx.shape[2])[ctx.indices] = (
                from_x @ weights.w_x.T + small @ weights.small_x.T
            ).float()
        ctx.arrays = None  # the gradients have overwritten the values
        return (dx, None, None, None, *(gradients[name] for name in _WEIGHTS))


def _allocate(weights: HyperWeights, points: int, batch: int) -> dict[str, Tensor]:
    """Return the arrays that a sequence fills, and the first state."""
    size, small, wide = len(weights.w_h), weights.small_h.shape[1], weights.embed.shape[1]
    widths = {
        "from_x": 4 * size, "from_h": 4 * size, "gates": 4 * size, "small_gates": 4 * small,
        "factors": 8 * size, "embedded": wide, "dembedded": wide, "scales": 4, "small_scales": 4,
    }  # fmt: skip
    steady = ("constant", "small_constant", "bias", "embed_bias", *_NORMS)
    return {
        **{name: torch.empty(points, batch, width) for name, width in widths.items()},
        **{name: allocate_states(getattr(weights, name), points) for name in _FIRST},
        **{name: getattr(weights, name).contiguous() for name in steady},
    }


def _run_backwards(ctx: Any, weights: HyperWeights, dh: Tensor) -> dict[str, Tensor]:
    """Run the backward kernel and return the gradients that it sums itself."""
    batch_wise = {
        **{f"d{name}_first": torch.zeros_like(getattr(weights, name)) for name in _FIRST},
        **{f"d{name}": torch.zeros_like(ctx.arrays[name]) for name in ("constant", "small_constant")},
    }
    summed = (*_NORMS, "bias", "embed_bias")
    own = [{f"d{name}": torch.zeros_like(ctx.arrays[name]) for name in summed} for _ in ctx.shares]
    panels = {
        "small": pack_weight(weights.small_w.T),
        "h": pack_weight(weights.w_h.T),
        "embed": pack_weight(weights.embed.T),
        "out": torch.cat([pack_weight(part.T) for part in weights.out]),
    }
    tasks = [_task(ctx, panels, dh=dh, **batch_wise, **mine) for mine in own]
    run("hyper_backward", tasks, ctx.shares)
    gradients = {name[1:].removesuffix("_first"): value for name, value in batch_wise.items()}
    return {**gradients, **{name: torch.stack([mine[f"d{name}"] for mine in own]).sum(0) for name in summed}}


def _weight_gradients(ctx: Any, weights: HyperWeights) -> dict[str, Tensor]:
    """Return the gradients of the weights: products of their inputs and the gradients of their outputs."""
    x, h, small_h = _flat(ctx, "x"), ctx.arrays["h"], ctx.arrays["small_h"]
    before, small_before = h[:-1].flatten(0, 1), small_h[:-1].flatten(0, 1)
    sums, small_sums = _flat(ctx, "gates"), _flat(ctx, "small_gates")
    dfactors, embedded = _flat(ctx, "factors"), _flat(ctx, "embedded")
    size, width = h.shape[2], weights.out.shape[1]
    outputs = [*torch.split(dfactors, size, dim=1), *torch.split(sums, size, dim=1)]
    inputs = torch.split(embedded, width, dim=1)

    def product(left: Tensor, right: Tensor) -> Tensor:
        return outer_products(left, right, ctx.indices)

    return {
        "w_x": product(x, _flat(ctx, "from_x")),
        "w_h": product(before, _flat(ctx, "from_h")),
        "small_x": product(x, small_sums),
        "small_w": torch.cat([product(before, small_sums), product(small_before, small_sums)]),
        "embed": product(small_h[1:].flatten(0, 1), _flat(ctx, "dembedded")),
        "out": torch.stack([product(a, b) for a, b in zip(inputs, outputs, strict=True)]),
    }


def _flat(ctx: Any, name: str) -> Tensor:
    """Return an array as ``(T B, width)``."""
    flat: Tensor = ctx.arrays[name].flatten(0, 1)
    return flat


def _task(ctx: Any, panels: dict[str, Tensor], **more: Tensor) -> _HyperTask:
    """Return the arguments of a kernel."""
    arrays = ctx.arrays
    return fill_task(
        _HyperTask, arrays | {f"panels_{name}": value for name, value in panels.items()} | more,
        batch=arrays["x"].shape[1], inputs=arrays["x"].shape[2], size=arrays["h"].shape[2],
        small=arrays["small_h"].shape[2], embedding=arrays["embedded"].shape[2] // 12,
        keep_scale=ctx.keep_scale,
    )  # fmt: skip
