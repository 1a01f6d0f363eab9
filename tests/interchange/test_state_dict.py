"""Networks laid out as in sketch-rnn's ports to torch: after import they say the same, to 1e-5.

Letters: ``B`` batch, ``T`` rows, ``Z`` latent, ``M`` components.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from numpy.typing import NDArray
from tests.interchange.torch_ports import (
    E,
    H,
    M,
    PaddedEncoder,
    PairsNetwork,
    PenLastDecoder,
    Six,
    TwoHeadDecoder,
    TwoHeadEncoder,
    Z,
)
from torch import Tensor, nn

from limner.errors import DataError
from limner.interchange.importing import import_model
from limner.interchange.model_format import ImportOptions
from limner.interchange.state_dict import read_state_dict
from limner.models.batch import Batch, pad_batch
from limner.models.mixture import Mixture
from limner.models.weights import load_weights

B = 3
N_MAX = 9
SCALE = 20.0


@pytest.fixture(scope="module")
def rows() -> list[NDArray[np.float32]]:
    """Return drawings of 5, 9 and 2 points, the longest of the corpus among them."""
    chance = np.random.default_rng(0)
    made = [np.column_stack([20 * chance.normal(size=(n, 2)), np.arange(n) % 3 == 2]) for n in (5, N_MAX, 2)]
    return [row.astype(np.float32) for row in made]


@pytest.fixture
def batch(rows: list[NDArray[np.float32]]) -> Batch:
    return pad_batch(rows, SCALE)


def _padded(rows: list[NDArray[np.float32]], length: int) -> Tensor:
    """Return stroke-5 rows ``(B, length, 5)`` in model units, with end rows after the points."""
    out = torch.zeros(len(rows), length, 5)
    out[:, :, 4] = 1
    for k, row in enumerate(rows):
        lift = torch.from_numpy(row[:, 2])
        out[k, : len(row)] = torch.stack(
            [*torch.from_numpy(row[:, :2] / SCALE).T, 1 - lift, lift, 0 * lift], dim=1
        )
    return out


# The same drawings through both ---------------------------------------------------------------------------


def _compare(found: Mixture, wanted: Six, rows: int) -> None:
    for name, value in zip(("pi", "mu_x", "mu_y", "sigma_x", "sigma_y", "rho", "pen"), wanted, strict=True):
        torch.testing.assert_close(getattr(found, name)[:, :rows], value, rtol=1e-5, atol=1e-5)


@torch.no_grad()
def _assert_equal(path: Path, batch: Batch, mu: Tensor, presig: Tensor, six: Six, **given: Any) -> None:
    network = read_state_dict(path, ImportOptions(SCALE, given.get("n_max"))).network
    latent = network.encode(batch)
    assert latent.presig is not None
    torch.testing.assert_close(latent.mu, mu, rtol=1e-5, atol=1e-5)
    torch.testing.assert_close(latent.presig, presig, rtol=1e-5, atol=1e-5)
    _compare(network(batch).mixture, six, N_MAX)


@torch.no_grad()
@pytest.mark.parametrize("saved", ["halves", "one", "checkpoint"])
@pytest.mark.parametrize("length", [200, 12])
def test_padded(
    rows: list[NDArray[np.float32]], batch: Batch, tmp_path: Path, saved: str, length: int
) -> None:
    torch.manual_seed(0)
    encoder, decoder = PaddedEncoder(), PenLastDecoder()
    halves = {"encoder": encoder.state_dict(), "decoder": decoder.state_dict()}
    path = tmp_path / "encoder-0.1.pth" if saved == "halves" else tmp_path / "all.pt"
    if saved == "halves":
        for name, half in halves.items():
            torch.save(half, tmp_path / f"{name}-0.1.pth")
    elif saved == "one":
        torch.save({f"{name}.{k}": v for name, half in halves.items() for k, v in half.items()}, path)
    else:
        adam = torch.optim.Adam(encoder.parameters())
        torch.save(
            {"epoch": 3, "enc": halves["encoder"], "dec": halves["decoder"], "opt": adam.state_dict()}, path
        )
    mu, presig = encoder(_padded(rows, length).transpose(0, 1))
    six = decoder(batch.inputs[:, :N_MAX].transpose(0, 1), mu)
    given = {} if length == 200 else {"n_max": length}
    _assert_equal(path, batch, mu, presig, tuple(x.transpose(0, 1) for x in six), **given)


@torch.no_grad()
@pytest.mark.parametrize("fused", [False, True])
def test_two_heads(rows: list[NDArray[np.float32]], batch: Batch, tmp_path: Path, fused: bool) -> None:
    torch.manual_seed(0)
    encoder, decoder = TwoHeadEncoder(fused), TwoHeadDecoder(fused)
    torch.save(encoder.state_dict(), tmp_path / "runid-1_encoderRNN.pth")
    torch.save(decoder.state_dict(), tmp_path / "runid-1_decoderRNN.pth")
    start = torch.tensor([0.0, 0, 1, 0, 0]).expand(B, 1, 5)
    mu, presig = encoder(torch.cat([start, _padded(rows, N_MAX + 1)], dim=1).transpose(0, 1))
    six = decoder(batch.inputs[:, :N_MAX].transpose(0, 1), mu)
    path = tmp_path / "runid-1_decoderRNN.pth"
    _assert_equal(path, batch, mu, presig, tuple(x.transpose(0, 1) for x in six), n_max=N_MAX)


@torch.no_grad()
@pytest.mark.parametrize("twice", [True, False])
@pytest.mark.parametrize("prefix", ["", "model."])
def test_pairs(batch: Batch, tmp_path: Path, prefix: str, twice: bool) -> None:
    """Later versions name the cell twice."""
    torch.manual_seed(0)
    network = PairsNetwork()
    state = {prefix + k: v for k, v in network.state_dict().items() if twice or not k.startswith("cell.")}
    torch.save(state, tmp_path / "sketch.pth")
    mu, presig = network.encoder(batch.targets, batch.lengths)
    _assert_equal(tmp_path / "sketch.pth", batch, mu, presig, network(batch.inputs[:, :N_MAX], mu))


# What is said, and what is refused ------------------------------------------------------------------------


@pytest.fixture
def saved(tmp_path: Path) -> Callable[..., Path]:
    """Return a function that writes a state dict with both halves in one file."""

    def save(*halves: nn.Module, **more: Tensor) -> Path:
        state = {
            k: v for name, half in zip("ed", halves, strict=False) for k, v in _under(name, half).items()
        }
        torch.save(state | more, tmp_path / "net.pth")
        return tmp_path / "net.pth"

    return save


def _under(name: str, module: nn.Module) -> dict[str, Tensor]:
    return {f"{name}.{key}": value for key, value in module.state_dict().items()}


def test_the_report(saved: Callable[..., Path], tmp_path: Path) -> None:
    report = import_model(saved(PaddedEncoder(), PenLastDecoder()), tmp_path / "m", scale_factor=SCALE)
    assert report.form == "a state dict of OhataKenji's SketchRNN-Pytorch, or its fork without attention"
    assert report.summary == f"lstm encoder of {E} units, z of {Z}, lstm decoder of {H} units"
    assert (report.scale_factor, report.n_max) == (SCALE, 200)
    assert any("padded to 200 rows" in sentence for sentence in report.assumed)
    network, card = load_weights(tmp_path / "m" / "model.safetensors")
    assert (network.config.encoder.rows, network.config.encoder.reads_start) == (200, False)
    assert card.training["imported"]["sha256"] == report.sha256


def test_the_frame_goes_with_the_weights(saved: Callable[..., Path], tmp_path: Path) -> None:
    report = import_model(
        saved(TwoHeadEncoder(), TwoHeadDecoder()), tmp_path / "m", scale_factor=2.0, n_max=30
    )
    config = load_weights(report.out)[0].config.encoder
    assert (config.rows, config.reads_start) == (32, True)
    assert any("division by 0" in sentence for sentence in report.assumed)


def test_what_must_be_given(saved: Callable[..., Path]) -> None:
    path = saved(TwoHeadEncoder(), TwoHeadDecoder())
    with pytest.raises(DataError, match=r"net\.pth.*say with --n-max how many points"):
        read_state_dict(path, ImportOptions(SCALE, None))
    with pytest.raises(DataError, match=r"net\.pth does not say .* say it with --scale-factor"):
        read_state_dict(path, ImportOptions(None, N_MAX))


@pytest.mark.parametrize(
    ("halves", "words"),
    [
        (
            (PaddedEncoder(),),
            "holds the encoder of OhataKenji's SketchRNN-Pytorch.* alone; put the file of the decoder beside",
        ),
        (
            (nn.Identity(), TwoHeadDecoder()),
            "holds the decoder of labml's sketch_rnn.* alone; put the file of the en",
        ),
        ((nn.Linear(2, 2),), "is laid out as in no program that limner knows"),
    ],
)
def test_halves_and_strangers(saved: Callable[..., Path], halves: tuple[nn.Module, ...], words: str) -> None:
    with pytest.raises(DataError, match=rf"net\.pth {words}"):
        read_state_dict(saved(*halves), ImportOptions(SCALE, N_MAX))


REFUSED = {
    "fc_params.weight": "the last point of a drawing ends it",
    "e.fc_out_weights.weight": "weights of any size",
    "cell.layernorm_h.weight": r"add 0\.00001 to a variance",
    "cell.hyper_cell.weight_hh": r"add 0\.00001 to a variance",
    "d.lstm.rnn_cells.0.0.fiou_ln_layers.0.weight": "remember c as it is after the norm",
    "positional_encoder.positional_encoding": "Cholesky",
    "bottleneck_layer.w.weight": "how likely",
}


@pytest.mark.parametrize("mark", REFUSED)
def test_ports_that_are_not_the_same(saved: Callable[..., Path], mark: str) -> None:
    """Even beside arrays that are known."""
    path = saved(PaddedEncoder(), PenLastDecoder(), **{mark: torch.ones(2, 2)})
    with pytest.raises(
        DataError, match=rf"net\.pth is a network of .*, which limner cannot be: .*{REFUSED[mark]}"
    ):
        read_state_dict(path, ImportOptions(SCALE, N_MAX))


Spoil = Callable[[dict[str, Tensor]], object]
ENCODER, DECODER, UNFIT = "e.encoder_rnn", "d.decoder_rnn", "do not fit together"
SPOILED: dict[str, tuple[Spoil, str]] = {
    "two layers": (
        lambda d: d.update({f"{ENCODER}.weight_ih_l1": torch.ones(2, 2)}),
        "weight_ih_l1 has no place",
    ),
    "one way": (
        lambda d: d.pop(f"{ENCODER}.weight_hh_l0_reverse"),
        f"there is no {ENCODER}.weight_hh_l0_reverse",
    ),
    "no bias": (lambda d: d.pop("d.fc_y.bias"), "there is no d.fc_y.bias"),
    "a vector": (lambda d: d.update({"d.fc_hc.weight": torch.ones(Z)}), UNFIT),
    "narrow z": (lambda d: d.update({"e.fc_mu.weight": torch.ones(Z - 1, 2 * E)}), UNFIT),
    "other size": (lambda d: d.update({f"{DECODER}.weight_hh_l0": torch.ones(4 * H, H + 1)}), UNFIT),
    "odd output": (lambda d: d.update({"d.fc_y.weight": torch.ones(6 * M + 4, H)}), UNFIT),
    "a number": (lambda d: d.update({f"{DECODER}.bias_ih_l0": torch.ones(())}), UNFIT),
}


@pytest.mark.parametrize("damage", SPOILED)
def test_arrays_that_do_not_fit(saved: Callable[..., Path], damage: str) -> None:
    spoil, words = SPOILED[damage]
    path = saved(PaddedEncoder(), PenLastDecoder())
    state = torch.load(path, weights_only=True)
    spoil(state)
    torch.save(state, path)
    with pytest.raises(DataError, match=rf"net\.pth.*{words}"):
        read_state_dict(path, ImportOptions(SCALE, N_MAX))
