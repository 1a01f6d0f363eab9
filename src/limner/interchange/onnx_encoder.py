"""The encoder of a recurrent network as an ONNX graph: two scans over the rows between two traced parts.

A scan keeps the state unchanged after a drawing's last row.

Letters: ``B`` batch, ``T`` rows, ``X`` features of a row, ``H`` units.
"""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING

import torch
from torch import Tensor, nn

from limner.interchange.onnx_trace import BATCH, Sizes, trace
from limner.models.cells.base import Cell
from limner.models.coordinates import feature_count
from limner.models.recurrent_encoder import RecurrentEncoder

if TYPE_CHECKING:
    from onnx import ModelProto, NodeProto

TRACED_BATCH, TRACED_ROWS = 3, 7
IR_VERSION = 10
DIRECTIONS = ("fw", "bw")
ROWS: Sizes = {0: "rows", 1: "batch"}
INPUTS: tuple[Sizes, Sizes] = ({0: "batch", 1: "points"}, BATCH)


class ScanInputs(nn.Module):
    """Computes the inputs of the scans: rows, whether they are real, and states of zeros."""

    def __init__(self, encoder: RecurrentEncoder) -> None:
        super().__init__()
        self.encoder = encoder

    def forward(self, *parts: Tensor) -> tuple[Tensor, ...]:
        """Map points ``(B, T, 5)`` and lengths ``(B,)`` to ``(T, B, X)``, ``(T, B, 1)`` and states."""
        points, points_lengths = parts
        rows, lengths = self.encoder.read(points, points_lengths)
        real = torch.arange(rows.shape[1]).unsqueeze(1) < lengths  # (T, B)
        widths = self.encoder.forwards.layout.values()
        zeros = (rows.new_zeros(rows.shape[0], width) for _ in DIRECTIONS for width in widths)
        return rows.transpose(0, 1), real.to(rows.dtype).unsqueeze(2), *zeros


class MaskedStep(nn.Module):
    """A step of a cell that keeps the state of drawings without a row."""

    def __init__(self, cell: Cell) -> None:
        super().__init__()
        self.cell = cell

    def forward(self, *parts: Tensor) -> tuple[Tensor, ...]:
        """Map the parts of the state, a row ``(B, X)`` and a mask of real rows ``(B, 1)`` to the next state.

        The output follows the parts of the state, for encoders that pool the outputs of all rows.
        """
        *flat, row, real = parts
        state = dict(zip(self.cell.layout, flat, strict=True))
        after = self.cell.step(row, state)
        kept = {name: torch.where(real > 0, after[name], state[name]) for name in self.cell.layout}
        return *kept.values(), kept["h"].clone()


class ScanOutputs(nn.Module):
    """Maps the outputs of the scans to the parameters of the latent."""

    def __init__(self, encoder: RecurrentEncoder) -> None:
        super().__init__()
        self.encoder = encoder

    def forward(self, *parts: Tensor) -> tuple[Tensor, ...]:
        """Map last outputs ``(B, H)``, all outputs ``(T, B, H)`` and mask ``(T, B, 1)`` to mu and presig."""
        last_fw, last_bw, all_fw, all_bw, real = parts
        h = torch.cat([last_fw, last_bw], dim=-1)
        if self.encoder.pooling is not None:
            every = torch.cat([all_fw, all_bw], dim=-1).transpose(0, 1)  # (B, T, 2 H)
            h = h + self.encoder.pooling(every, real.squeeze(2).sum(0))
        return self.encoder.mu(h), self.encoder.presig(h)


def scan_encoder(encoder: RecurrentEncoder) -> ModelProto:
    """Return the graph from ``strokes`` ``(B, T, 5)`` and ``lengths`` ``(B,)`` to ``mu`` and ``presig``."""
    from onnx import helper

    first, last = _inputs_graph(encoder), _outputs_graph(encoder)
    scans = [
        _scan(cell, direction, feature_count(encoder.config.coordinates))
        for direction, cell in zip(DIRECTIONS, (encoder.forwards, encoder.backwards), strict=True)
    ]
    graph = helper.make_graph(
        [*first.graph.node, *scans, *last.graph.node],
        "encoder",
        list(first.graph.input),
        list(last.graph.output),
        list(chain(first.graph.initializer, last.graph.initializer)),
    )
    return helper.make_model(graph, opset_imports=first.opset_import, ir_version=IR_VERSION)


def _inputs_graph(encoder: RecurrentEncoder) -> ModelProto:
    example = (
        torch.zeros(TRACED_BATCH, TRACED_ROWS, 5),
        torch.full((TRACED_BATCH,), TRACED_ROWS - 1),
    )
    states = [f"{direction}_first_{name}" for direction in DIRECTIONS for name in encoder.forwards.layout]
    model = trace(
        ScanInputs(encoder),
        example,
        inputs=["strokes", "lengths"],
        outputs=["rows", "real", *states],
        sizes=INPUTS,
    )
    return _prefix_names(model, "ahead_")


def _outputs_graph(encoder: RecurrentEncoder) -> ModelProto:
    size = encoder.forwards.size
    last = [torch.zeros(TRACED_BATCH, size) for _ in DIRECTIONS]
    every = [torch.zeros(TRACED_ROWS, TRACED_BATCH, size) for _ in DIRECTIONS]
    model = trace(
        ScanOutputs(encoder),
        (*last, *every, torch.ones(TRACED_ROWS, TRACED_BATCH, 1)),
        inputs=[
            *(f"{direction}_last_h" for direction in DIRECTIONS),
            *(f"{direction}_every_h" for direction in DIRECTIONS),
            "real",
        ],
        outputs=["mu", "presig"],
        sizes=[*[BATCH] * len(DIRECTIONS), *[ROWS] * (len(DIRECTIONS) + 1)],
    )
    return _prefix_names(model, "behind_")


def _scan(cell: Cell, direction: str, features: int) -> NodeProto:
    """Return the scan of one direction over ``rows`` of some features and ``real``."""
    from onnx import compose, helper

    names = list(cell.layout)
    state = [torch.zeros(TRACED_BATCH, width) for width in cell.layout.values()]
    body = trace(
        MaskedStep(cell),
        (*state, torch.zeros(TRACED_BATCH, features), torch.ones(TRACED_BATCH, 1)),
        inputs=[*names, "row", "is_real"],
        outputs=[*(f"next_{name}" for name in names), "h_here"],
    )
    backwards = int(direction == "bw")
    return helper.make_node(
        "Scan",
        [*(f"{direction}_first_{name}" for name in names), "rows", "real"],
        [*(f"{direction}_last_{name}" for name in names), f"{direction}_every_h"],
        body=compose.add_prefix(body, f"{direction}_step_").graph,
        num_scan_inputs=2,
        scan_input_directions=[backwards] * 2,
        scan_output_directions=[backwards],
    )


def _prefix_names(model: ModelProto, prefix: str) -> ModelProto:
    """Prefix the names inside a graph, so that graphs can be joined; inputs and outputs keep theirs."""
    from onnx import compose

    return compose.add_prefix(model, prefix, rename_inputs=False, rename_outputs=False)
