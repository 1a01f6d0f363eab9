"""Trace a module with an example to its ONNX graph."""

from __future__ import annotations

import logging
import warnings
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING

import torch
from torch import Tensor, nn

from limner.errors import LimnerError

if TYPE_CHECKING:
    from onnx import ModelProto

Sizes = dict[int, str]
"""Names of the axes whose size varies, by axis."""
BATCH: Sizes = {0: "batch"}
TASKS = {"StepModule": "step", "FirstStateModule": "begin", "EncoderModule": "encode", "PriorModule": "prior"}
"""What a module does, for errors."""


def trace(
    module: nn.Module, example: tuple[Tensor, ...], *,
    inputs: Sequence[str], outputs: Sequence[str], sizes: Sequence[Sizes] = (),
) -> ModelProto:  # fmt: skip
    """Return the graph of a module, traced with an example.

    Parameters
    ----------
    module : Module
        Its forward maps any number of tensors to a tuple of tensors.
    example : tuple of Tensor
        Axes whose size varies have at least two entries.
    inputs, outputs : sequence of str
        Names of the inputs and outputs.
    sizes : sequence of dict, optional
        For every input the axes whose size varies; the first one, the batch, unless given.

    Raises
    ------
    LimnerError
        If the module has no ONNX graph.
    """
    shapes = tuple(sizes or [BATCH] * len(example))
    try:
        with _silence():
            program = torch.onnx.export(
                module.eval(), example, input_names=inputs, output_names=outputs,
                dynamic_shapes=(shapes,), dynamo=True, verbose=False,
            )  # fmt: skip
    except Exception as error:  # the exporter fails in as many ways as there are operations
        task = TASKS.get(type(module).__name__, "draw")
        raise LimnerError(
            f"No ONNX graph can do what this network does to {task} ({_reason(error)}); try --to hub-folder."
        ) from error
    if program is None:
        raise RuntimeError("torch gave no graph")
    _check_sizes(program.model_proto, dict(zip(inputs, shapes, strict=True)))
    return program.model_proto


def _check_sizes(model: ModelProto, sizes: Mapping[str, Sizes]) -> None:
    """Refuse a graph that has a fixed size where it should vary."""
    shapes = {value.name: value.type.tensor_type.shape.dim for value in model.graph.input}
    for name, axes in sizes.items():
        if any(name not in shapes or shapes[name][axis].dim_param != size for axis, size in axes.items()):
            raise LimnerError(
                f"The network takes no {name} of any size in an ONNX graph; try --to hub-folder."
            )


def _reason(error: BaseException) -> str:
    """Return the first line of an error's innermost cause."""
    while error.__cause__ is not None:
        error = error.__cause__
    if "static shape" in str(error):
        return "it is written out for drawings of one length"
    return (str(error).strip().splitlines() or [type(error).__name__])[0].rstrip(".")


@contextmanager
def _silence() -> Iterator[None]:
    """Silence the exporter's warnings about its own internals."""
    level = logging.root.manager.disable
    logging.disable(logging.WARNING)
    try:
        with warnings.catch_warnings(), torch.no_grad():
            warnings.simplefilter("ignore")
            yield
    finally:
        logging.disable(level)
