"""The toy corpus: 10,000 doodles of seed 0."""

from __future__ import annotations

from typing import TYPE_CHECKING

from limner.corpus.corpus import Split, number_labels
from limner.corpus.doodles.make import make_doodles

if TYPE_CHECKING:
    from limner.corpus.builder import CorpusBuilder

SIZE = 10_000
"""Doodles of the corpus."""
SEED = 0
SPLITS = {"train": range(8_000), "valid": range(8_000, 9_000), "test": range(9_000, SIZE)}
"""Indices of the doodles of each split."""


def read_doodles(builder: CorpusBuilder) -> None:
    """Make the toy drawings and give them to a builder: 8,000 train, 1,000 valid, 1,000 test."""
    drawings = make_doodles(SIZE, seed=SEED)
    labels, names = number_labels([drawing.label for drawing in drawings])
    sources = [f"doodles#{i}" for i in range(len(drawings))]
    whole = Split.from_arrays([drawing.to_stroke3() for drawing in drawings], labels, sources)
    builder.add({name: whole.take(indices) for name, indices in SPLITS.items()}, names)
