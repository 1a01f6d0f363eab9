"""A small corpus of toy drawings with labels, in three splits."""

from __future__ import annotations

from limner.corpus.corpus import Corpus, Split
from limner.corpus.doodles.make import KINDS, make_doodles


def toy_corpus(train: int = 240, aside: int = 60) -> Corpus:
    """Return a corpus of ``train`` training drawings, and ``aside`` for valid and for test each."""
    drawings = make_doodles(train + 2 * aside, seed=11)
    rows = [drawing.to_stroke3() for drawing in drawings]
    labels = [KINDS.index(str(drawing.label)) for drawing in drawings]
    cuts = {
        "train": slice(0, train),
        "valid": slice(train, train + aside),
        "test": slice(train + aside, None),
    }
    return Corpus({name: Split.from_arrays(rows[cut], labels[cut]) for name, cut in cuts.items()}, KINDS)
