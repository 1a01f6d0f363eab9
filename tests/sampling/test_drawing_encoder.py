"""What a model makes of drawings: embeddings, classes, neighbours."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from limner.errors import LimnerError
from limner.models.build import build_model
from limner.models.config import EncoderConfig, ModelConfig, SketchformerConfig
from limner.models.weights import Card
from limner.sampling.model import Model
from limner.strokes.drawing import Drawing

NAMES = ("house", "zigzag")
OWN = SketchformerConfig(
    layers=1, width=16, heads=2, feedforward=16, components=2, memory=2, num_classes_recognized=2
)


def _model(config: ModelConfig | None = None) -> Model:
    torch.manual_seed(0)
    config = config or ModelConfig(kind="sketchformer", latent_size=6, sketchformer=OWN)
    return Model(build_model(config).eval(), Card(config, 20.0, 40, 200.0, (0.0, 0.0), 30.0, 1.0, NAMES))


def _zigzags(n: int) -> list[Drawing]:
    rng = np.random.default_rng(0)
    return [Drawing.from_polylines([rng.uniform(0, 150, (9, 2))], label="zigzag") for _ in range(n)]


def test_classify_gives_probabilities_of_all_classes() -> None:
    model, drawings = _model(), _zigzags(5)
    found = model.classify(drawings)
    assert found.shape == (5, 2)
    assert not found.requires_grad
    torch.testing.assert_close(found.sum(1), torch.ones(5))
    torch.testing.assert_close(found, model.network.class_logits(model.encode(drawings)).softmax(-1))
    assert model.classify([]).shape == (0, 2)


def test_classify_needs_a_network_that_was_taught() -> None:
    model = _model(ModelConfig(latent_size=6, encoder=EncoderConfig(size=4)))
    with pytest.raises(LimnerError, match="tells no classes apart; train one of --model"):
        model.classify(_zigzags(1))


def test_embeddings_have_length_one() -> None:
    model, drawings = _model(), _zigzags(4)
    found = model.embed(drawings)
    torch.testing.assert_close(found.norm(dim=1), torch.ones(4))
    z = model.encode(drawings)
    torch.testing.assert_close(found @ found.T, torch.nn.functional.cosine_similarity(z[:, None], z, dim=2))


def test_retrieve_finds_the_drawing_itself_first() -> None:
    model, gallery = _model(), _zigzags(6)
    wanted = [4, 0, 5]
    found = model.retrieve([gallery[k] for k in wanted], gallery, 3)
    assert found[:, 0].tolist() == wanted
    assert all(len(set(row)) == 3 for row in found.tolist())
    assert model.retrieve(gallery[:1], gallery, 99).shape == (1, 6)


def test_a_decoder_alone_reads_nothing() -> None:
    model = _model(ModelConfig(kind="sketchformer", conditional=False, sketchformer=OWN))
    for act in (model.embed, model.encode):
        with pytest.raises(LimnerError, match="is a decoder alone"):
            act(_zigzags(1))
    with pytest.raises(LimnerError, match="tells no classes apart"):
        model.classify(_zigzags(1))


def test_samples_come_from_the_prior() -> None:
    """Latents such as the embeddings of training, not standard normal ones."""
    model = _model()
    model.network.train()
    wanted = model.encode(_zigzags(1))[0]
    model.network.eval()
    seen = []
    begin = model.network.begin

    def told(size: int, z: torch.Tensor, labels: None) -> object:
        seen.append(z)
        return begin(size, z, labels)

    model.network.begin = told  # type: ignore[method-assign, assignment]
    model.sample(50, max_points=1)
    torch.testing.assert_close(seen[0], wanted.expand(50, 6), rtol=0, atol=0.06)
