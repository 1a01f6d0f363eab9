"""Going on from a beginning: what the network is told, and what comes back."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from torch import Tensor

from limner.errors import LimnerError
from limner.models.batch import pad_batch
from limner.models.build import build_model
from limner.models.config import DecoderConfig, EncoderConfig, ModelConfig, TransformerConfig
from limner.models.protocol import SketchModel
from limner.models.weights import Card
from limner.sampling.complete import complete, points_left, prime
from limner.sampling.config import SamplingConfig
from limner.sampling.generate import generate

BEGINNING = np.array([[1, 0, 0], [0, 2, 1], [-1, 1, 0], [0.5, 0.5, 1]], np.float32)
BOTH = pytest.mark.parametrize("conditional", [True, False])


def _network(conditional: bool) -> SketchModel:
    torch.manual_seed(0)
    config = ModelConfig(
        conditional=conditional, latent_size=4, encoder=EncoderConfig(size=8), decoder=DecoderConfig(size=16)
    )
    network = build_model(config).eval()
    with torch.no_grad():
        network.get_parameter("decoder.output.bias")[2] = -4
    return network


def _card(config: ModelConfig, n_max: int) -> Card:
    return Card(config, 1.0, n_max, extent=1.0, start=(0.0, 0.0), start_reach=1.0, tolerance=0.0)


def _z(network: SketchModel) -> Tensor | None:
    return torch.ones(1, 4) if network.conditional else None


@BOTH
def test_network_has_seen_the_whole_beginning(conditional: bool) -> None:
    """The mixture after the last point is that of teacher forcing."""
    network = _network(conditional)
    state, point = prime(network, BEGINNING, _z(network), SamplingConfig())
    assert point.tolist() == [[0.5, 0.5, 0, 1, 0]]
    mixture, _ = network.step(point, state)
    inputs = pad_batch([BEGINNING]).inputs[:, :5]  # the start token and four points
    wanted = network.decoder(inputs, _z(network))  # type: ignore[operator]
    torch.testing.assert_close(mixture.mu_x, wanted.mu_x[:, -1], rtol=0, atol=1e-6)
    torch.testing.assert_close(mixture.pen_logits, wanted.pen_logits[:, -1], rtol=0, atol=1e-6)


@BOTH
def test_one_greedy_way_is_the_networks_own(conditional: bool) -> None:
    """From the first points of a greedy drawing it goes on to the same end."""
    network = _network(conditional)
    chance, greedy, z = torch.Generator().manual_seed(0), SamplingConfig(greedy=True), _z(network)
    (whole,) = generate(network, 1, z=z, sampling_config=greedy, generator=chance, max_points=12)
    assert len(whole) == 12
    (ending,) = complete(network, whole[:5], 1, z=z, sampling_config=greedy, generator=chance, max_points=7)
    np.testing.assert_allclose(ending, whole[5:], atol=1e-5)


@BOTH
def test_several_ways(conditional: bool) -> None:
    network = _network(conditional)
    steps: list[tuple[int, ...]] = []
    endings = complete(
        network,
        BEGINNING,
        3,
        z=_z(network),
        sampling_config=SamplingConfig(1.0),
        generator=torch.Generator().manual_seed(1),
        max_points=6,
        callback=lambda index, point: steps.append((index, *point.shape)),
    )
    assert steps[0] == (0, 3, 5)
    assert [len(e) <= 6 for e in endings] == [True] * 3
    assert not np.array_equal(endings[0][0], endings[1][0])


@pytest.mark.parametrize(
    ("read", "most", "room"),
    [
        (0, None, 90),
        (50, None, 40),
        (60, None, 30),
        (90, None, 30),
        (400, None, 30),
        (50, 60, 10),
        (50, 20, 1),
    ],
)
def test_room(read: int, most: int | None, room: int) -> None:
    assert points_left(_card(ModelConfig(), 90), read, most) == room
    assert points_left(_card(ModelConfig(), 1), 5) == 1


def test_room_of_learned_positions() -> None:
    """They are no more than they are; a beginning beyond them is refused in a sentence."""
    config = ModelConfig(kind="transformer", transformer=TransformerConfig(longest=50, positions="learned"))
    card = _card(config, 90)
    assert points_left(card, 40) == 9
    assert points_left(card, 48) == 1
    with pytest.raises(LimnerError, match="49 points, and this model reads 48 at most"):
        points_left(card, 49)


def test_pen_of_the_last_point_matters() -> None:
    """A stroke that goes on and one that has ended are told apart."""
    network, going_on = _network(False), BEGINNING.copy()
    going_on[-1, 2] = 0
    _, lifted = prime(network, BEGINNING, None, SamplingConfig())
    _, down = prime(network, going_on, None, SamplingConfig())
    assert lifted[0, 2:].tolist() == [0, 1, 0]
    assert down[0, 2:].tolist() == [1, 0, 0]
