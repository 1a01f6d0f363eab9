"""The cells.

Letters: ``B`` batch, ``T`` points, ``X`` width of the input, ``H`` units.
"""

from __future__ import annotations

import numpy as np
import pytest
import torch
from torch import Tensor

from limner.models.recurrent import FORGET_BIAS, LSTM

B, T, X, H = 3, 7, 5, 6


@pytest.fixture
def cell() -> LSTM:
    torch.manual_seed(0)
    made = LSTM(X, H)
    with torch.no_grad():
        made.bias.normal_()
    return made


@pytest.fixture
def x() -> Tensor:
    return torch.randn(B, T, X, generator=torch.Generator().manual_seed(1))


def _unrolled(cell: LSTM, x: Tensor, state: tuple[Tensor, Tensor]) -> Tensor:
    outputs = []
    for point in x.unbind(1):
        state = cell.step(point, state)
        outputs.append(state[1])
    return torch.stack(outputs, dim=1)


def _by_hand(cell: LSTM, x: Tensor, c: np.ndarray, h: np.ndarray) -> np.ndarray:
    """Run the equations of the original, in numpy and float64."""
    w_xh, w_hh, bias = (p.detach().double().numpy() for p in (cell.w_xh, cell.w_hh, cell.bias))
    outputs = []
    for point in x.double().numpy().swapaxes(0, 1):
        i, j, f, o = np.split(np.hstack([point, h]) @ np.vstack([w_xh, w_hh]) + bias, 4, axis=1)
        c = c * _sigmoid(f + 1.0) + _sigmoid(i) * np.tanh(j)
        h = np.tanh(c) * _sigmoid(o)
        outputs.append(h)
    return np.stack(outputs, axis=1)


def _sigmoid(x: np.ndarray) -> np.ndarray:
    found: np.ndarray = 1 / (1 + np.exp(-x))
    return found


def _state(seed: int) -> tuple[Tensor, Tensor]:
    c, h = torch.randn(2, B, H, generator=torch.Generator().manual_seed(seed))
    return c, h


def test_sequence_follows_the_equations(cell: LSTM, x: Tensor) -> None:
    c, h = _state(2)
    wanted = _by_hand(cell, x, c.double().numpy(), h.double().numpy())
    np.testing.assert_allclose(cell(x, (c, h)).detach().numpy(), wanted, atol=1e-6)


@pytest.mark.parametrize("begin", ["zeros", "given"])
def test_sequence_equals_steps(cell: LSTM, x: Tensor, begin: str) -> None:
    state = cell.zero_state(B) if begin == "zeros" else _state(2)
    whole = cell(x) if begin == "zeros" else cell(x, state)
    torch.testing.assert_close(whole, _unrolled(cell, x, state), rtol=0, atol=1e-6)


def test_gradients_equal_those_of_steps(cell: LSTM, x: Tensor) -> None:
    """Of the weights, the input and the first state."""
    x.requires_grad_()
    state = _state(2)
    for part in state:
        part.requires_grad_()
    wanted = [*cell.parameters(), x, *state]
    weighting = torch.randn(B, T, H, generator=torch.Generator().manual_seed(3))
    fused = torch.autograd.grad((cell(x, state) * weighting).sum(), wanted)
    stepped = torch.autograd.grad((_unrolled(cell, x, state) * weighting).sum(), wanted)
    for a, b in zip(fused, stepped, strict=True):
        torch.testing.assert_close(a, b, rtol=1e-5, atol=1e-5)


def test_forget_bias_is_added_but_not_stored() -> None:
    """With all weights zero c decays by sigmoid(1) a step, and the stored bias is zero."""
    cell = LSTM(X, H)
    assert not cell.bias.any()
    with torch.no_grad():
        for weight in cell.parameters():
            weight.zero_()
    c, h = cell.step(torch.zeros(1, X), (torch.ones(1, H), torch.zeros(1, H)))
    kept = 1 / (1 + np.exp(-FORGET_BIAS))
    torch.testing.assert_close(c, torch.full((1, H), float(kept)))
    torch.testing.assert_close(h, torch.full((1, H), float(np.tanh(kept) / 2)))
    torch.testing.assert_close(cell(torch.zeros(1, 1, X), (torch.ones(1, H), torch.zeros(1, H)))[:, 0], h)


@pytest.mark.parametrize("gate", range(4), ids=["i", "j", "f", "o"])
def test_gate_order(gate: int) -> None:
    """One gate is opened wide by its bias alone, with c = 1 and h = 0 before."""
    cell = LSTM(X, H)
    with torch.no_grad():
        for weight in cell.parameters():
            weight.zero_()
        cell.bias[gate * H : (gate + 1) * H] = 50
    c, h = cell.step(torch.zeros(1, X), (torch.ones(1, H), torch.zeros(1, H)))
    kept = 1.0 if gate == 2 else float(torch.sigmoid(torch.tensor(FORGET_BIAS)))
    wanted_c = kept + (0.5 if gate == 1 else 0)  # sigmoid(i) * tanh(j), with i = 0
    out = 1.0 if gate == 3 else 0.5
    assert c[0, 0].item() == pytest.approx(wanted_c, abs=1e-6)
    assert h[0, 0].item() == pytest.approx(np.tanh(wanted_c) * out, abs=1e-6)


def test_causal(cell: LSTM, x: Tensor) -> None:
    """A change at one point alters that output and later ones, none before."""
    before = cell(x)
    x[:, 4] += 1
    after = cell(x)
    assert torch.equal(before[:, :4], after[:, :4])
    assert (before[:, 4:] != after[:, 4:]).any(dim=-1).all()
