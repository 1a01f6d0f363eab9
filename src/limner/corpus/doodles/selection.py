"""A few drawings of the corpus of doodles, without making all ten thousand."""

from __future__ import annotations

import numpy as np

from limner.corpus.doodles.corpus import SEED, SIZE, SPLITS
from limner.corpus.doodles.make import make_doodles
from limner.strokes.drawing import Drawing


def select_doodles(split: str | None, n: int, seed: int) -> list[Drawing]:
    """Select ``n`` doodles of a split at random: those that are selected from the whole corpus, too.

    Parameters
    ----------
    split : {"train", "valid", "test"}, optional
        test unless given.
    n : int
    seed : int
    """
    members = SPLITS[split or "test"]
    order = np.random.default_rng(seed).permutation(len(members))
    indices = [members[int(order[k % len(members)])] for k in range(n)]
    doodles = make_doodles(SIZE, seed=SEED, only=indices)
    return [
        Drawing.from_stroke3(doodle.to_stroke3(), label=doodle.label, source=f"doodles#{index}")
        for doodle, index in zip(doodles, indices, strict=True)
    ]
