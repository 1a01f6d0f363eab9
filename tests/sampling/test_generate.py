"""Choosing points, and when a drawing ends.

Letters: ``B`` drawings, ``M`` components, ``T`` points.
"""

from __future__ import annotations

from typing import Literal

import numpy as np
import pytest
import torch
from torch import Tensor

from limner.models.batch import Batch
from limner.models.build import build_model
from limner.models.config import DecoderConfig, ModelConfig
from limner.models.latent import Latent
from limner.models.mixture import Mixture
from limner.models.protocol import Prediction, SketchModel
from limner.models.state import State
from limner.sampling.config import SamplingConfig
from limner.sampling.generate import choose_point, collect, generate, start_tokens, stream

MANY = 40_000
DOWN, LIFT, END = range(3)


def _chance(seed: int = 0) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


def _bump(rho: float = 0.0, n: int = MANY) -> Mixture:
    """One component at (1, -2) with sigmas 2 and 0.5; the pen always stays down."""
    fields = [0.0, 1.0, -2.0, np.log(2.0), np.log(0.5), np.arctanh(rho)]
    log_pi, mu_x, mu_y, log_sx, log_sy, atanh_rho = (torch.full((n, 1), v) for v in fields)
    return Mixture(log_pi, mu_x, mu_y, log_sx, log_sy, atanh_rho, torch.tensor([50.0, 0, 0]).expand(n, 3))


# One point ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("temperature", [0.25, 0.5, 1.0])
@pytest.mark.parametrize(("rules", "power"), [("paper", 0.5), ("magenta", 1.0), ("js", 0.5)])
def test_temperature_and_deviation(
    temperature: float, rules: Literal["paper", "magenta", "js"], power: float
) -> None:
    """sigma * sqrt(T) by the paper and sketch-rnn-js, sigma * T by sketch-rnn's code."""
    points = choose_point(_bump(), SamplingConfig(temperature, convention=rules), _chance())
    assert points.shape == (MANY, 5)
    spread = temperature**power
    np.testing.assert_allclose(points[:, :2].std(0), [2 * spread, 0.5 * spread], rtol=0.02)
    np.testing.assert_allclose(points[:, :2].mean(0), [1, -2], atol=0.05)


@pytest.mark.parametrize("rho", [-0.95, -0.3, 0.0, 0.6, 0.99])
def test_correlation(rho: float) -> None:
    points = choose_point(_bump(rho), SamplingConfig(1.0), _chance())
    assert np.corrcoef(points[:, :2].numpy().T)[0, 1] == pytest.approx(rho, abs=0.02)


@pytest.mark.parametrize("temperature", [0.2, 1.0, 3.0])
@pytest.mark.parametrize("rules", ["paper", "js"])
def test_temperature_and_choices(temperature: float, rules: Literal["paper", "js"]) -> None:
    """Components and pen states are drawn from the softmax of their logits over T, or 0.5 + 0.5 T."""
    logits = torch.tensor([0.5, -0.5, 0.1])
    place, narrow = torch.tensor([-9.0, 0, 9]).expand(MANY, 3), torch.full((MANY, 3), -9.0)
    log_pi, pen = logits.log_softmax(-1).expand(MANY, 3), logits.expand(MANY, 3)
    mixture = Mixture(log_pi, place, place, narrow, narrow, torch.zeros(MANY, 3), pen)
    points = choose_point(mixture, SamplingConfig(temperature, convention=rules), _chance())
    wanted = (logits / (0.5 + 0.5 * temperature if rules == "js" else temperature)).softmax(-1)
    components = torch.stack([(points[:, 0] - mean).abs() < 1 for mean in (-9, 0, 9)], dim=-1)
    np.testing.assert_allclose(components.double().mean(0), wanted, atol=0.01)
    np.testing.assert_allclose(points[:, 2:].double().mean(0), wanted, atol=0.01)
    assert (points[:, 2:].sum(-1) == 1).all()


