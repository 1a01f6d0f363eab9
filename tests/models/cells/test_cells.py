"""The cells against their equations, and what all of them have in common.

Letters: ``B`` batch, ``T`` points, ``X`` width of the input, ``H`` units, ``K`` units of the small cell.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import torch
from numpy.typing import NDArray
from torch import Tensor

from limner.models.cells.base import FORGET_BIAS, Cell
from limner.models.cells.build import build_cell
from limner.models.cells.hyper import FIRST_SCALE, UNITS, HyperLSTM
from limner.models.cells.lstm import LSTM
from limner.models.cells.norm import EPSILON
from limner.models.cells.table import CELLS
from limner.models.config import CellName
from limner.models.state import State

B, T, X, H = 3, 7, 5, 6
Array = NDArray[Any]


@pytest.fixture(params=list(CELLS))
def cell(request: pytest.FixtureRequest) -> Cell:
    """A cell all of whose weights are at work."""
    return _made(request.param)


def _made(name: CellName, keep: float = 1.0) -> Cell:
    torch.manual_seed(0)
    made = build_cell(name, X, H, keep)
    with torch.no_grad():
        for weight in made.parameters():
            weight.add_(torch.randn_like(weight), alpha=0.1)
    return made


def _x(seed: int = 1) -> Tensor:
    return torch.randn(B, T, X, generator=torch.Generator().manual_seed(seed))


def _state(cell: Cell, seed: int = 2) -> State:
    noise = torch.Generator().manual_seed(seed)
    return {name: torch.randn(B, width, generator=noise) for name, width in cell.layout.items()}


def _unrolled(cell: Cell, x: Tensor, state: State, keep: Tensor | None = None) -> Tensor:
    outputs = []
    for t, point in enumerate(x.unbind(1)):
        state = cell.step(point, state, None if keep is None else keep[t])
        outputs.append(state["h"])
    return torch.stack(outputs, dim=1)


# The equations, in numpy and float64 -----------------------------------------------------------------


def _sigmoid(x: Array) -> Array:
    found: Array = 1 / (1 + np.exp(-x))
    return found


def _norm(x: Array, weights: dict[str, Array], name: str, groups: int) -> Array:
    parts = np.split(x, groups, axis=1)
    normal = [(p - p.mean(1, keepdims=True)) / np.sqrt(p.var(1, keepdims=True) + EPSILON) for p in parts]
    found: Array = np.hstack(normal) * weights[f"{name}.gamma"] + weights[f"{name}.beta"]
    return found


def _after(gates: Array, c: Array, out: Any = lambda c: c) -> tuple[Array, Array]:
    i, j, f, o = np.split(gates, 4, axis=1)
    c = c * _sigmoid(f + 1.0) + _sigmoid(i) * np.tanh(j)
    return c, np.tanh(out(c)) * _sigmoid(o)


def _lstm(w: dict[str, Array], x: Array, s: dict[str, Array]) -> dict[str, Array]:
    c, h = _after(x @ w["w_xh"] + s["h"] @ w["w_hh"] + w["bias"], s["c"])
    return {"c": c, "h": h}


def _layer_norm(w: dict[str, Array], x: Array, s: dict[str, Array]) -> dict[str, Array]:
    gates = _norm(x @ w["w_xh"] + s["h"] @ w["w_hh"], w, "norm_gates", 4)
    c, h = _after(gates, s["c"], lambda c: _norm(c, w, "norm_c", 1))
    return {"c": c, "h": h}


def _hyper(w: dict[str, Array], x: Array, s: dict[str, Array]) -> dict[str, Array]:
    inner = {name.removeprefix("small."): a for name, a in w.items() if name.startswith("small.")}
    small = _layer_norm(inner, np.hstack([x, s["h"]]), {"h": s["small_h"], "c": s["small_c"]})
    products = np.split(x @ w["w_xh"], 4, axis=1) + np.split(s["h"] @ w["w_hh"], 4, axis=1)
    for k in range(8):
        alpha = (small["h"] @ w["scale_in"][k] + w["scale_bias"][k]) @ w["scale_out"][k]
        beta = small["h"] @ w["shift_in"][k - 4] @ w["shift_out"][k - 4] if k >= 4 else 0
        products[k] = products[k] * alpha + beta
    gates = np.hstack([a + b for a, b in zip(products[:4], products[4:], strict=True)]) + w["bias"]
    c, h = _after(_norm(gates, w, "norm_gates", 4), s["c"], lambda c: _norm(c, w, "norm_c", 1))
    return {"c": c, "h": h, "small_h": small["h"], "small_c": small["c"]}


@pytest.mark.parametrize(
    ("name", "equations"), [("lstm", _lstm), ("layer_norm", _layer_norm), ("hyper", _hyper)]
)
def test_sequence_follows_the_equations(name: CellName, equations: Any) -> None:
    cell, x = _made(name), _x()
    weights = {k: v.detach().double().numpy() for k, v in cell.named_parameters()}
    now = {k: v.double().numpy() for k, v in _state(cell).items()}
    found = cell(x, _state(cell)).detach().numpy()
    for t in range(T):
        now = equations(weights, x[:, t].double().numpy(), now)
        np.testing.assert_allclose(found[:, t], now["h"], atol=2e-5)


# What they have in common ----------------------------------------------------------------------------


@pytest.mark.parametrize("begin", ["zeros", "context"])
def test_sequence_equals_steps(cell: Cell, begin: str) -> None:
    x = _x()
    state = cell.zero_state(B) if begin == "zeros" else _state(cell)
    whole = cell(x) if begin == "zeros" else cell(x, state)
    torch.testing.assert_close(whole, _unrolled(cell, x, state), rtol=0, atol=2e-6)


def test_gradients_equal_those_of_steps(cell: Cell) -> None:
    """Of the weights, the input and the first state."""
    x, state = _x().requires_grad_(), _state(cell)
    for part in state.values():
        part.requires_grad_()
    wanted = [*cell.parameters(), x, *state.values()]
    weighting = torch.randn(B, T, H, generator=torch.Generator().manual_seed(3))
    fused = torch.autograd.grad((cell(x, state) * weighting).sum(), wanted)
    stepped = torch.autograd.grad((_unrolled(cell, x, state) * weighting).sum(), wanted)
    for a, b in zip(fused, stepped, strict=True):
        torch.testing.assert_close(a, b, rtol=1e-5, atol=1e-5)


def test_causal(cell: Cell) -> None:
    """A change at one point alters that output and later ones, none before."""
    x = _x()
    before = cell(x)
    x[:, 4] += 1
    after = cell(x)
    assert torch.equal(before[:, :4], after[:, :4])
    assert (before[:, 4:] != after[:, 4:]).any(dim=-1).all()


def test_joined_state_is_cut_in_order(cell: Cell) -> None:
    joined = torch.arange(sum(cell.layout.values())).float().expand(B, -1)
    parts = cell.split_state(joined)
    assert {name: part.shape[1] for name, part in parts.items()} == cell.layout
    assert torch.equal(torch.cat(list(parts.values()), dim=1), joined)
    assert next(iter(cell.layout)) == ("c" if isinstance(cell, LSTM) else "h")


# Recurrent dropout -----------------------------------------------------------------------------------


@pytest.mark.parametrize("name", CELLS)
def test_only_kept_units_of_the_candidate_count(name: CellName) -> None:
    """The sequence and the steps agree; without a kept unit there is only what c remembers."""
    cell, x = _made(name, 0.5).train(), _x()
    keep = torch.rand(T, B, H, generator=torch.Generator().manual_seed(4)) < 0.5
    whole = cell(x, _state(cell), keep=keep)
    torch.testing.assert_close(whole, _unrolled(cell, x, _state(cell), keep), rtol=0, atol=2e-6)
    zero, none = cell.zero_state(B), torch.zeros(B, H, dtype=torch.bool)
    assert not cell.step(x[:, 0], zero, none)["c"].any()
    twice = cell.step(x[:, 0], zero, ~none)["c"]
    torch.testing.assert_close(twice, 2 * cell.step(x[:, 0], zero)["c"])


@pytest.mark.parametrize("name", CELLS)
def test_units_are_dropped_in_training_only(name: CellName) -> None:
    cell, x = _made(name, 0.8), _x()
    assert torch.equal(cell.eval()(x), cell.eval()(x))
    cell.train()
    assert not torch.equal(cell(x), cell(x))
    keep = cell.sample_keep(torch.zeros(40, 50, X))
    assert keep is not None
    assert keep.shape == (50, 40, H)
    assert keep.float().mean().item() == pytest.approx(0.8, abs=0.02)
    assert keep.float().mean((1, 2)).std() > 0  # not one mask for all points
    assert _made(name).train().sample_keep(x) is None


# Each by itself --------------------------------------------------------------------------------------


def test_forget_bias_is_added_but_not_stored() -> None:
    """With all weights zero c decays by sigmoid(1) a point, and the stored bias is zero."""
    cell = LSTM(X, H)
    assert not cell.bias.any()
    with torch.no_grad():
        for weight in cell.parameters():
            weight.zero_()
    begin = {"c": torch.ones(1, H), "h": torch.zeros(1, H)}
    after = cell.step(torch.zeros(1, X), begin)
    kept = 1 / (1 + np.exp(-FORGET_BIAS))
    torch.testing.assert_close(after["c"], torch.full((1, H), float(kept)))
    torch.testing.assert_close(after["h"], torch.full((1, H), float(np.tanh(kept) / 2)))
    torch.testing.assert_close(cell(torch.zeros(1, 1, X), begin)[:, 0], after["h"])


@pytest.mark.parametrize("gate", range(4), ids=["i", "j", "f", "o"])
def test_gate_order(gate: int) -> None:
    """One gate is opened wide by its bias alone, with c = 1 and h = 0 before."""
    cell = LSTM(X, H)
    with torch.no_grad():
        for weight in cell.parameters():
            weight.zero_()
        cell.bias[gate * H : (gate + 1) * H] = 50
    after = cell.step(torch.zeros(1, X), {"c": torch.ones(1, H), "h": torch.zeros(1, H)})
    kept = 1.0 if gate == 2 else float(torch.sigmoid(torch.tensor(FORGET_BIAS)))
    wanted_c = kept + (0.5 if gate == 1 else 0)  # sigmoid(i) * tanh(j), with i = 0
    out = 1.0 if gate == 3 else 0.5
    assert after["c"][0, 0].item() == pytest.approx(wanted_c, abs=1e-6)
    assert after["h"][0, 0].item() == pytest.approx(np.tanh(wanted_c) * out, abs=1e-6)


def test_fresh_hyper_cell_scales_every_product_by_a_tenth() -> None:
    cell = HyperLSTM(X, H)
    small_h = torch.randn(B, UNITS)
    torch.testing.assert_close(cell._scales(small_h), torch.full((B, 8 * H), FIRST_SCALE))
    assert not cell._shifts(small_h).any()
