"""Guided drawings lean towards their class, and stay what they are without guidance."""

from __future__ import annotations

import pytest
import torch
from torch import Tensor

from limner.models.build import build_model
from limner.models.config import DecoderConfig, JointName, ModelConfig
from limner.models.mixture import Mixture
from limner.models.protocol import SketchModel
from limner.models.weights import Card
from limner.sampling.config import SamplingConfig
from limner.sampling.guidance import GuidedNetwork, guide, guided
from limner.sampling.model import Model

CLASSES = ("anything", "cat", "dog")


def network(joint: JointName = "independent") -> SketchModel:
    """Return a network that is told one of three classes, whose embeddings differ a lot."""
    torch.manual_seed(0)
    config = ModelConfig(
        conditional=False, classes=3, class_size=4, decoder=DecoderConfig(size=12, components=3, joint=joint)
    )
    built = build_model(config).eval()
    with torch.no_grad():
        for parameter in built.parameters():
            parameter.mul_(2.0)
    return built


def two_mixtures(joint: JointName) -> tuple[Mixture, Mixture]:
    """Return what a network predicts for a cat and for anything."""
    built, point = network(joint), torch.tensor([[0.5, -0.2, 1.0, 0.0, 0.0]]).expand(2, 5)
    mixture, _ = built.step(point, built.begin(2, labels=torch.tensor([1, 0])))
    halves = [Mixture(*(value[k : k + 1] for value in mixture)) for k in range(2)]
    return halves[0], halves[1]


def close(a: Tensor, b: Tensor) -> bool:
    return torch.allclose(a, b, atol=1e-5)


@pytest.mark.parametrize("joint", ["independent", "component", "conditioned"])
def test_guidance_of_0_changes_nothing(joint: JointName) -> None:
    cat, anything = two_mixtures(joint)
    same = guide(cat, anything, 0.0)
    assert close(same.pi, cat.pi)
    assert close(same.pen, cat.pen)


def test_pen_states_get_the_weight_of_their_ratio() -> None:
    cat, anything = two_mixtures("independent")
    expected = cat.pen * (cat.pen / anything.pen) ** 2
    assert close(guide(cat, anything, 2.0).pen, expected / expected.sum())


def test_components_get_the_weight_of_the_ratio_at_their_means() -> None:
    cat, anything = two_mixtures("independent")
    ratios = [
        cat.log_density(mean) - anything.log_density(mean)
        for mean in torch.stack([cat.mu_x[0], cat.mu_y[0]], dim=-1).unsqueeze(1)
    ]
    expected = cat.pi * torch.cat(ratios).clamp(-20, 20).exp()
    assert close(guide(cat, anything, 1.0).pi, expected / expected.sum())


@pytest.mark.parametrize("joint", ["independent", "component", "conditioned"])
def test_a_guided_prediction_is_a_distribution(joint: JointName) -> None:
    mixture = guide(*two_mixtures(joint), 3.0)
    assert close(mixture.pi.sum(-1), torch.ones(1))
    assert close(mixture.pen.sum(-1), torch.ones(1))


def test_only_networks_that_draw_without_a_class_are_guided() -> None:
    built = network()
    assert guided(built, SamplingConfig(guidance=1.0), ("bird", "cat", "dog")) is built
    assert guided(built, SamplingConfig(), CLASSES) is built
    assert isinstance(guided(built, SamplingConfig(guidance=1.0), CLASSES), GuidedNetwork)


def model() -> Model:
    return Model(network(), Card(network().config, 20.0, 30, 200.0, (0.0, 0.0), 30.0, 1.0, CLASSES))


def test_drawings_of_no_class_stay_the_same() -> None:
    plain, config = model(), SamplingConfig(0.5)
    strong = SamplingConfig(0.5, guidance=2.0)
    assert plain.sample(3, sampling_config=config) == plain.sample(3, sampling_config=strong)
    assert plain.sample(3, sampling_config=config, label="cat") != plain.sample(
        3, sampling_config=strong, label="cat"
    )


def test_a_batch_of_both_guides_the_one_with_a_class() -> None:
    built = GuidedNetwork(network(), 2.0, 0)
    point = torch.tensor([[0.5, -0.2, 1.0, 0.0, 0.0]]).expand(2, 5)
    both, state = built.step(point, built.begin(2, labels=torch.tensor([0, 1])))
    plain, _ = built.network.step(point, built.network.begin(2, labels=torch.tensor([0, 1])))
    assert close(both.pi[0], plain.pi[0])
    assert not close(both.pi[1], plain.pi[1])
    assert all(len(value) == 2 for value in state.values())


def test_completions_are_guided() -> None:
    plain = model()
    beginning = plain.sample(1, seed=3, sampling_config=SamplingConfig(min_points=5))[0]
    options = {"n": 2, "label": "dog", "unit": 1.0}
    with_guidance = plain.complete(beginning, sampling_config=SamplingConfig(guidance=2.0), **options)  # type: ignore[arg-type]
    assert with_guidance != plain.complete(beginning, sampling_config=SamplingConfig(), **options)  # type: ignore[arg-type]


def test_a_guided_network_encodes_and_predicts_as_its_own() -> None:
    built = GuidedNetwork(network(), 1.0, 0)
    with pytest.raises(ValueError, match="decoder alone"):
        built.encode(None)  # type: ignore[arg-type]
