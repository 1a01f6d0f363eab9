"""The page of the map: all in one file, and the data that its modules take."""

from __future__ import annotations

import base64
import json
import re
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq
import pytest
from numpy.typing import NDArray

from limner.curation.clustering import find_clusters
from limner.curation.features import Features
from limner.curation.items import DrawingItems, PictureItems
from limner.curation.map_page import MODULES, MapWords, page_data, write_map, write_positions


@pytest.fixture(scope="module")
def positions() -> NDArray[np.float32]:
    return np.random.default_rng(0).uniform(-1, 1, (120, 2)).astype(np.float32)


@pytest.mark.slow
def test_data(items: DrawingItems, features: Features, positions: NDArray[np.float32]) -> None:
    clusters, _ = find_clusters(features, 5, names={1: "boats"})
    data = page_data(items, positions, clusters)
    assert data["ids"] == list(items.ids)
    np.testing.assert_allclose(data["x"], positions[:, 0], atol=1e-5)
    assert [grouping["name"] for grouping in data["groupings"]] == ["cluster", "label"]
    assert data["groupings"][0]["names"] == ["0", "boats", "2", "3", "4"]
    names, of = data["groupings"][1]["names"], data["groupings"][1]["of"]
    assert [names[k] for k in of] == list(items.labels)
    assert data["noun"] == ["drawing", "drawings"]


@pytest.mark.slow
def test_the_page_holds_everything(
    items: DrawingItems,
    features: Features,
    positions: NDArray[np.float32],
    tmp_path: Path,
) -> None:
    clusters, _ = find_clusters(features, 3, names={0: "</script><b>"})
    write_map(items, positions, clusters, MapWords("A <title>", "facts & figures"), tmp_path / "index.html")
    page = (tmp_path / "index.html").read_text()
    assert "A &lt;title&gt;" in page
    assert "facts &amp; figures" in page
    assert page.count("</script>") == page.count("<script")
    assert not re.findall(r"""(?:src|href|url)\s*[=(]\s*["']?(?:https?:)?//""", page)
    assert json.loads(re.findall(r'<script id="data"[^>]*>(.*?)</script>', page)[0])["ids"][0] == "toys#0"
    imports = json.loads(re.findall(r'<script type="importmap">(.*?)</script>', page)[0])["imports"]
    assert set(imports) == {f"limner-map/{Path(name).name}" for name in MODULES}
    for address in imports.values():
        code = base64.b64decode(address.partition(",")[2]).decode()
        assert set(re.findall(r'^import .* from "(.*)";', code, re.MULTILINE)) <= set(imports)


def test_places(features: Features, positions: NDArray[np.float32], tmp_path: Path) -> None:
    clusters, _ = find_clusters(features, 3, names={0: "many"})
    write_positions(features, positions, clusters, tmp_path / "map.parquet")
    table = pq.read_table(tmp_path / "map.parquet")
    assert table.column_names == ["id", "x", "y", "cluster", "label"]
    assert table.column("id").to_pylist() == list(features.ids)
    np.testing.assert_array_equal(table.column("y").to_numpy(), positions[:, 1])
    assert table.column("cluster").to_pylist()[0] == clusters.name(int(clusters.numbers[0]))


@pytest.mark.slow
def test_pictures_have_no_lines(pages: Path) -> None:
    from limner.curation.embedder import page_embedder
    from limner.curation.embedding import embed

    items = PictureItems.of([pages / "notes"])
    clusters, _ = find_clusters(embed(items, page_embedder()), 2)
    data = page_data(items, np.zeros((6, 2), np.float32), clusters)
    assert "paths" not in data["tiles"]
    assert data["noun"] == ["picture", "pictures"]
    assert [grouping["name"] for grouping in data["groupings"]] == ["cluster"]
