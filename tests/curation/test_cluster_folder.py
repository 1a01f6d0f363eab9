"""What clustering leaves behind, and that names which a person gave are not taken away."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from PIL import Image

from limner.curation.centroids import read_centroids
from limner.curation.cluster_folder import check_free, write_cluster_folder
from limner.curation.clustering import find_clusters
from limner.curation.features import Features
from limner.curation.items import DrawingItems
from limner.errors import LimnerError


@pytest.mark.slow
def test_the_folder(items: DrawingItems, features: Features, tmp_path: Path) -> None:
    clusters, centroids = find_clusters(features, 4, names={1: "boats"})
    told: list[int] = []
    write_cluster_folder(items, features, clusters, centroids, tmp_path, lambda done, _: told.append(done))
    assert told == [1, 2, 3, 4]
    assert sorted(p.name for p in tmp_path.iterdir()) == [
        "centroids.safetensors",
        "clusters.csv",
        "names.json",
        "sheets",
    ]
    assert json.loads((tmp_path / "names.json").read_text()) == {"0": "0", "1": "boats", "2": "2", "3": "3"}
    assert read_centroids(tmp_path / "centroids.safetensors").name(1) == "boats"
    sheets = sorted(p.name for p in (tmp_path / "sheets").iterdir())
    assert sheets == [f"cluster-{k:02d}.png" for k in range(4)]
    with Image.open(tmp_path / "sheets" / sheets[0]) as sheet:
        assert sheet.width > 400


@pytest.mark.slow
def test_sheets_of_clusters_that_are_gone_go(items: DrawingItems, features: Features, tmp_path: Path) -> None:
    for k in (5, 2):
        check_free(tmp_path)
        write_cluster_folder(items, features, *find_clusters(features, k), tmp_path)
    assert len(list((tmp_path / "sheets").iterdir())) == 2


def test_given_names_are_kept(tmp_path: Path) -> None:
    check_free(tmp_path)
    (tmp_path / "names.json").write_text('{"0": "0", "1": "1"}')
    check_free(tmp_path)
    (tmp_path / "names.json").write_text('{"0": "drawings", "1": "1"}')
    with pytest.raises(LimnerError, match=r"names\.json names the clusters"):
        check_free(tmp_path)
