"""The map as one self-contained HTML page, which needs no network."""

from __future__ import annotations

import base64
import json
import re
from dataclasses import dataclass
from html import escape
from importlib.resources import files
from string import Template
from typing import TYPE_CHECKING, Any

import numpy as np

from limner.corpus.reading import number_labels
from limner.curation.tiles import tile_sheets
from limner.files import whole_file, write_text

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from limner.curation.clusters import Clusters
    from limner.curation.features import Features
    from limner.curation.items import Items, Progress

WEB = files("limner.curation") / "web"
SHARED = ("camera", "squares", "points", "tiles", "pace", "paint", "hand", "map", "choices", "groups", "keys")
"""ES modules in ``web/map`` that know nothing of where the drawings come from; the studio has them too."""
MODULES = (*(f"map/{name}.js" for name in SHARED), "page.js")
"""All modules of the page."""


@dataclass(frozen=True)
class MapWords:
    """Title and texts above a map."""

    title: str
    facts: str


def write_map(
    items: Items,
    positions: NDArray[np.float32],
    clusters: Clusters,
    words: MapWords,
    path: Path,
    progress: Progress | None = None,
) -> None:
    """Write the page, whole or not at all.

    Parameters
    ----------
    items : Items
    positions : float32 array of shape ``(n, 2)``
        See :func:`limner.curation.projection_2d.project_2d`.
    clusters : Clusters
        Of these items.
    words : MapWords
    path : Path
        An ``.html`` file.
    progress : callable, optional
        Is told how many tiles are drawn.
    """
    data = page_data(items, positions, clusters, progress)
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":")).replace("<", "\\u003c")
    page = Template(_part("page.html")).substitute(
        title=escape(words.title),
        facts=escape(words.facts),
        what=items.kind,
        style=_part("page.css"),
        modules=json.dumps({"imports": _modules()}),
        data=text,
    )
    write_text(path, page)


def write_positions(
    features: Features, positions: NDArray[np.float32], clusters: Clusters, path: Path
) -> None:
    """Write ``.parquet`` with ``id``, ``x``, ``y``, ``cluster`` and ``label``, whole or not at all."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    columns = {
        "id": pa.array(features.ids, pa.string()),
        "x": pa.array(positions[:, 0], pa.float32()),
        "y": pa.array(positions[:, 1], pa.float32()),
        "cluster": pa.array([clusters.name(number) for number in clusters.numbers.tolist()], pa.string()),
        "label": pa.array(features.labels, pa.string()),
    }
    with whole_file(path) as draft, draft.open("wb") as file:  # arrow takes no names that are not UTF-8
        pq.write_table(pa.table(columns), file, compression="zstd")


def page_data(
    items: Items, positions: NDArray[np.float32], clusters: Clusters, progress: Progress | None = None
) -> dict[str, Any]:
    """Return the data of the page's modules, as plain lists."""
    sheets = tile_sheets(items, progress)
    return map_data(items, positions, clusters, sheets.facts(sheets.sources))


def map_data(
    items: Items, positions: NDArray[np.float32], clusters: Clusters, tiles: dict[str, Any]
) -> dict[str, Any]:
    """Return the same for tiles that are drawn already; see :meth:`TileSheets.facts`."""
    numbers = range(int(clusters.numbers.max(initial=-1)) + 1)
    names = [clusters.names.get(number, str(number)) for number in numbers]
    groupings = [{"name": "cluster", "names": names, "of": clusters.numbers.tolist()}]
    if any(items.labels):
        groupings.append(_grouping("label", items.labels))
    return {
        "ids": list(items.ids),
        "x": [round(x, 5) for x in positions[:, 0].tolist()],
        "y": [round(y, 5) for y in positions[:, 1].tolist()],
        "tiles": tiles,
        "groupings": groupings,
        "noun": [items.kind.removesuffix("s"), items.kind],
    }


def _grouping(name: str, of: Sequence[str | None]) -> dict[str, Any]:
    numbers, names = number_labels(of)
    return {"name": name, "names": list(names), "of": numbers.tolist()}


def _modules() -> dict[str, str]:
    """Return each module as a data URL; modules at such addresses import each other by bare names."""
    found = {}
    for name in MODULES:
        code = re.sub(r'from "\./(?:map/)?(\w+\.js)"', r'from "limner-map/\1"', _part(name))
        address = f"data:text/javascript;base64,{base64.b64encode(code.encode()).decode()}"
        found[f"limner-map/{name.removeprefix('map/')}"] = address
    return found


def _part(name: str) -> str:
    return WEB.joinpath(*name.split("/")).read_text("utf-8")