@pytest.mark.parametrize(
    ("top_p", "wanted"), [(0.4, [1.0, 0, 0]), (0.7, [0.625, 0.375, 0]), (0.81, [0.5, 0.3, 0.2])]
)
def test_top_p_leaves_the_likeliest(top_p: float, wanted: list[float]) -> None:
    """Components and pen states of 0.5, 0.3 and 0.2: those before which less than top_p has gathered."""
    logits = torch.tensor([0.5, 0.3, 0.2]).log()
    place, narrow = torch.tensor([-9.0, 0, 9]).expand(MANY, 3), torch.full((MANY, 3), -9.0)
    log_pi, pen = logits.expand(MANY, 3), logits.expand(MANY, 3)
    mixture = Mixture(log_pi, place, place, narrow, narrow, torch.zeros(MANY, 3), pen)
    points = choose_point(mixture, SamplingConfig(1.0, top_p=top_p), _chance())
    components = torch.stack([(points[:, 0] - mean).abs() < 1 for mean in (-9, 0, 9)], dim=-1)
    np.testing.assert_allclose(components.double().mean(0), wanted, atol=0.01)
    np.testing.assert_allclose(points[:, 2:].double().mean(0), wanted, atol=0.01)


@pytest.mark.parametrize("temperature", [1e-8, 1e-20, 1e-40, 5e-324])
def test_the_coldest_is_the_likeliest(temperature: float) -> None:
    mixture = _random_mixture()
    found = choose_point(mixture, SamplingConfig(temperature), _chance())
    torch.testing.assert_close(
        found, choose_point(mixture, SamplingConfig(greedy=True), _chance()), rtol=0, atol=0.3
    )


def _random_mixture(n: int = 30, m: int = 5) -> Mixture:
    a, b, c, d, e, f = torch.randn(6, n, m, generator=_chance(1))
    return Mixture(a.log_softmax(-1), 10 * b, 10 * c, d, e, f, torch.randn(n, 3, generator=_chance(2)))


def test_greedy_is_the_argmax_and_takes_no_chance() -> None:
    mixture, generator = _random_mixture(), _chance()
    before = generator.get_state()
    points = choose_point(mixture, SamplingConfig(greedy=True), generator)
    assert torch.equal(generator.get_state(), before)
    for k, point in enumerate(points):
        best = int(mixture.log_pi[k].argmax())
        assert point[:2].tolist() == [mixture.mu_x[k, best], mixture.mu_y[k, best]]
        assert int(point[2:].argmax()) == int(mixture.pen_logits[k].argmax())


# Many points -------------------------------------------------------------------------------------


class Scripted(SketchModel):
    """A network that follows a script: pen states by step and drawing; the offset is the step's number."""

    def __init__(self, *script: str) -> None:
        super().__init__(ModelConfig(conditional=False))
        self.script = [["dle".index(pen) for pen in drawing] for drawing in script]
        self.anchor = torch.nn.Parameter(torch.zeros(()))
        self.taken: list[Tensor] = []

    def encode(self, batch: Batch) -> Latent:
        raise NotImplementedError

    def forward(self, batch: Batch, noise: Tensor | None = None) -> Prediction:
        raise NotImplementedError

    def begin(
        self,
        batch_size: int = 1,
        z: Tensor | None = None,  # noqa: ARG002
        labels: Tensor | None = None,  # noqa: ARG002
    ) -> State:
        return {"t": torch.zeros(batch_size, 1), "row": torch.arange(batch_size)}

    def step(self, point: Tensor, state: State) -> tuple[Mixture, State]:
        self.taken.append(point)
        t = int(state["t"][0])
        scripts = [self.script[row] for row in state["row"].tolist()]
        pens = torch.tensor([drawing[t % len(drawing)] for drawing in scripts])
        where = state["t"] + 1
        nothing = torch.zeros_like(where)
        logits = 1e3 * torch.nn.functional.one_hot(pens, 3).float()
        narrow = torch.full_like(where, -10.0)
        return Mixture(nothing, where, -where, narrow, narrow, nothing, logits), {
            **state,
            "t": state["t"] + 1,
        }


