"""Drawing one class or another by its name."""

from __future__ import annotations

import pytest
import torch

from limner.errors import LimnerError
from limner.models.build import build_model
from limner.models.config import DecoderConfig, EncoderConfig, ModelConfig
from limner.models.weights import Card
from limner.sampling.labels import label_numbers, unnamed_classes
from limner.sampling.model import Model
from limner.strokes.drawing import Drawing

CLASSES = ("cat", "dog", "sheep")


def _chance() -> torch.Generator:
    return torch.Generator().manual_seed(0)


def _model(classes: int = 3, *, conditional: bool = True) -> Model:
    torch.manual_seed(0)
    config = ModelConfig(
        conditional=conditional,
        latent_size=4,
        classes=classes,
        encoder=EncoderConfig(size=8),
        decoder=DecoderConfig(size=16, components=3),
    )
    network = build_model(config)
    for weight in network.parameters():
        torch.nn.init.normal_(weight, std=0.4)
    card = Card(
        config=config,
        scale_factor=10.0,
        n_max=12,
        extent=100.0,
        start=(0.0, 0.0),
        start_reach=10.0,
        tolerance=0.0,
        classes=CLASSES,
    )
    return Model(network.eval(), card)


def _same(a: list[Drawing], b: list[Drawing]) -> bool:
    return [d.replace(label=None) for d in a] == [d.replace(label=None) for d in b]


def test_names_become_numbers_and_no_name_any() -> None:
    numbers = label_numbers(["dog", None, "cat", *[None] * 200], CLASSES, _chance())
    assert numbers is not None
    assert numbers[[0, 2]].tolist() == [1, 0]
    assert set(numbers.tolist()) == {0, 1, 2}
    assert label_numbers([None, None], (), _chance()) is None


@pytest.mark.parametrize(
    ("known", "own", "unnamed"),
    [
        (("ant", "anything", "cat"), 0, ["anything"]),
        (("mine", "ant", "anything", "cat"), 1, ["mine"]),
        (("camel", "teapot", "anything", "cat"), 2, ["camel", "teapot"]),
        (CLASSES, 0, list(CLASSES)),
        ((), 0, []),
    ],
)
def test_a_hand_draws_what_is_its_own(known: tuple[str, ...], own: int, unnamed: list[str]) -> None:
    assert list(unnamed_classes(known, own)) == unnamed
    numbers = label_numbers([None] * 50, known, _chance(), own)
    assert sorted({known[k] for k in ([] if numbers is None else numbers.tolist())}) == sorted(unnamed)


def test_no_name_is_anything_where_that_was_taught() -> None:
    numbers = label_numbers(["dog", None, None], ("cat", "anything", "dog"), _chance())
    assert numbers is not None
    assert numbers.tolist() == [2, 1, 1]


def test_unknown_names_are_refused_with_the_nearest() -> None:
    with pytest.raises(LimnerError, match="no class 'shep'; did you mean 'sheep'"):
        label_numbers(["shep"], CLASSES, _chance())
    with pytest.raises(LimnerError, match="told no classes"):
        label_numbers(["cat"], (), _chance())


def test_sample_draws_the_class_and_says_so() -> None:
    model = _model()
    cats, dogs = model.sample(5, label="cat"), model.sample(5, label="dog")
    assert {drawing.label for drawing in cats} == {"cat"}
    assert not _same(cats, dogs)
    assert {drawing.label for drawing in model.sample(30)} == set(CLASSES)


def test_decode_takes_a_label_for_each() -> None:
    model, z = _model(), torch.zeros(3, 4)
    mixed = model.decode(z, label=["cat", "dog", "cat"])
    assert [drawing.label for drawing in mixed] == ["cat", "dog", "cat"]


def test_reconstruct_goes_by_the_drawings_class() -> None:
    model = _model()
    drawing = model.sample(1, label="dog", seed=3)[0]
    (redrawn,) = model.reconstruct([drawing], unit=1.0)
    (wanted,) = model.decode(model.encode([drawing], unit=1.0), label="dog")
    assert _same([redrawn], [wanted])
    (odd,) = model.reconstruct([drawing.replace(label="zebra")], unit=1.0)
    assert odd.label == "zebra"


def test_complete_and_interpolate_by_class() -> None:
    model = _model()
    a, b = model.sample(2, label="cat", seed=5)
    assert model.complete(a, 2, label="cat") == model.complete(a, 2, label="cat")
    assert model.complete(a, 2, label="cat") != model.complete(a, 2, label="sheep")
    assert {d.label for d in model.interpolate(a, b, 3, label="dog", unit=1.0)} == {"dog"}


def test_a_model_that_is_told_none_keeps_its_drawings_without_label() -> None:
    model = _model(classes=0)
    assert {drawing.label for drawing in model.sample(3)} == {None}
    with pytest.raises(LimnerError, match="told no classes"):
        model.sample(1, label="cat")
