"""A model ready to draw: units, seeds, and the words of the public interface."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch

from limner.errors import LimnerError
from limner.models.batch import pad_batch
from limner.models.build import build_model
from limner.models.config import DecoderConfig, EncoderConfig, ModelConfig
from limner.models.weights import Card, save_weights
from limner.sampling import drawing_encoder
from limner.sampling.complete import complete
from limner.sampling.config import SamplingConfig
from limner.sampling.generate import generate
from limner.sampling.model import Model, load_model
from limner.strokes.drawing import Drawing

CONFIG = ModelConfig(
    latent_size=4, encoder=EncoderConfig(size=8), decoder=DecoderConfig(size=16, components=3)
)
BOTH = pytest.mark.parametrize("conditional", [True, False])


def _model(conditional: bool = True) -> Model:
    torch.manual_seed(0)
    config = replace(CONFIG, conditional=conditional)
    network = build_model(config).eval()
    with torch.no_grad():
        for parameter in network.parameters():
            parameter.normal_(std=0.3)
        network.get_parameter("decoder.output.bias")[2] = -4
    facts = {"scale_factor": 20.0, "n_max": 40, "extent": 200.0, "start_reach": 30.0, "tolerance": 1.0}
    card = Card(config, start=(10.0, -5.0), **facts)  # type: ignore[arg-type]
    return Model(network, card)


def _house(size: float = 160.0, corner: tuple[float, float] = (10.0, -5.0)) -> Drawing:
    """Draw a house of three strokes that simplification leaves alone."""
    lines: list[list[tuple[float, float]]] = [
        [(0, 0), (0.1, 0.4), (1, 0.4), (1, 1), (0, 1), (0, 0.4)],
        [(0, 0.4), (0.5, 0), (1, 0.4)],
        [(0.4, 1), (0.4, 0.7), (0.6, 0.7), (0.6, 1)],
    ]
    return Drawing.from_polylines([np.array(line) * size + corner for line in lines], label="house")


# Point by point ----------------------------------------------------------------------------------


@BOTH
def test_begin_and_step(conditional: bool) -> None:
    """What exporters and other programs rely on."""
    model = _model(conditional)
    state = model.begin(batch_size=2)
    point = torch.tensor([[0.0, 0, 1, 0, 0]] * 2, dtype=torch.float64)
    params, state = model.step(point, state)
    for name in ("pi", "mu_x", "mu_y", "sigma_x", "sigma_y", "rho"):
        value = getattr(params, name)
        assert value.shape == (2, 3), name
        assert not value.requires_grad, name
    assert params.pen.shape == (2, 3)
    torch.testing.assert_close(params.pen.sum(-1), torch.ones(2))
    params, _ = model.step(point, state)
    assert params.pi.shape == (2, 3)


def test_begin_with_z() -> None:
    state = _model().begin(z=torch.ones(3, 4))
    assert {len(part) for part in state.values()} == {3}


# Sampling ----------------------------------------------------------------------------------------


@BOTH
def test_sample(conditional: bool) -> None:
    model = _model(conditional)
    drawings = model.sample(4, seed=3)
    assert len(drawings) == 4
    assert all(0 < drawing.n_points <= 40 for drawing in drawings)
    assert model.sample(4, seed=3) == drawings
    assert model.sample(4, seed=4) != drawings
    assert model.sample(4, seed=3, temperature=0.9) != drawings
    assert model.sample(0) == []


def test_sample_is_in_the_units_of_the_corpus() -> None:
    model = _model(conditional=False)
    chance = torch.Generator().manual_seed(0)
    (rows,) = generate(model.network, 1, sampling_config=SamplingConfig(), generator=chance, max_points=40)
    rows[:, :2] *= model.card.scale_factor
    np.testing.assert_allclose(model.sample(1)[0].to_stroke3(), rows, rtol=1e-4, atol=1e-3)


def test_max_points_and_callback() -> None:
    steps: list[int] = []
    drawings = _model().sample(3, max_points=7, callback=lambda index, _: steps.append(index))
    assert max(drawing.n_points for drawing in drawings) == 7
    assert steps == list(range(7))


def test_temperature_is_short_for_taste() -> None:
    model = _model()
    assert model.sample(2, temperature=0.9) == model.sample(2, sampling_config=SamplingConfig(0.9))
    greedy = model.sample(2, sampling_config=SamplingConfig(greedy=True), temperature=0.9, seed=1)
    assert greedy == model.sample(2, sampling_config=SamplingConfig(greedy=True), seed=1)


# Latents -----------------------------------------------------------------------------------------


def test_encode_reads_model_units() -> None:
    """Ink like the corpus is divided by the scale factor, and z = mu."""
    model, house = _model(), _house()
    batch = pad_batch([house.to_stroke3()], model.card.scale_factor)
    found = model.encode([house])
    torch.testing.assert_close(found, model.network.encode(batch).mu.detach(), rtol=0, atol=1e-5)
    assert not found.requires_grad


def test_encode_many(monkeypatch: pytest.MonkeyPatch) -> None:
    model, many = _model(), [_house(size) for size in (100.0, 120.0, 140.0, 160.0, 180.0)]
    whole = model.encode(many)
    assert whole.shape == (5, 4)
    monkeypatch.setattr(drawing_encoder, "ENCODE_BATCH", 2)
    torch.testing.assert_close(model.encode(many), whole, rtol=0, atol=1e-6)
    assert model.encode([]).shape == (0, 4)


def test_scale_and_place_do_not_matter_to_encode() -> None:
    model = _model()
    small, large = model.encode([_house(1.0, (0, 0)), _house(9000.0, (-70_000, 300))])
    torch.testing.assert_close(small, large, rtol=0, atol=1e-4)


def test_reconstruct() -> None:
    model, houses = _model(), [_house(), _house(120.0)]
    drawings = model.reconstruct(houses, seed=5)
    assert [drawing.label for drawing in drawings] == ["house", "house"]
    wanted = model.decode(model.encode(houses), seed=5)
    assert [a.replace(label=None) for a in drawings] == wanted
    assert model.reconstruct([]) == []


def test_interpolate_begins_and_ends_with_reconstructions() -> None:
    model, a, b = _model(), _house(), _house(60.0)
    morph = model.interpolate(a, b, 5, temperature=0.2, seed=1)
    assert len(morph) == 5
    ends = [model.reconstruct([x], temperature=0.2, seed=1)[0].replace(label=None) for x in (a, b)]
    for found, wanted in zip((morph[0], morph[-1]), ends, strict=True):
        assert found.n_points == wanted.n_points
        np.testing.assert_allclose(found.points, wanted.points, atol=0.05)


def test_both_ways_of_interpolating_differ_in_the_middle() -> None:
    model = _model()
    torch.nn.init.normal_(model.network.get_parameter("encoder.mu.weight"), std=3.0)
    arc = model.interpolate(_house(), _house(60.0), 3, way="slerp")
    line = model.interpolate(_house(), _house(60.0), 3, way="lerp")
    assert arc[1] != line[1]
    assert arc[0] == line[0]


# Completion --------------------------------------------------------------------------------------


@BOTH
def test_complete_keeps_the_ink_and_adds_strokes(conditional: bool) -> None:
    house = _house()
    completed = _model(conditional).complete(house, 4, seed=2)
    assert len(completed) == 4
    assert completed[0] != completed[1]
    for drawing in completed:
        assert len(drawing) > len(house)
        assert drawing.replace(strokes=drawing.strokes[:3]) == house


@BOTH
def test_complete_can_go_on_with_the_last_stroke(conditional: bool) -> None:
    house = _house()
    for drawing in _model(conditional).complete(house, 4, lift=False, seed=2):
        assert all(np.array_equal(a, b) for a, b in zip(drawing.strokes[:2], house.strokes[:2], strict=True))
        joined, old = drawing.strokes[2], house.strokes[2]
        assert len(joined) > len(old)
        assert np.array_equal(joined[: len(old)], old)


@BOTH
@pytest.mark.parametrize("lift", [True, False])
def test_new_ink_begins_where_the_old_ended(conditional: bool, lift: bool) -> None:
    """The network is told the house and whether the pen was lifted; its offsets count from the last point."""
    model, house = _model(conditional), _house()
    scale = np.array([model.card.scale_factor, model.card.scale_factor, 1], np.float32)
    rows = house.to_stroke3() / scale
    z = model.encode([house]) if conditional else None
    rows[-1, 2] = lift
    (ending,) = complete(
        model.network,
        rows,
        1,
        z=z,
        sampling_config=SamplingConfig(greedy=True),
        generator=torch.Generator(),
        max_points=9,
    )
    wanted = house.points[-1] + np.cumsum(ending[:, :2] * scale[:2], axis=0)
    (found,) = model.complete(
        house, sampling_config=SamplingConfig(greedy=True), lift=lift, max_points=house.n_points + 9
    )
    np.testing.assert_allclose(found.points[house.n_points :], wanted, rtol=1e-4, atol=1e-2)
    assert len(ending) > 1


def test_a_lifted_pen_and_one_that_is_down_go_on_differently() -> None:
    model = _model()
    lifted, down = (
        model.complete(_house(), sampling_config=SamplingConfig(greedy=True), lift=lift)
        for lift in (True, False)
    )
    assert not np.array_equal(lifted[0].points, down[0].points)


def test_complete_in_foreign_units() -> None:
    """Ink a hundred times as large and elsewhere is finished in the same way, there."""
    model, small = _model(), _house(10.0, (0, 0))
    for factor, shift in ((100.0, 1000.0), (1000.0, -50.0)):
        large = Drawing.from_polylines([stroke * factor + shift for stroke in small])
        for a, b in zip(model.complete(small, 3, seed=1), model.complete(large, 3, seed=1), strict=True):
            assert [len(stroke) for stroke in a] == [len(stroke) for stroke in b]
            np.testing.assert_allclose(b.points, a.points * factor + shift, atol=2e-3 * factor)


def test_complete_in_said_units() -> None:
    """A unit makes the sizes exact where guessing would not."""
    model, house = _model(), _house(160.0)
    ten = Drawing.from_polylines([stroke * 10 + 1000 for stroke in house], label="house")
    for a, b in zip(model.complete(house, 3), model.complete(ten, 3, unit=10.0), strict=True):
        np.testing.assert_allclose(b.points, a.points * 10 + 1000, atol=0.05)


def test_max_points_counts_the_beginning() -> None:
    house = _house()
    for drawing in _model().complete(house, 3, max_points=house.n_points + 4):
        assert house.n_points < drawing.n_points <= house.n_points + 4
    assert all(drawing.n_points <= 40 for drawing in _model().complete(house, 3))


@pytest.mark.parametrize("points", [39, 40, 41, 100])
def test_a_beginning_as_long_as_the_longest_goes_on_too(points: int) -> None:
    """By a third of the longest drawing, 40 points, where the model does not end before."""
    turns = np.linspace(0, 30, points)
    spiral = Drawing.from_polylines([np.column_stack([turns * np.cos(turns), turns * np.sin(turns)]) * 4])
    model = _model()
    with torch.no_grad():
        model.network.get_parameter("decoder.output.bias")[2] = -1e4  # never
    for drawing in model.complete(spiral, 2, unit=1.0):
        assert drawing.n_points == points + 40 // 3


# What is refused ---------------------------------------------------------------------------------

Act = Callable[[Model], object]


@pytest.mark.parametrize(
    "act",
    [
        lambda model: model.encode([_house()]),
        lambda model: model.decode(torch.zeros(1, 4)),
        lambda model: model.reconstruct([_house()]),
        lambda model: model.interpolate(_house(), _house()),
    ],
    ids=["encode", "decode", "reconstruct", "interpolate"],
)
def test_decoder_alone_cannot_encode(act: Act) -> None:
    with pytest.raises(LimnerError, match="is a decoder alone"):
        act(_model(conditional=False))


@pytest.mark.parametrize(
    "act",
    [
        lambda model: model.encode([_house(), Drawing(())]),
        lambda model: model.reconstruct([Drawing(())]),
        lambda model: model.complete(Drawing(())),
    ],
    ids=["encode", "reconstruct", "complete"],
)
def test_empty_drawing_is_refused(act: Act) -> None:
    with pytest.raises(LimnerError, match="drawing without strokes"):
        act(_model())


@pytest.mark.parametrize("unit", [0.0, -1.0, float("nan"), float("inf")])
def test_unit_must_be_above_zero(unit: float) -> None:
    with pytest.raises(LimnerError, match="unit of a drawing must be above 0"):
        _model().complete(_house(), unit=unit)


# From disk ---------------------------------------------------------------------------------------


def test_load_model(tmp_path: Path) -> None:
    model = _model()
    save_weights(model.network, model.card, tmp_path / "model.safetensors")
    for name in (tmp_path, tmp_path / "model.safetensors", str(tmp_path)):
        loaded = load_model(name)
        assert loaded.card == model.card
        assert loaded.conditional
        assert loaded.sample(2, seed=1) == model.sample(2, seed=1)


# How a model draws best --------------------------------------------------------------------------


def test_the_card_says_how_a_model_draws_best() -> None:
    plain = _model()
    model = Model(plain.network, replace(plain.card, sampling={"convention": "steady", "temperature": 0.3}))
    config = SamplingConfig(0.3, convention="steady")
    assert model.sampling_config == config
    assert model.sample(2) == plain.sample(2, sampling_config=config)
    assert model.sample(2, temperature=0.7) == plain.sample(
        2, sampling_config=replace(config, temperature=0.7)
    )
    assert model.complete(_house(), 2) == plain.complete(_house(), 2, sampling_config=config)
    assert model.sample(2, sampling_config=SamplingConfig()) == plain.sample(2)


@pytest.mark.parametrize("sampling", [{"convention": "wobbly"}, {"temperature": -1.0}, {"tempo": 1}])
def test_a_card_that_draws_in_no_known_way_is_refused(tmp_path: Path, sampling: dict[str, object]) -> None:
    model = _model()
    path = tmp_path / "model.safetensors"
    save_weights(model.network, replace(model.card, sampling=sampling), path)
    with pytest.raises(LimnerError, match=r"model\.safetensors: "):
        load_model(path)
