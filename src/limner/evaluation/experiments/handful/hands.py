"""Hands: few drawings to learn from, and others of the same hand that were set aside to judge by.

Five classes of QuickDraw that ``sketches`` never saw, the sheep and the single lines of two corpora of
sketch-rnn, and eight pages of a sketchbook.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from limner.corpus.corpus import Corpus, Split
from limner.corpus.load import load_corpus
from limner.corpus.split import random_splits
from limner.errors import DataError
from limner.evaluation.experiments.run import find_corpus
from limner.evaluation.protocol.set_aside import set_aside
from limner.recipes.build import build
from limner.strokes.drawing import Drawing

CLASSES = ("airplane", "camel", "saxophone", "umbrella", "windmill")
"""Classes without a teacher, unlike each other, which ``scripts/train_base.py`` keeps from ``sketches``."""
FOLDER, SHEEP, LOOK, PAGES = (
    "simplified", "aaron_sheep.npz", "look_i16__minn10_epsilon1.npz", "scans/sketchbook",
)  # fmt: skip
PAGES_ASIDE = 2
MOST_JUDGED = 200


@dataclass(frozen=True, eq=False)
class Hand:
    """Drawings of one hand."""

    name: str
    """What they show, in the report."""
    group: str
    """Hands that are averaged in the report."""
    label: str | None
    """Their class, as the protocol's encoder knows it; None if they have none."""
    learned: Split
    judged: Split
    """Drawings that were set aside."""
    seeds: tuple[int, ...] = (1,)

    @property
    def size(self) -> int:
        """Number of drawings to learn from."""
        return len(self.learned)

    @property
    def folder(self) -> str:
        """Name of its folder."""
        return f"{self.name.replace(' ', '-')}-{self.size}"

    def corpus(self) -> Corpus:
        """Return the drawings to learn from, shared out as those of anybody's file are."""
        parts = random_splits(self.size)
        return Corpus({name: self.learned.take(indices) for name, indices in parts.items() if len(indices)})

    def drawings(self, judged: bool = False) -> list[Drawing]:
        """Return the drawings to learn from, or those that were set aside."""
        return [Drawing.from_stroke3(rows) for rows in (self.judged if judged else self.learned)]


def read_hands(data: Path | None, cache: Path) -> tuple[Hand, ...]:
    """Read all hands.

    Parameters
    ----------
    data : Path, optional
        A folder that is searched before that of ``LIMNER_DATA`` and the download cache.
    cache : Path
        A folder that keeps the corpus which is made of the pages.

    Raises
    ------
    DataError
        If a corpus is not found or damaged.
    """
    classes, largest_first = list(_classes(data)), lambda hand: -hand.size
    return (*sorted(classes, key=largest_first), *_sheep(data), *_look(data), *_pages(data, cache))


def _classes(data: Path | None) -> Iterator[Hand]:
    first = Path(find_corpus(f"{FOLDER}/{CLASSES[0]}.ndjson", data))
    places = set_aside(first.parent)
    for n, seeds in ((5, (1,)), (20, (1, 2, 3))):
        for name in CLASSES:
            if name not in places:
                raise DataError(
                    f"{first.parent / name}.ndjson is missing; the experiment learns its drawings."
                )
            aside, rest = places[name]
            whole = _all(load_corpus(first.parent / f"{name}.ndjson"))
            yield Hand(
                name, f"five classes, {n} drawings", name, whole.take(rest[:n]), whole.take(aside), seeds
            )


def _sheep(data: Path | None) -> Iterator[Hand]:
    corpus = load_corpus(find_corpus(SHEEP, data))
    for n in (30, 100, 1000):
        yield _part(corpus, n, "sheep", "test", "sheep")


def _look(data: Path | None) -> Iterator[Hand]:
    corpus = load_corpus(find_corpus(LOOK, data))
    for n in (30, 100, 1300):
        yield _part(corpus, n, "look", "valid", None)


def _part(corpus: Corpus, n: int, name: str, judged: str, label: str | None) -> Hand:
    train, aside = corpus.splits["train"], corpus.splits[judged]
    learned = _spread(train, n)
    return Hand(name, f"{name}, {n:,} drawings", label, learned, _spread(aside, MOST_JUDGED))


def _spread(split: Split, n: int) -> Split:
    """Return ``n`` drawings at equal distances, or all of fewer."""
    n = min(n, len(split))
    return split.take(np.arange(n) * len(split) // n)


def _pages(data: Path | None, cache: Path) -> Iterator[Hand]:
    """Yield what the recipe makes of the pages: six to learn from, and two set aside, which say little."""
    path = cache / "sketchbook.parquet"
    if not path.is_file():
        cache.mkdir(parents=True, exist_ok=True)
        build([find_corpus(PAGES, data)], path, recipe="sketchbook", jobs=1)
    whole = _all(load_corpus(path))
    pages = [str(source).partition("#")[0] for source in whole.sources]
    names = sorted(set(pages))
    aside = np.isin(pages, names[:: max(1, -(-len(names) // PAGES_ASIDE))])
    learned = whole.take(np.flatnonzero(~aside))
    yield Hand("sketchbook", "sketchbook, six pages", None, learned, whole.take(np.flatnonzero(aside)))


def _all(corpus: Corpus) -> Split:
    """Return the drawings of all splits, without labels, in the order of the file where it has no splits."""
    rows = [rows for split in corpus.splits.values() for rows in split]
    return Split.from_arrays(rows, sources=[s for split in corpus.splits.values() for s in split.sources])
