"""A map of a few doodles, for tests of the Map room."""

from __future__ import annotations

from pathlib import Path

from limner.corpus.corpus import Corpus, Split, number_labels
from limner.corpus.doodles.make import make_doodles
from limner.curation.selection import write_corpus
from limner.studio.map.make_map import make_map
from limner.studio.map.map_spec import MapSpec
from limner.studio.map.map_store import FOLDER

KINDS = ("cat", "star", "whale")


def write_toys(path: Path, n: int = 60) -> Path:
    """Write a corpus of doodles of three kinds."""
    drawings = make_doodles(n, seed=3, kinds=KINDS)
    labels, names = number_labels([drawing.label for drawing in drawings])
    sources = [f"{path.name}#{i}" for i in range(n)]
    whole = Split.from_arrays([drawing.to_stroke3() for drawing in drawings], labels, sources)
    parts = {"train": whole.take(range(n - 10)), "test": whole.take(range(n - 10, n))}
    write_corpus(Corpus(parts, names), path)
    return path


def order_of(corpus: Path, **more: object) -> MapSpec:
    """Specify a map of a corpus by the form of its drawings."""
    plain = {"by": "shape", "model": None, "sampled": False, "n": 60, "temperature": 0.4, "seed": 0}
    return MapSpec(corpus.name, str(corpus), **{**plain, **more})  # type: ignore[arg-type]


def lay_toys(kept: Path, corpus: Path) -> str:
    """Lay a corpus out in a folder of what is kept; return the map's id."""
    order = order_of(corpus)
    make_map(order, kept / FOLDER / order.id, lambda *_: None)
    return order.id