GREEDY = SamplingConfig(greedy=True)


def _stream(
    network: Scripted, max_points: int = 20, sampling_config: SamplingConfig = GREEDY
) -> list[Tensor]:
    n = len(network.script)
    first = start_tokens(n, sampling_config, network.anchor)
    return list(stream(network, network.begin(n), first, sampling_config, _chance(), max_points))


def test_stops_when_all_have_ended() -> None:
    network = Scripted("dde", "dldle")
    points = torch.stack(_stream(network))  # (T, B, 5)
    assert points.shape == (5, 2, 5)
    assert points[:, 1, 2:].argmax(-1).tolist() == [DOWN, LIFT, DOWN, LIFT, END]


def test_ended_drawings_go_on_as_end_rows() -> None:
    """Even if the network would take the pen up again."""
    points = torch.stack(_stream(Scripted("dedd", "dddddde")))
    end_row = torch.tensor([0.0, 0, 0, 0, 1])
    assert points.shape[0] == 7
    assert (points[1:, 0] == end_row).all()
    assert points[0, 0].tolist() == [1, -1, 1, 0, 0]
    assert torch.equal(points[6, 1], end_row)


def test_stops_at_max_points() -> None:
    assert len(_stream(Scripted("d"), max_points=13)) == 13
    assert _stream(Scripted("d"), max_points=0) == []


@pytest.mark.parametrize("greedy", [True, False])
def test_no_drawing_ends_before_min_points(greedy: bool) -> None:
    """The end waits, whoever wants it; from then on it comes when it will, and max_points still cuts."""
    config = SamplingConfig(1.0, greedy=greedy, top_p=0.5, min_points=4)
    points = torch.stack(_stream(Scripted("e", "dddddde"), sampling_config=config))  # (T, B, 5)
    assert points[:, 0, 4].tolist() == [0, 0, 0, 0, 1, 1, 1]
    assert points[:, 1, 4].tolist() == [0, 0, 0, 0, 0, 0, 1]
    assert len(_stream(Scripted("e"), sampling_config=config, max_points=2)) == 2


def test_the_beginning_counts_towards_min_points() -> None:
    network, config = Scripted("e"), SamplingConfig(min_points=4)
    first = start_tokens(1, config, network.anchor)
    points = stream(network, network.begin(1), first, config, _chance(), 9, points_before=3)
    assert [int(point[0, 4]) for point in points] == [0, 1]


def test_network_sees_what_was_drawn() -> None:
    """First the start token, then its own points."""
    network = Scripted("dld", "dddd")
    points = _stream(network, max_points=4)
    assert (network.taken[0] == torch.tensor([0.0, 0, 1, 0, 0])).all()
    assert all(torch.equal(a, b) for a, b in zip(network.taken[1:], points[:-1], strict=True))


def test_network_is_not_asked_for_what_has_ended() -> None:
    """A batch shrinks as drawings end; those that go on keep their places."""
    network = Scripted("de", "dddlde", "e", "ddde")
    points = torch.stack(_stream(network))  # (T, B, 5)
    assert [len(taken) for taken in network.taken] == [4, 3, 2, 2, 1, 1]
    assert points[:, :, 2:].argmax(-1).T.tolist() == [
        [DOWN, END, END, END, END, END],
        [DOWN, DOWN, DOWN, LIFT, DOWN, END],
        [END, END, END, END, END, END],
        [DOWN, DOWN, DOWN, END, END, END],
    ]
    assert points[3, 1, :2].tolist() == [4, -4]


def test_sketch_rnn_js_begins_with_zeros() -> None:
    network = Scripted("de")
    generate(
        network,
        1,
        sampling_config=SamplingConfig(greedy=True, convention="js"),
        generator=_chance(),
        max_points=3,
    )
    assert network.taken[0].tolist() == [[0, 0, 0, 0, 0]]


