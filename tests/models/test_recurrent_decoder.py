"""The decoder: what is dropped on its way in and out.

Letters: ``B`` batch, ``T`` points, ``Z`` latent.
"""

from __future__ import annotations

import pytest
import torch

from limner.models.config import DecoderConfig
from limner.models.recurrent_decoder import RecurrentDecoder

B, T, Z = 3, 6, 4


def _decoder(**settings: float) -> RecurrentDecoder:
    torch.manual_seed(0)
    return RecurrentDecoder(DecoderConfig(size=8, components=2, **settings), Z)  # type: ignore[arg-type]


def _read(decoder: RecurrentDecoder, seed: int) -> torch.Tensor:
    torch.manual_seed(seed)
    points, z = torch.randn(B, T, 5, generator=torch.Generator().manual_seed(9)), torch.ones(B, Z)
    found: torch.Tensor = decoder(points, z).pen_logits
    return found


@pytest.mark.parametrize("name", ["input_keep", "output_keep", "recurrent_keep"])
def test_each_dropout_works_in_training_alone(name: str) -> None:
    whole, dropping = _decoder(), _decoder(**{name: 0.5})
    assert not torch.equal(_read(dropping.train(), 1), _read(dropping, 2))
    assert torch.equal(_read(dropping, 1), _read(dropping, 1))
    torch.testing.assert_close(_read(dropping.eval(), 1), _read(whole.eval(), 2))


def test_input_dropout_takes_z_at_every_point_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    """A drawing's z is not dropped once for all its points."""
    decoder, seen = _decoder(input_keep=0.5).train(), []
    true = decoder.cell.forward

    def forward(x: torch.Tensor, *rest: object, **options: object) -> torch.Tensor:
        seen.append((x, options["extra"]))
        return true(x, *rest, **options)  # type: ignore[arg-type]

    monkeypatch.setattr(decoder.cell, "forward", forward)
    _read(decoder, 1)
    ((x, extra),) = seen
    assert extra is None
    z = x[..., 5:]  # (B, T, Z)
    assert set(z.flatten().tolist()) == {0.0, 2.0}
    assert (z != z[:, :1]).any()


def test_output_dropout_leaves_the_recurrence_alone() -> None:
    """What the cell remembers is whole; only what the last layer reads is dropped."""
    decoder, kept = _decoder(output_keep=0.5).train(), []
    decoder.output.register_forward_pre_hook(lambda _, inputs: kept.append(inputs[0]))
    _read(decoder, 1)
    plain = _decoder().train()
    plain.output.register_forward_pre_hook(lambda _, inputs: kept.append(inputs[0]))
    _read(plain, 1)
    dropped, whole = kept
    assert 0.2 < (dropped == 0).float().mean() < 0.8
    torch.testing.assert_close(dropped, torch.where(dropped == 0, dropped, 2 * whole))


@torch.no_grad()
def test_z_goes_through_tanh_to_the_first_state_alone() -> None:
    """As the client of old models of sketch-rnn-js has it; the cell's input is z itself."""
    decoder = _decoder(latent_tanh=True).eval()
    assert decoder.z_to_state is not None
    torch.nn.init.normal_(decoder.z_to_state.weight)
    points = torch.randn(B, T, 5, generator=torch.Generator().manual_seed(9))
    z = 3 * torch.randn(B, Z, generator=torch.Generator().manual_seed(8))
    both = torch.tanh(torch.tanh(z) @ decoder.z_to_state.weight.T + decoder.z_to_state.bias)
    state = decoder.begin(B, z)
    torch.testing.assert_close(state["c"], both[:, :8])
    torch.testing.assert_close(state["h"], both[:, 8:])
    told = decoder(points, z)
    by_hand = {"c": both[:, :8], "h": both[:, 8:]}
    for t in range(T):
        mixture, state = decoder.step(points[:, t], state)
        by_hand = decoder.cell.step(torch.cat([points[:, t], z], dim=1), by_hand)
        torch.testing.assert_close(mixture, decoder.head(decoder.output(by_hand["h"])))
        torch.testing.assert_close(mixture.mu_x, told.mu_x[:, t])
    other = _decoder().eval()
    other.load_state_dict(decoder.state_dict())
    assert not torch.allclose(other.begin(B, z)["h"], state["h"])
