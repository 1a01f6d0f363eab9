"""The compiled engine against the plain cells: values and gradients.

Letters: ``B`` batch, ``T`` points, ``X`` width of the input, ``E`` of what stays the same, ``H`` units.
"""

from __future__ import annotations

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import Tensor

from limner.models.cells.base import ENGINE_STEP, Cell
from limner.models.cells.build import build_cell
from limner.models.cells.layer_norm import LayerNormLSTM
from limner.models.cells.table import CELLS
from limner.models.config import CellName
from limner.models.engine.library import library

pytestmark = pytest.mark.skipif(library() is None, reason="there is no C++ compiler to build the engine with")

Case = tuple[Cell, Tensor, dict[str, Tensor | None]]
NAMES, COUNTS = st.sampled_from(sorted(CELLS)), st.integers(1, 20)


def _case(name: CellName, b: int, t: int, x: int, e: int, h: int, keep: float = 0.7) -> Case:
    """Make a cell all of whose weights are at work, and something for it to read."""
    torch.manual_seed(0)
    cell = build_cell(name, x + e, h, keep).train()
    with torch.no_grad():
        for weight in cell.parameters():
            weight.add_(torch.randn_like(weight), alpha=0.1)
    given = {
        "extra": torch.randn(b, e, requires_grad=True) if e else None,
        "keep": torch.rand(t, b, h) < keep if keep < 1 else None,
        "lengths": torch.randint(0, t + 1, (b,)),
    }
    return cell, torch.randn(b, t, x, requires_grad=True), given


def _found(cell: Cell, x: Tensor, given: dict[str, Tensor | None], *, engine: bool) -> dict[str, Tensor]:
    """Return the outputs, and the gradients of all weights."""
    cell.route = "engine" if engine else "plain"
    chance = torch.Generator().manual_seed(1)
    state = {name: torch.randn(len(x), width, generator=chance) for name, width in cell.layout.items()}
    wanted = {"x": x, **state, **dict(cell.named_parameters())}
    wanted |= {"extra": given["extra"]} if given["extra"] is not None else {}
    for part in state.values():
        part.requires_grad_()
    lengths = given["lengths"]
    assert lengths is not None
    real = torch.arange(x.shape[1]) < lengths.unsqueeze(1)  # (B, T)
    h = cell(x, state, **given).where(real.unsqueeze(2), 0)
    weighting = torch.randn(h.shape, generator=chance)
    gradients = torch.autograd.grad((h * weighting).sum(), list(wanted.values()))
    return {"output": h.detach(), **dict(zip(wanted, gradients, strict=True))}


def _assert_same(found: dict[str, Tensor], wanted: dict[str, Tensor], bound: float = 3e-5) -> None:
    for name, value in wanted.items():
        scale = max(1.0, float(value.abs().max()))
        torch.testing.assert_close(found[name], value, rtol=0, atol=bound * scale, msg=f"{name} differs")


@pytest.mark.slow
@settings(max_examples=25, deadline=None)
@given(NAMES, COUNTS, COUNTS, COUNTS, st.integers(0, 6), st.sampled_from([32, 96]))
def test_engine_equals_plain_cells(name: CellName, b: int, t: int, x: int, e: int, h: int) -> None:
    case = _case(name, b, t, x, e, h)
    _assert_same(_found(*case, engine=True), _found(*case, engine=False))


@pytest.mark.parametrize("name", CELLS)
def test_engine_equals_plain_cells_at_real_widths(name: CellName) -> None:
    case = _case(name, 33, 30, 5, 16, 256, keep=1.0)
    _assert_same(_found(*case, engine=True), _found(*case, engine=False), bound=1e-4)


@pytest.mark.parametrize("name", CELLS)
@pytest.mark.parametrize("threads", [2, 3, 7])
def test_threads_change_nothing(name: CellName, threads: int) -> None:
    case, before = _case(name, 5, 6, 5, 3, 64), torch.get_num_threads()
    try:
        torch.set_num_threads(1)
        wanted = _found(*case, engine=True)
        torch.set_num_threads(threads)
        found = _found(*case, engine=True)
    finally:
        torch.set_num_threads(before)
    _assert_same(found, wanted, bound=2e-6)


@pytest.mark.parametrize("name", CELLS)
def test_points_behind_the_end_are_neither_read_nor_answered(name: CellName) -> None:
    cell, x, given = _case(name, 4, 9, 5, 2, 32)
    given["lengths"] = lengths = torch.tensor([0, 3, 9, 1])
    wild = x.detach().clone()
    for row, length in zip(wild, lengths.tolist(), strict=True):
        row[length:] = torch.nan
    found = _found(cell, wild.requires_grad_(), given, engine=True)
    _assert_same(found, _found(cell, x, given, engine=False))
    cell.route = "engine"
    assert cell(wild, **given).isfinite().all()


def test_norms_that_do_not_learn_take_no_gradient() -> None:
    torch.manual_seed(0)
    cell = LayerNormLSTM(5, 32, learnable=False)
    cell(torch.randn(3, 4, 5)).sum().backward()
    assert cell.norm_gates.gamma.grad is None
    assert cell.norm_c.beta.grad is None
    assert cell.w_hh.grad is not None


@pytest.mark.parametrize("name", CELLS)
def test_autocast_leaves_the_engine_in_float32(name: CellName) -> None:
    cell, x, given = _case(name, 3, 4, 5, 2, 32)
    wanted = cell(x, **given)
    with torch.autocast("cpu", torch.bfloat16):
        found = cell(x, **given)
    assert found.dtype == torch.float32
    torch.testing.assert_close(found, wanted, rtol=0, atol=0.1)


@pytest.mark.parametrize("name", CELLS)
def test_a_second_way_back_is_refused(name: CellName) -> None:
    cell, x, given = _case(name, 3, 4, 5, 2, 32)
    cost = cell(x, **given).sum()
    cost.backward(retain_graph=True)
    with pytest.raises(RuntimeError, match="once"):
        cost.backward()


@pytest.mark.parametrize("size", [ENGINE_STEP - 1, ENGINE_STEP + 16])
def test_other_sizes_run_as_plain_cells(size: int, monkeypatch: pytest.MonkeyPatch) -> None:
    cell = LayerNormLSTM(5, size)
    monkeypatch.setattr(cell, "run_engine", lambda *_: pytest.fail("the engine was asked"))
    assert cell(torch.randn(2, 3, 5)).shape == (2, 3, size)
