"""The encoder of a recurrent network as an ONNX graph: two scans over the rows between two traced parts.

A scan leaves the state alone behind a drawing's last row.

Letters: ``B`` batch, ``T`` rows, ``H`` units.
"""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING

import torch
from torch import Tensor, nn

from limner.interchange.onnx_trace import BATCH, Sizes, traced
from limner.models.cells.base import Cell
from limner.models.recurrent_encoder import RecurrentEncoder, add_framing_rows

if TYPE_CHECKING:
    from onnx import ModelProto, NodeProto

TRACED_BATCH, TRACED_ROWS = 3, 7
IR_VERSION = 10
WAYS = ("fw", "bw")
ROWS: Sizes = {0: "rows", 1: "batch"}
INPUTS: tuple[Sizes, Sizes] = ({0: "batch", 1: "points"}, BATCH)


class Ahead(nn.Module):
    """What the scans read: rows, whether they are real, and states of zeros."""

    def __init__(self, encoder: RecurrentEncoder) -> None:
        super().__init__()
        self.encoder = encoder

    def forward(self, *parts: Tensor) -> tuple[Tensor, ...]:
        """Take points ``(B, T, 5)`` and lengths ``(B,)``; give ``(T, B, 5)``, ``(T, B, 1)`` and states."""
        points, given = parts
        rows, lengths = add_framing_rows(points, given, self.encoder.config)
        real = torch.arange(rows.shape[1]).unsqueeze(1) < lengths  # (T, B)
        widths = self.encoder.forwards.layout.values()
        zeros = (rows.new_zeros(rows.shape[0], width) for _ in WAYS for width in widths)
        return rows.transpose(0, 1), real.to(rows.dtype).unsqueeze(2), *zeros


class MaskedStep(nn.Module):
    """A step of a cell that leaves the state alone where a drawing has no row."""

    def __init__(self, cell: Cell) -> None:
        super().__init__()
        self.cell = cell

    def forward(self, *parts: Tensor) -> tuple[Tensor, ...]:
        """Take the parts of the state, a row ``(B, 5)``, and 1 or 0 whether it is real ``(B, 1)``.

        The output, for those who ask what it was after every row, stands behind the state.
        """
        *flat, row, real = parts
        state = dict(zip(self.cell.layout, flat, strict=True))
        after = self.cell.step(row, state)
        kept = {name: torch.where(real > 0, after[name], state[name]) for name in self.cell.layout}
        return *kept.values(), kept["h"].clone()


class Behind(nn.Module):
    """From what the scans leave to the parameters of the latent."""

    def __init__(self, encoder: RecurrentEncoder) -> None:
        super().__init__()
        self.encoder = encoder

    def forward(self, *parts: Tensor) -> tuple[Tensor, ...]:
        """Take the last outputs ``(B, H)``, all of them ``(T, B, H)``, and which are real ``(T, B, 1)``."""
        last_fw, last_bw, all_fw, all_bw, real = parts
        h = torch.cat([last_fw, last_bw], dim=-1)
        if self.encoder.pooling is not None:
            every = torch.cat([all_fw, all_bw], dim=-1).transpose(0, 1)  # (B, T, 2 H)
            h = h + self.encoder.pooling(every, real.squeeze(2).sum(0))
        return self.encoder.mu(h), self.encoder.presig(h)


def scan_encoder(encoder: RecurrentEncoder) -> ModelProto:
    """Give the graph from ``strokes`` ``(B, T, 5)`` and ``lengths`` ``(B,)`` to ``mu`` and ``presig``."""
    from onnx import helper

    ahead, behind = _ahead(encoder), _behind(encoder)
    scans = [_scan(cell, way) for way, cell in zip(WAYS, (encoder.forwards, encoder.backwards), strict=True)]
    graph = helper.make_graph(
        [*ahead.graph.node, *scans, *behind.graph.node],
        "encoder",
        list(ahead.graph.input),
        list(behind.graph.output),
        list(chain(ahead.graph.initializer, behind.graph.initializer)),
    )
    return helper.make_model(graph, opset_imports=ahead.opset_import, ir_version=IR_VERSION)


def _ahead(encoder: RecurrentEncoder) -> ModelProto:
    example = (
        torch.zeros(TRACED_BATCH, TRACED_ROWS, 5),
        torch.full((TRACED_BATCH,), TRACED_ROWS - 1),
    )
    states = [f"{way}_first_{name}" for way in WAYS for name in encoder.forwards.layout]
    model = traced(
        Ahead(encoder),
        example,
        inputs=["strokes", "lengths"],
        outputs=["rows", "real", *states],
        sizes=INPUTS,
    )
    return _named_apart(model, "ahead_")


def _behind(encoder: RecurrentEncoder) -> ModelProto:
    size = encoder.forwards.size
    last = [torch.zeros(TRACED_BATCH, size) for _ in WAYS]
    every = [torch.zeros(TRACED_ROWS, TRACED_BATCH, size) for _ in WAYS]
    model = traced(
        Behind(encoder),
        (*last, *every, torch.ones(TRACED_ROWS, TRACED_BATCH, 1)),
        inputs=[*(f"{way}_last_h" for way in WAYS), *(f"{way}_every_h" for way in WAYS), "real"],
        outputs=["mu", "presig"],
        sizes=[*[BATCH] * len(WAYS), *[ROWS] * (len(WAYS) + 1)],
    )
    return _named_apart(model, "behind_")


def _scan(cell: Cell, way: str) -> NodeProto:
    """Give the scan of one way over ``rows`` and ``real``."""
    from onnx import compose, helper

    names = list(cell.layout)
    state = [torch.zeros(TRACED_BATCH, width) for width in cell.layout.values()]
    body = traced(
        MaskedStep(cell),
        (*state, torch.zeros(TRACED_BATCH, 5), torch.ones(TRACED_BATCH, 1)),
        inputs=[*names, "row", "is_real"],
        outputs=[*(f"next_{name}" for name in names), "h_here"],
    )
    direction = int(way == "bw")
    return helper.make_node(
        "Scan",
        [*(f"{way}_first_{name}" for name in names), "rows", "real"],
        [*(f"{way}_last_{name}" for name in names), f"{way}_every_h"],
        body=compose.add_prefix(body, f"{way}_step_").graph,
        num_scan_inputs=2,
        scan_input_directions=[direction] * 2,
        scan_output_directions=[direction],
    )


def _named_apart(model: ModelProto, prefix: str) -> ModelProto:
    """Make the names inside a graph unlike those of others; inputs and outputs keep theirs."""
    from onnx import compose

    return compose.add_prefix(model, prefix, rename_inputs=False, rename_outputs=False)
