"""A small corpus of toy drawings, its features, and pages as a sketchbook holds them."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.curation.kinds import write_pages

from limner.corpus.corpus import Corpus, Split, number_labels
from limner.corpus.doodles.make import make_doodles
from limner.curation.embedder import shape_embedder
from limner.curation.embedding import embed
from limner.curation.features import Features
from limner.curation.items import DrawingItems


@pytest.fixture(scope="session")
def corpus() -> Corpus:
    """Return 80 + 20 + 20 drawings with labels."""
    drawings = make_doodles(120, seed=3)
    labels, names = number_labels([drawing.label for drawing in drawings])
    sources = [f"toys#{i}" for i in range(len(drawings))]
    whole = Split.from_arrays([drawing.to_stroke3() for drawing in drawings], labels, sources)
    bounds = {"train": range(80), "valid": range(80, 100), "test": range(100, 120)}
    return Corpus({name: whole.take(part) for name, part in bounds.items()}, names)


@pytest.fixture(scope="session")
def items(corpus: Corpus) -> DrawingItems:
    return DrawingItems.of(corpus)


@pytest.fixture(scope="session")
def features(items: DrawingItems) -> Features:
    return embed(items, shape_embedder())


@pytest.fixture(scope="session")
def pages(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with six pages of each kind, each kind in a folder."""
    folder = tmp_path_factory.mktemp("pages")
    write_pages(folder, 6, seed=1)
    return folder
