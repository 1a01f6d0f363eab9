"""Memory: neighbours vote on the next point."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from numpy.typing import NDArray

from limner.corpus.corpus import Corpus, Split
from limner.corpus.npz_writer import write_npz
from limner.errors import LimnerError
from limner.evaluation.likelihood import likelihood
from limner.models.batch import pad_batch
from limner.models.build import build_model
from limner.models.config import DecoderConfig, ModelConfig, TransformerConfig
from limner.models.protocol import SketchModel
from limner.models.remembered import MOST_DRAWINGS, RememberedDrawings
from limner.models.weights import Card, save_weights
from limner.recipes.engine import InProcess
from limner.sampling.config import SamplingConfig
from limner.sampling.corpora import CorpusRequest, sample_batches
from limner.sampling.guidance import GuidedNetwork, guided
from limner.sampling.labels import ANYTHING
from limner.sampling.memory import MemoryConfig, MemoryNetwork, remember
from limner.sampling.model import Model, load_model
from limner.sampling.remember import with_memory
from limner.strokes.drawing import Drawing

RIGHT = np.array([[1, 0, 0]] * 5 + [[0.5, 2, 1]], np.float32)
DOWN = np.array([[0, 2, 0]] * 3 + [[0, 1, 1]], np.float32)


def network(classes: int = 0) -> SketchModel:
    """Return an untrained decoder of few units."""
    config = ModelConfig(
        conditional=False, classes=classes, class_size=3, decoder=DecoderConfig(size=16, components=3)
    )
    with torch.random.fork_rng():
        torch.manual_seed(1)
        return build_model(config).eval()


def card(config: ModelConfig, classes: tuple[str, ...] = ()) -> Card:
    """Return a header in units of ten."""
    return Card(config, 10.0, 12, 50.0, (0.0, 0.0), 5.0, 0.1, classes)


def model(classes: tuple[str, ...] = ()) -> Model:
    """Return an untrained decoder with its header."""
    own = network(len(classes))
    return Model(own, card(own.config, classes))


def scaled(rows: NDArray[np.float32], factor: float) -> NDArray[np.float32]:
    """Return stroke-3 rows in another unit."""
    return rows * np.array([factor, factor, 1], np.float32)


def drawings(*rows: NDArray[np.float32]) -> list[Drawing]:
    """Return drawings of stroke-3 rows."""
    return [Drawing.from_stroke3(one) for one in rows]


def test_what_is_remembered_is_the_likeliest_next_point() -> None:
    with_it = remember(network(), [RIGHT, DOWN], config=MemoryConfig(neighbours=1))
    batch = pad_batch([RIGHT], scale_factor=1.0)
    with torch.no_grad():
        mixture = with_it(batch).mixture
    best = mixture.log_pi.argmax(-1)[0]
    for t, (dx, dy, lift) in list(enumerate(RIGHT))[1:]:  # before the first, both are alike
        assert mixture.mu_x[0, t, best[t]].item() == pytest.approx(dx)
        assert mixture.mu_y[0, t, best[t]].item() == pytest.approx(dy)
        assert mixture.pen[0, t].argmax().item() == lift
    assert mixture.pen[0, len(RIGHT)].argmax().item() == 2


def test_it_is_a_distribution() -> None:
    with_it = remember(network(), [RIGHT, DOWN])
    with torch.no_grad():
        mixture, _ = with_it.step(torch.tensor([[0.3, 1, 1, 0, 0]]), with_it.begin(1))
    assert mixture.pi.sum().item() == pytest.approx(1, abs=1e-5)
    assert mixture.pen.sum().item() == pytest.approx(1, abs=1e-5)
    reach = torch.arange(-12, 12, 0.02)
    every = torch.cartesian_prod(reach, reach)
    wide = mixture._replace(
        log_sigma_x=mixture.log_sigma_x.clamp(-2, 0.5), log_sigma_y=mixture.log_sigma_y.clamp(-2, 0.5)
    )
    many = type(wide)(*(value.expand(len(every), *value.shape[1:]) for value in wide))
    assert (many.log_density(every).exp().sum() * 0.02**2).item() == pytest.approx(1, abs=1e-2)


def test_no_share_is_the_network_itself() -> None:
    plain = network()
    with_it = remember(plain, [RIGHT], config=MemoryConfig(share=1e-12))
    batch = pad_batch([DOWN], scale_factor=1.0)
    offsets = batch.targets[..., :2]
    with torch.no_grad():
        torch.testing.assert_close(
            with_it(batch).mixture.log_density(offsets), plain(batch).mixture.log_density(offsets)
        )


def test_a_model_with_a_memory_is_likelier_to_draw_alike() -> None:
    split = Split.from_arrays([scaled(RIGHT, 10)])
    plain = model()
    found = with_memory(plain, drawings(*(scaled(RIGHT, 10), DOWN)))
    assert likelihood(found, split).nll_per_point < likelihood(plain, split).nll_per_point
    assert found.sample(2, seed=3)[0].n_points
    assert len(found.complete(drawings(RIGHT[:3])[0], 2, unit=0.1)) == 2


def test_units_do_not_matter() -> None:
    near, far = (with_memory(model(), drawings(scaled(RIGHT, s), scaled(DOWN, s))) for s in (1, 40))
    assert isinstance(near.network, MemoryNetwork)
    assert isinstance(far.network, MemoryNetwork)
    torch.testing.assert_close(near.network.offsets, far.network.offsets)


def test_guidance_is_beneath_the_memory() -> None:
    found = with_memory(model(("mine", ANYTHING)), drawings(RIGHT))
    over = guided(found.network, SamplingConfig(guidance=1.0), found.card.classes)
    assert isinstance(over, MemoryNetwork)
    assert isinstance(over.network, GuidedNetwork)
    assert len(found.sample(2, sampling_config=SamplingConfig(guidance=1.0))) == 2


def test_some_of_many_are_remembered() -> None:
    found = with_memory(model(), drawings(*([DOWN] * (MOST_DRAWINGS + 5))))
    assert isinstance(found.network, MemoryNetwork)
    assert len(found.network.states) <= MOST_DRAWINGS * (len(DOWN) + 1)


def test_refusals() -> None:
    with pytest.raises(LimnerError, match="no drawings to remember"):
        with_memory(model(), [])
    with pytest.raises(LimnerError, match="no drawings to remember"):
        remember(network(), [])
    with pytest.raises(LimnerError, match="no class 'cat'"):
        with_memory(model((ANYTHING,)), drawings(DOWN), label="cat")
    conditional = build_model(ModelConfig(latent_size=2, decoder=DecoderConfig(size=8, components=2)))
    with pytest.raises(LimnerError, match="decoder alone"):
        with_memory(Model(conditional, card(conditional.config)), drawings(DOWN))
    config = ModelConfig(
        kind="transformer",
        conditional=False,
        transformer=TransformerConfig(layers=1, width=8, heads=2, feedforward=8, components=2),
    )
    with pytest.raises(LimnerError, match="no recurrent state"):
        remember(build_model(config).eval(), [DOWN])


def test_a_corpus_is_sampled_with_a_memory(tmp_path: Path) -> None:
    own = model()
    save_weights(own.network, own.card, tmp_path / "own.safetensors")
    write_npz(Corpus({"train": Split.from_arrays([RIGHT, DOWN])}), tmp_path / "mine.npz")
    request = CorpusRequest((str(tmp_path / "own.safetensors"),), 3, keep_empty=True)
    with_it = replace(request, memory=str(tmp_path / "mine.npz"))
    [plain], [found] = (list(sample_batches(one, InProcess())) for one in (request, with_it))
    wanted = with_memory(own, drawings(RIGHT, DOWN)).sample(3)
    assert found[0].to_stroke3().tolist() != plain[0].to_stroke3().tolist()
    assert [one.to_stroke3().tolist() for one in found] == [one.to_stroke3().tolist() for one in wanted]


# A hand that remembers ---------------------------------------------------------------------------


def test_a_model_that_remembers_draws_as_one_with_a_memory(tmp_path: Path) -> None:
    plain = model(("mine", ANYTHING, "cat"))
    remembered = RememberedDrawings([RIGHT, DOWN], [0, 0])
    hand = Model(plain.network, plain.card, remembered)
    with_it = Model(remember(plain.network, [RIGHT, DOWN], labels=torch.tensor([0, 0])), plain.card)
    config = SamplingConfig(0.4)
    drawn = hand.sample(4, label="mine", sampling_config=config)
    assert drawn == with_it.sample(4, label="mine", sampling_config=config)
    assert drawn != plain.sample(4, label="mine", sampling_config=config)
    save_weights(hand.network, hand.card, tmp_path / "hand.safetensors", remembered=remembered)
    again = load_model(tmp_path / "hand.safetensors")
    assert again.sample(4, label="mine", sampling_config=config) == drawn
    given = drawings(RIGHT)[0]
    assert again.complete(given, 2, unit=1.0) == hand.complete(given, 2, unit=1.0)


def test_each_is_remembered_under_its_class() -> None:
    own = network(3)
    both = remember(own, [RIGHT, DOWN], labels=torch.tensor([0, 2]))
    alone = [remember(own, [rows], labels=torch.tensor([k])) for k, rows in ((0, RIGHT), (2, DOWN))]
    torch.testing.assert_close(both.states, torch.cat([one.states for one in alone]))
