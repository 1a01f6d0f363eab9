"""Strong augmentation in training."""

from __future__ import annotations

import torch

from limner.corpus.corpus import Corpus
from limner.corpus.strong_augmentation import StrongAugmentation
from limner.models.batch import Batch
from limner.training.batches import TrainBatches
from limner.training.config import TrainConfig
from limner.training.data import training_data

STRONG = StrongAugmentation(turn=20, mirror=0.5, leave_out=0.3, reorder=0.5)


def _batch(
    corpus: Corpus, vary: StrongAugmentation, step: int = 3, *, rank: int = 0, ranks: int = 1
) -> Batch:
    config = TrainConfig(batch_size=8 // ranks, convention="end-once", vary=vary)
    data = training_data(corpus)
    batches = TrainBatches(data, config, seed=1, steps=9, first_step=lambda: 0, rank=rank, ranks=ranks)
    return batches.batch(step)


def test_it_is_a_function_of_seed_and_step(toys: Corpus) -> None:
    one, same, plain = (_batch(toys, vary) for vary in (STRONG, STRONG, StrongAugmentation()))
    assert torch.equal(one.strokes, same.strokes)
    assert one.strokes.shape != plain.strokes.shape or not torch.equal(one.strokes, plain.strokes)
    assert (one.lengths <= plain.lengths).all()
    assert (one.lengths < plain.lengths).any()  # strokes were left out


def test_several_processes_make_the_same_drawings_as_one(toys: Corpus) -> None:
    whole = _batch(toys, STRONG)
    for rank in (0, 1):
        part = _batch(toys, STRONG, rank=rank, ranks=2)
        assert part.lengths.tolist() == whole.lengths[rank::2].tolist()
        rows = min(part.strokes.shape[1], whole.strokes.shape[1])
        assert torch.equal(part.strokes[:, :rows], whole.strokes[rank::2, :rows])
