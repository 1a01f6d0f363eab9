"""Following a module through an example, to its ONNX graph."""

from __future__ import annotations

import logging
import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING

import torch
from torch import Tensor, nn

from limner.errors import LimnerError

if TYPE_CHECKING:
    from onnx import ModelProto

Sizes = dict[int, str]
"""Axes of any size, by the name of that size."""
BATCH: Sizes = {0: "batch"}


def traced(
    module: nn.Module,
    example: tuple[Tensor, ...],
    *,
    inputs: Sequence[str],
    outputs: Sequence[str],
    sizes: Sequence[Sizes] = (),
) -> ModelProto:
    """Follow a module through an example and give its graph.

    Parameters
    ----------
    module : Module
        Its forward takes any number of tensors and gives such.
    example : tuple of Tensor
        Every axis of any size at least 2 long.
    inputs, outputs : sequence of str
        Their names.
    sizes : sequence of dict, optional
        For every input its axes of any size; the first one, the batch, unless given.

    Raises
    ------
    LimnerError
        If the module does what no graph can.
    """
    shapes = tuple(sizes or [BATCH] * len(example))
    try:
        with _silence():
            program = torch.onnx.export(
                module.eval(), example, input_names=inputs, output_names=outputs,
                dynamic_shapes=(shapes,), dynamo=True, verbose=False,
            )  # fmt: skip
    except Exception as error:  # the exporter fails in as many ways as there are operations
        why = _reason(error)
        what = type(module).__name__.lower()
        raise LimnerError(
            f"No ONNX graph can do what this network does to {what} ({why}); try --to hub-folder."
        ) from error
    if program is None:
        raise RuntimeError("torch gave no graph")
    found = {value.name: value.type.tensor_type.shape.dim for value in program.model_proto.graph.input}
    for name, axes in zip(inputs, shapes, strict=True):
        if any(name not in found or found[name][axis].dim_param != size for axis, size in axes.items()):
            raise LimnerError(
                f"The network takes no {name} of any size in an ONNX graph; try --to hub-folder."
            )
    return program.model_proto


def _reason(error: BaseException) -> str:
    """Give the first line of what lies behind an error."""
    while error.__cause__ is not None:
        error = error.__cause__
    if "static shape" in str(error):
        return "it is written out for drawings of one length"
    return (str(error).strip().splitlines() or [type(error).__name__])[0].rstrip(".")


@contextmanager
def _silence() -> Iterator[None]:
    """Keep to itself what the exporter says of its own inside."""
    level = logging.root.manager.disable
    logging.disable(logging.WARNING)
    try:
        with warnings.catch_warnings(), torch.no_grad():
            warnings.simplefilter("ignore")
            yield
    finally:
        logging.disable(level)
