"""Make a map in a process of its own: ``python -m limner.studio.map.make_map FOLDER SPEC``.

Progress is printed as lines of JSON; the process exits when nobody reads them. The folder is written whole or
not at all; :mod:`limner.studio.map.map_store` reads it.
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

from limner.errors import LimnerError, sentence
from limner.files import whole_folder, write_text
from limner.studio.map.map_spec import MapSpec

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from limner.curation.clusters import Clusters
    from limner.curation.features import Features
    from limner.curation.items import DrawingItems, Progress
    from limner.curation.tiles import TileSheets

    ReportProgress = Callable[[str, int, int], object]
    """Called with the name of a stage, the items done, and their total (0 if unknown)."""

FACTS, DATA, SHEET = "map.json", "data.json", "sheet-{}.png"
FEATURES, DRAWINGS, POSITIONS = "features.parquet", "drawings.parquet", "places.parquet"
MEMORY_BYTES = 6_000_000_000
"""Limit of the address space; networks reserve much more than they use."""
SAMPLE_BATCH = 128
"""Samples that are drawn together."""
STAGE_WEIGHTS = {"Imagining": 60, "Reading": 20, "Looking": 25, "Laying out": 25, "Drawing": 30, "Writing": 2}
"""The stages in order, with their approximate shares of the time, for the progress bar."""


def share_done(stage: str, done: int, of: int, *, sampled: bool) -> float:
    """Return the share of a map that is done, from 0 to 1, after ``done`` of ``of`` items of a stage."""
    weights = {name: weight for name, weight in STAGE_WEIGHTS.items() if sampled or name != "Imagining"}
    before = sum(weights[name] for name in list(weights)[: list(weights).index(stage)])
    return (before + weights[stage] * (done / of if of else 0.0)) / sum(weights.values())


def make_map(spec: MapSpec, folder: Path, report: ReportProgress) -> None:
    """Make a map.

    Raises
    ------
    LimnerError
        If the corpus or the model cannot be used, or the folder cannot be written.
    """
    from limner.curation.clustering import default_clusters, find_clusters
    from limner.curation.embedding import embed
    from limner.curation.projection_2d import project_2d
    from limner.curation.threads import threads_for
    from limner.curation.tiles import tile_sheets
    from limner.interchange.extractors import find_embedder

    if spec.sampled and not Path(spec.corpus).is_file():
        _sample(spec, report)
    report("Reading", 0, 0)
    items = _read_items(spec)
    seed = spec.seed % 2**32
    with threads_for(len(items.ids)):
        features = embed(items, find_embedder(spec.features), progress=_stage_progress(report, "Looking"))
        report("Laying out", 0, 0)
        clusters = find_clusters(features, default_clusters(len(features)), seed=seed)[0]
        positions = project_2d(features.matrix, seed=seed, progress=_stage_progress(report, "Laying out"))
    sheets = tile_sheets(items, _stage_progress(report, "Drawing"))
    report("Writing", 0, 0)
    with whole_folder(folder) as draft:
        write_map(draft, spec, items, features, clusters, positions, sheets)


def describe(spec: MapSpec, n: int) -> str:
    """Return a short description of a map: how many drawings, compared by what."""
    latents = f"by latents of {Path(spec.model or '').stem or spec.model}"
    return f"{n:,} drawings {latents if spec.by == 'latent' else 'by form'}"


def write_map(
    draft: Path,
    spec: MapSpec,
    items: DrawingItems,
    features: Features,
    clusters: Clusters,
    positions: NDArray[np.float32],
    sheets: TileSheets,
) -> None:
    """Write the files of a map into a folder; the sheets are referenced by the room's URLs."""
    from limner.corpus.parquet_writer import write_parquet
    from limner.curation.features import write_features
    from limner.curation.map_page import map_data, write_positions

    addresses = [f"/api/map/{spec.id}/sheets/{k}" for k in range(len(sheets.sheets))]
    data = map_data(items, positions, clusters, sheets.facts(addresses))
    write_text(draft / DATA, json.dumps(data, ensure_ascii=False, separators=(",", ":")))
    for k, sheet in enumerate(sheets.sheets):
        (draft / SHEET.format(k)).write_bytes(sheet)
    write_features(features, draft / FEATURES)
    write_positions(features, positions, clusters, draft / POSITIONS)
    write_parquet(items.corpus, draft / DRAWINGS)
    facts = {"title": spec.title, "about": describe(spec, len(items.ids)), "n": len(items.ids)}
    facts |= {"created": round(time.time() * 1000), "order": json.loads(spec.to_json())}
    write_text(draft / FACTS, json.dumps(facts, ensure_ascii=False, indent=1))