def test_generate_cuts_before_the_end_row() -> None:
    rows = generate(
        Scripted("dle", "ddddle", "e", "d"),
        4,
        sampling_config=SamplingConfig(greedy=True),
        generator=_chance(),
        max_points=8,
    )
    assert [len(row) for row in rows] == [2, 5, 0, 8]
    assert rows[0].tolist() == [[1, -1, 0], [2, -2, 1]]
    assert rows[2].shape == (0, 3)
    assert {row.dtype for row in rows} == {np.dtype(np.float32)}


def test_callback_sees_every_step() -> None:
    seen: list[tuple[int, Tensor]] = []
    rows = generate(
        Scripted("ddle", "dde"),
        2,
        sampling_config=SamplingConfig(greedy=True),
        generator=_chance(),
        max_points=8,
        callback=lambda index, point: seen.append((index, point)),
    )
    assert [index for index, _ in seen] == [0, 1, 2, 3]
    whole = torch.stack([point for _, point in seen], dim=1)  # (B, T, 5)
    assert whole[0, :3, [0, 1, 3]].tolist() == rows[0].tolist()


def test_collect_nothing() -> None:
    assert [row.shape for row in collect(iter([]), 2)] == [(0, 3), (0, 3)]


# A real network ----------------------------------------------------------------------------------


@pytest.fixture
def network() -> SketchModel:
    torch.manual_seed(0)
    config = ModelConfig(latent_size=4, decoder=DecoderConfig(size=16, components=3))
    made = build_model(config).eval()
    with torch.no_grad():
        made.get_parameter("decoder.output.bias")[2] = -3
    return made


@pytest.mark.parametrize("top_p", [1.0, 0.98])
def test_what_ends_early_changes_nothing(
    network: SketchModel, monkeypatch: pytest.MonkeyPatch, top_p: float
) -> None:
    """The same numbers, whether drawings that have ended leave the batch or not."""
    options = {
        "z": torch.randn(40, 4, generator=_chance(7)),
        "sampling_config": SamplingConfig(0.9, top_p=top_p),
        "max_points": 60,
    }
    shrinking = generate(network, 40, generator=_chance(), **options)  # type: ignore[arg-type]
    monkeypatch.setattr("limner.sampling.generate.COMPACT_AT", 0.0)
    whole = generate(network, 40, generator=_chance(), **options)  # type: ignore[arg-type]
    assert len({len(rows) for rows in whole}) > 4
    assert [len(rows) for rows in shrinking] == [len(rows) for rows in whole]
    for a, b in zip(shrinking, whole, strict=True):
        np.testing.assert_allclose(a, b, atol=1e-4)


def _drawn(network: SketchModel, seed: int, *, greedy: bool = False) -> list[np.ndarray]:
    z, sampling_config = torch.randn(5, 4, generator=_chance(7)), SamplingConfig(0.7, greedy=greedy)
    return generate(network, 5, z=z, sampling_config=sampling_config, generator=_chance(seed), max_points=30)


def test_seed_decides(network: SketchModel) -> None:
    first, again, other = _drawn(network, 0), _drawn(network, 0), _drawn(network, 1)
    assert all(np.array_equal(a, b) for a, b in zip(first, again, strict=True))
    assert not all(np.array_equal(a, b) for a, b in zip(first, other, strict=True))


def test_greedy_is_deterministic(network: SketchModel) -> None:
    for a, b in zip(_drawn(network, 0, greedy=True), _drawn(network, 1, greedy=True), strict=True):
        assert np.array_equal(a, b)


def test_global_chance_is_left_alone(network: SketchModel) -> None:
    before = torch.get_rng_state()
    _drawn(network, 0)
    assert torch.equal(torch.get_rng_state(), before)


def test_no_gradients_are_kept(network: SketchModel) -> None:
    kept: list[bool] = []
    generate(
        network, 1, z=torch.zeros(1, 4), sampling_config=SamplingConfig(), generator=_chance(), max_points=3,
        callback=lambda _, point: kept.append(point.requires_grad),
    )  # fmt: skip
    assert kept
    assert not any(kept)
