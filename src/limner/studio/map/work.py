"""Makes a map, in a process of its own: ``python -m limner.studio.map.work FOLDER ORDER``.

It says in lines of JSON how far it is, and ends when nobody listens any more. The folder is written whole or
not at all; :mod:`limner.studio.map.shelf` reads it.
"""

from __future__ import annotations

import json
import os
import signal
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from limner.errors import LimnerError
from limner.files import whole_folder, write_text
from limner.studio.map.order import Order

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from limner.curation.clusters import Clusters
    from limner.curation.features import Features
    from limner.curation.items import DrawingItems, Progress
    from limner.curation.tiles import TileSheets

    Tell = Callable[[str, int, int], object]
    """Takes what is being done, how much of it is done, and of how much."""

FACTS, DATA, SHEET = "map.json", "data.json", "sheet-{}.png"
FEATURES, DRAWINGS, PLACES = "features.parquet", "drawings.parquet", "places.parquet"
MOST_CLUSTERS, IN_ONE = 12, 12
"""Clusters at most, and drawings of one at least in the mean."""
MEMORY_BYTES = 6_000_000_000
"""That making a map may take; networks reserve much more than they use."""
AT_ONCE = 128
"""Samples that are drawn together."""


PARTS = {"Imagining": 60, "Reading": 20, "Looking": 25, "Laying out": 25, "Drawing": 30, "Writing": 2}
"""The stages in order, and about how much of the time each of them takes."""


def share_done(stage: str, done: int, of: int, *, sampled: bool) -> float:
    """Return how much of a map is made, from 0 to 1, when so much of a stage is done."""
    parts = {name: part for name, part in PARTS.items() if sampled or name != "Imagining"}
    before = sum(parts[name] for name in list(parts)[: list(parts).index(stage)])
    return (before + parts[stage] * (done / of if of else 0.0)) / sum(parts.values())


def make_map(order: Order, folder: Path, tell: Tell) -> None:
    """Make a map.

    Raises
    ------
    LimnerError
        If the corpus or the model cannot be used, or the folder cannot be written.
    """
    from limner.curation.clustering import find_clusters
    from limner.curation.embedding import embed
    from limner.curation.projection_2d import project_2d
    from limner.curation.tiles import tile_sheets
    from limner.interchange.embedders import find_embedder

    if order.sampled and not Path(order.corpus).is_file():
        _sample(order, tell)
    tell("Reading", 0, 0)
    items = _some_of(order)
    features = embed(items, find_embedder(order.features), progress=_told(tell, "Looking"))
    tell("Laying out", 0, 0)
    k = max(1, min(MOST_CLUSTERS, len(features) // IN_ONE))
    clusters = find_clusters(features, k, seed=order.seed % 2**32)[0]
    places = project_2d(features.matrix, seed=order.seed % 2**32, progress=_told(tell, "Laying out"))
    sheets = tile_sheets(items, _told(tell, "Drawing"))
    tell("Writing", 0, 0)
    with whole_folder(folder) as draft:
        write_map(draft, order, items, features, clusters, places, sheets)


def about(order: Order, n: int) -> str:
    """Say in some words what is laid out, and how."""
    likeness = f"by latents of {Path(order.model or '').stem or order.model}"
    return f"{n:,} drawings {likeness if order.by == 'latent' else 'by form'}"


def write_map(
    draft: Path,
    order: Order,
    items: DrawingItems,
    features: Features,
    clusters: Clusters,
    places: NDArray[np.float32],
    sheets: TileSheets,
) -> None:
    """Write all of a map into a folder; the sheets are found at the room's own addresses."""
    from limner.corpus.parquet_writer import write_parquet
    from limner.curation.features import write_features
    from limner.curation.map_page import map_data, write_positions

    addresses = [f"/api/map/{order.id}/sheets/{k}" for k in range(len(sheets.sheets))]
    data = map_data(items, places, clusters, sheets.facts(addresses))
    write_text(draft / DATA, json.dumps(data, ensure_ascii=False, separators=(",", ":")))
    for k, sheet in enumerate(sheets.sheets):
        (draft / SHEET.format(k)).write_bytes(sheet)
    write_features(features, draft / FEATURES)
    write_positions(features, places, clusters, draft / PLACES)
    write_parquet(items.corpus, draft / DRAWINGS)
    facts = {"title": order.title, "about": about(order, len(items.ids)), "n": len(items.ids)}
    facts |= {"created": round(time.time() * 1000), "order": json.loads(order.to_json())}
    write_text(draft / FACTS, json.dumps(facts, ensure_ascii=False, indent=1))


def _some_of(order: Order) -> DrawingItems:
    """Read the corpus; of a larger one take some drawings by chance, under their names in all of it."""
    from limner.corpus.load import load_corpus
    from limner.curation.items import DrawingItems
    from limner.curation.selection import select_drawings

    items = DrawingItems.of(load_corpus(order.corpus))
    n = len(items.ids)
    if n <= order.n:
        return items
    mask = np.zeros(n, np.bool_)
    mask[np.random.default_rng(order.seed).choice(n, order.n, replace=False)] = True
    some = np.flatnonzero(mask).tolist()
    ids, splits = (tuple(column[i] for i in some) for column in (items.ids, items.splits))
    return DrawingItems(select_drawings(items, mask, {}), ids, splits, tuple(items.labels[i] for i in some))


def _sample(order: Order, tell: Tell) -> None:
    """Let the model draw a corpus."""
    from limner.corpus.corpus import Corpus, Split
    from limner.corpus.parquet_writer import write_parquet
    from limner.corpus.reading import number_labels
    from limner.sampling.model import load_model

    model, drawings = load_model(order.model or ""), []
    for begin in range(0, order.n, AT_ONCE):
        tell("Imagining", begin, order.n)
        some = min(AT_ONCE, order.n - begin)
        drawings += model.sample(some, temperature=order.temperature, seed=order.seed + begin)
    drawn = [drawing for drawing in drawings if drawing.n_points]
    if not drawn:
        raise LimnerError("The model drew nothing that could be laid out.")
    labels, names = number_labels([drawing.label for drawing in drawn])
    sources = [f"{order.title}#{i}" for i in range(len(drawn))]
    split = Split.from_arrays([drawing.to_stroke3() for drawing in drawn], labels, sources)
    write_parquet(Corpus({"train": split}, names), order.corpus)


def _told(tell: Tell, stage: str) -> Progress:
    return lambda done, of: tell(stage, done, of or 0)


def main() -> None:
    """Run the process."""
    from limner.studio.apart.worker import TOO_MUCH_MEMORY, bound_memory
    from limner.studio.runs.keeper import NICE

    os.nice(NICE)
    bound_memory(MEMORY_BYTES)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # so that drafts are cleaned away
    out = sys.stdout

    order = Order.from_json(sys.argv[2])

    def tell(stage: str, done: int, of: int) -> None:
        share = round(share_done(stage, done, of, sampled=order.sampled), 4)
        out.write(json.dumps({"stage": stage, "done": done, "of": of, "share": share}) + "\n")
        out.flush()

    try:
        make_map(order, Path(sys.argv[1]), tell)
    except (LimnerError, MemoryError, RecursionError) as error:
        sentence = str(error) if isinstance(error, LimnerError) else TOO_MUCH_MEMORY
        out.write(json.dumps({"fault": sentence}) + "\n")
        sys.exit(1)
    except BrokenPipeError:  # the studio has gone
        os._exit(1)


if __name__ == "__main__":
    main()
