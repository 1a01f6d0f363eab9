"""The encoder sees the real points of a drawing and nothing else.

Letters: ``B`` batch, ``T`` rows, ``H`` units, ``Z`` latent.
"""

from __future__ import annotations

import pytest
import torch
from torch import Tensor

from limner.models.cells.table import CELLS
from limner.models.config import CellName, EncoderConfig
from limner.models.recurrent_encoder import RecurrentEncoder

T, H, Z = 12, 8, 4
LENGTHS = [12, 5, 1, 9]


@pytest.fixture(params=list(CELLS))
def encoder(request: pytest.FixtureRequest) -> RecurrentEncoder:
    torch.manual_seed(0)
    made = RecurrentEncoder(EncoderConfig(cell=request.param, size=H), Z)
    torch.nn.init.normal_(made.mu.weight)
    torch.nn.init.normal_(made.presig.weight)
    return made


@pytest.fixture
def rows() -> Tensor:
    return torch.randn(len(LENGTHS), T, 5, generator=torch.Generator().manual_seed(1))


LONG = torch.tensor(LENGTHS)


def test_equals_each_drawing_by_itself(encoder: RecurrentEncoder, rows: Tensor) -> None:
    """Without padding, read forwards and backwards by a plain loop over the cell."""
    latent = encoder(rows, LONG)
    for k, n in enumerate(LENGTHS):
        ends = []
        for cell, order in ((encoder.forwards, rows[k, :n]), (encoder.backwards, rows[k, :n].flip(0))):
            state = cell.zero_state(1)
            for point in order:
                state = cell.step(point[None], state)
            ends.append(state["h"])
        both = torch.cat(ends, dim=-1)
        torch.testing.assert_close(latent.mu[k : k + 1], encoder.mu(both), rtol=0, atol=1e-5)
        torch.testing.assert_close(latent.presig[k : k + 1], encoder.presig(both), rtol=0, atol=1e-5)


def test_garbage_in_padding_changes_nothing(encoder: RecurrentEncoder, rows: Tensor) -> None:
    wanted = encoder(rows, LONG)
    padding = torch.arange(T) >= LONG[:, None]  # (B, T)
    found = encoder(torch.where(padding[..., None], torch.full_like(rows, 1e6), rows), LONG)
    assert torch.equal(found.mu, wanted.mu)
    assert torch.equal(found.presig, wanted.presig)


def test_padding_gets_no_gradient(encoder: RecurrentEncoder, rows: Tensor) -> None:
    rows.requires_grad_()
    (gradient,) = torch.autograd.grad(encoder(rows, LONG).mu.sum(), rows)
    for k, n in enumerate(LENGTHS):
        assert (gradient[k, :n] != 0).any(dim=-1).all()
        assert not gradient[k, n:].any()


def test_more_padding_changes_nothing(encoder: RecurrentEncoder, rows: Tensor) -> None:
    wanted = encoder(rows, LONG)
    found = encoder(torch.cat([rows, torch.ones(len(rows), 30, 5)], dim=1), LONG)
    torch.testing.assert_close(found.mu, wanted.mu, rtol=0, atol=1e-6)


def test_order_of_a_batch_changes_nothing(encoder: RecurrentEncoder, rows: Tensor) -> None:
    order = torch.tensor([2, 0, 3, 1])
    wanted, found = encoder(rows, LONG), encoder(rows[order], LONG[order])
    torch.testing.assert_close(found.mu, wanted.mu[order], rtol=0, atol=1e-6)


def test_order_of_the_points_matters(encoder: RecurrentEncoder, rows: Tensor) -> None:
    """Both directions are read: a drawing and its reverse differ."""
    assert not torch.allclose(encoder(rows, LONG).mu[0], encoder(rows.flip(1), LONG).mu[0], atol=1e-3)


def test_drawing_without_points_is_finite(encoder: RecurrentEncoder, rows: Tensor) -> None:
    lengths = torch.tensor([12, 0, 1, 9])
    latent = encoder(rows, lengths)
    latent.mu.sum().backward()
    assert torch.equal(latent.mu[1], encoder.mu.bias)
    assert all(p.grad.isfinite().all() for p in encoder.parameters() if p.grad is not None)
    torch.testing.assert_close(latent.mu[[0, 2, 3]], encoder(rows, LONG).mu[[0, 2, 3]])


@torch.no_grad()
@pytest.mark.parametrize("cell", list(CELLS))
@pytest.mark.parametrize(("start", "least"), [(True, 0), (False, 9), (True, 9), (True, 40)])
def test_encoders_that_read_more_than_points(rows: Tensor, cell: CellName, start: bool, least: int) -> None:
    """The start token before them, end rows behind them, whatever stands in the padding."""
    torch.manual_seed(0)
    encoder = RecurrentEncoder(EncoderConfig(cell=cell, size=H, reads_start=start, rows=least), Z)
    plain = RecurrentEncoder(EncoderConfig(cell=cell, size=H), Z)
    plain.load_state_dict(encoder.state_dict())
    latent = encoder(rows, LONG)
    first, end = torch.tensor([[0.0, 0, 1, 0, 0]]), torch.tensor([[0.0, 0, 0, 0, 1]])
    for k, n in enumerate(LENGTHS):
        read = torch.cat([first, rows[k, :n]]) if start else rows[k, :n]
        read = torch.cat([read, end.expand(max(least - len(read), 0), 5)])
        wanted = plain(read[None], torch.tensor([len(read)]))
        torch.testing.assert_close(latent.mu[k], wanted.mu[0], rtol=0, atol=1e-5)
        torch.testing.assert_close(latent.presig[k], wanted.presig[0], rtol=0, atol=1e-5)