def _read_items(spec: MapSpec) -> DrawingItems:
    """Return the corpus, or ``spec.n`` drawings at random of a larger one, with their ids in the whole."""
    from limner.corpus.load import load_corpus
    from limner.curation.items import DrawingItems
    from limner.curation.selection import select_drawings

    items = DrawingItems.of(load_corpus(spec.corpus))
    n = len(items.ids)
    if n <= spec.n:
        return items
    mask = np.zeros(n, np.bool_)
    mask[np.random.default_rng(spec.seed).choice(n, spec.n, replace=False)] = True
    chosen = np.flatnonzero(mask).tolist()
    ids, splits = (tuple(column[i] for i in chosen) for column in (items.ids, items.splits))
    return DrawingItems(select_drawings(items, mask, {}), ids, splits, tuple(items.labels[i] for i in chosen))


def _sample(spec: MapSpec, report: ReportProgress) -> None:
    """Sample a corpus from the model, and write it to ``spec.corpus``."""
    from limner.corpus.corpus import Corpus, Split, number_labels
    from limner.corpus.parquet_writer import write_parquet
    from limner.sampling.model import load_model

    model, drawings = load_model(spec.model or ""), []
    for begin in range(0, spec.n, SAMPLE_BATCH):
        report("Imagining", begin, spec.n)
        size = min(SAMPLE_BATCH, spec.n - begin)
        drawings += model.sample(size, temperature=spec.temperature, seed=spec.seed + begin)
    nonempty = [drawing for drawing in drawings if drawing.n_points]
    if not nonempty:
        raise LimnerError("The model drew nothing that could be laid out.")
    labels, names = number_labels([drawing.label for drawing in nonempty])
    sources = [f"{spec.title}#{i}" for i in range(len(nonempty))]
    split = Split.from_arrays([drawing.to_stroke3() for drawing in nonempty], labels, sources)
    write_parquet(Corpus({"train": split}, names), spec.corpus)


def _stage_progress(report: ReportProgress, stage: str) -> Progress:
    return lambda done, of: report(stage, done, of or 0)


def main() -> None:
    """Run the process."""
    from limner.studio.runs.training_process import NICE
    from limner.studio.workers.worker import TOO_MUCH_MEMORY, limit_memory

    os.nice(NICE)
    limit_memory(MEMORY_BYTES)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # so that drafts are removed
    out = sys.stdout

    spec = MapSpec.from_json(sys.argv[2])

    def report(stage: str, done: int, of: int) -> None:
        share = round(share_done(stage, done, of, sampled=spec.sampled), 4)
        out.write(json.dumps({"stage": stage, "done": done, "of": of, "share": share}) + "\n")
        out.flush()

    try:
        make_map(spec, Path(sys.argv[1]), report)
    except (LimnerError, MemoryError, RecursionError) as error:
        text = str(error) if isinstance(error, LimnerError) else TOO_MUCH_MEMORY
        out.write(json.dumps({"error": sentence(text)}) + "\n")
        sys.exit(1)
    except BrokenPipeError:  # the studio has exited
        os._exit(1)


if __name__ == "__main__":
    main()
