"""The encoder as an ONNX graph: two scans over the points, which leave the state alone behind the last one.

Letters: ``B`` batch, ``T`` points, ``H`` units.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

import torch
from torch import Tensor, nn

from limner.models.cells.base import Cell
from limner.models.encoder import Encoder

if TYPE_CHECKING:
    from onnx import ModelProto, NodeProto, TensorProto

TRACED_BATCH = 3
IR_VERSION = 10


class Tracer(Protocol):
    """What makes a graph of a module; see :func:`limner.interchange.onnx_graph.traced`."""

    def __call__(
        self, module: nn.Module, example: tuple[Tensor, ...], *, inputs: list[str], outputs: list[str]
    ) -> ModelProto:
        """Trace a module."""


class MaskedStep(nn.Module):
    """A step of a cell that leaves the state alone where a drawing has no point."""

    def __init__(self, cell: Cell) -> None:
        super().__init__()
        self.cell = cell

    def forward(self, *parts: Tensor) -> tuple[Tensor, ...]:
        """Take the parts of the state, a point ``(B, 5)``, and 1 or 0 whether it is real ``(B, 1)``."""
        *flat, point, real = parts
        state = dict(zip(self.cell.layout, flat, strict=True))
        after = self.cell.step(point, state)
        return tuple(torch.where(real > 0, after[name], state[name]) for name in self.cell.layout)


def scan_encoder(encoder: Encoder, traced: Tracer) -> ModelProto:
    """Give the graph from ``strokes`` ``(B, T, 5)`` and ``lengths`` ``(B,)`` to ``mu`` and ``presig``."""
    from onnx import TensorProto, helper

    nodes, constants = _prepared()
    bodies = []
    for way, cell in (("fw", encoder.forwards), ("bw", encoder.backwards)):
        body = _body(cell, f"{way}_", traced)
        bodies.append(body)
        more, sizes = _scan(cell, way, body, backwards=way == "bw")
        nodes += more
        constants += sizes
    nodes.append(helper.make_node("Concat", ["h_fw", "h_bw"], ["h_both"], axis=1))
    for name, layer in (("mu", encoder.mu), ("presig", encoder.presig)):
        constants += [_constant(f"{name}_w", layer.weight), _constant(f"{name}_b", layer.bias)]
        nodes.append(helper.make_node("Gemm", ["h_both", f"{name}_w", f"{name}_b"], [name], transB=1))
    latent = encoder.mu.out_features
    graph = helper.make_graph(
        nodes,
        "encoder",
        [
            helper.make_tensor_value_info("strokes", TensorProto.FLOAT, ["batch", "points", 5]),
            helper.make_tensor_value_info("lengths", TensorProto.INT64, ["batch"]),
        ],
        [
            helper.make_tensor_value_info(name, TensorProto.FLOAT, ["batch", latent])
            for name in ("mu", "presig")
        ],
        constants,
    )
    return helper.make_model(graph, opset_imports=bodies[0].opset_import, ir_version=IR_VERSION)


def _body(cell: Cell, prefix: str, traced: Tracer) -> ModelProto:
    """Trace a masked step, its names made unlike those around it."""
    from onnx import compose

    state = [torch.zeros(TRACED_BATCH, width) for width in cell.layout.values()]
    example = (*state, torch.zeros(TRACED_BATCH, 5), torch.ones(TRACED_BATCH, 1))
    names = list(cell.layout)
    model = traced(
        MaskedStep(cell), example, inputs=[*names, "point", "real"], outputs=[f"next_{n}" for n in names]
    )
    return compose.add_prefix(model, prefix)


def _prepared() -> tuple[list[NodeProto], list[TensorProto]]:
    """Give what makes ``rows`` ``(T, B, 5)`` and ``real`` ``(T, B, 1)``, and ``count`` = [B]."""
    from onnx import TensorProto, helper

    nodes = [
        helper.make_node("Transpose", ["strokes"], ["rows"], perm=[1, 0, 2]),
        helper.make_node("Shape", ["lengths"], ["count"]),
        helper.make_node("Shape", ["strokes"], ["points_1"], start=1, end=2),
        helper.make_node("Squeeze", ["points_1"], ["points_0"]),
        helper.make_node("Range", ["zero", "points_0", "one"], ["places"]),
        helper.make_node("Unsqueeze", ["places", "axis_1"], ["places_column"]),
        helper.make_node("Less", ["places_column", "lengths"], ["is_real"]),  # (T, B)
        helper.make_node("Cast", ["is_real"], ["real_2"], to=TensorProto.FLOAT),
        helper.make_node("Unsqueeze", ["real_2", "axis_2"], ["real"]),
    ]
    numbers: dict[str, Any] = {"zero": 0, "one": 1, "axis_1": [1], "axis_2": [2]}
    return nodes, [_constant(name, torch.tensor(value)) for name, value in numbers.items()]


def _scan(
    cell: Cell, way: str, body: ModelProto, *, backwards: bool
) -> tuple[list[NodeProto], list[TensorProto]]:
    """Give what makes ``h_fw`` or ``h_bw`` ``(B, H)``, with zeros before the first point."""
    from onnx import helper

    nodes, constants = [], []
    for name, width in cell.layout.items():
        first = f"{way}_first_{name}"
        constants.append(_constant(f"{first}_width", torch.tensor([width])))
        nodes.append(helper.make_node("Concat", ["count", f"{first}_width"], [f"{first}_shape"], axis=0))
        nodes.append(helper.make_node("ConstantOfShape", [f"{first}_shape"], [first]))
    last = [f"{name}_{way}" for name in cell.layout]
    direction = int(backwards)
    nodes.append(
        helper.make_node(
            "Scan", [*(f"{way}_first_{name}" for name in cell.layout), "rows", "real"], last,
            body=body.graph, num_scan_inputs=2, scan_input_directions=[direction, direction],
        )
    )  # fmt: skip
    return nodes, constants


def _constant(name: str, value: Tensor) -> TensorProto:
    from onnx import numpy_helper

    return numpy_helper.from_array(value.detach().cpu().numpy(), name)
