"""The table of clusters."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from limner.curation.clustering import find_clusters
from limner.curation.clusters import Clusters, read_clusters, write_clusters
from limner.curation.features import Features
from limner.errors import DataError
from limner.recipes.steps.choose import ChooseStep

SOME = Clusters(
    ("a", "b", "c", "007"), np.array([0, 1, 0, -1], np.int32), np.zeros(4, np.float32), {1: "notes"}
)


def test_there_and_back(features: Features, tmp_path: Path) -> None:
    made, _ = find_clusters(features, 5, names={2: "boats, and more"})
    write_clusters(made, features, tmp_path / "clusters.csv")
    for found in (read_clusters(tmp_path / "clusters.csv"), read_clusters(tmp_path)):
        assert found.ids == made.ids
        assert np.array_equal(found.numbers, made.numbers)
        np.testing.assert_allclose(found.distances, made.distances, atol=1e-5)
        assert found.names == {2: "boats, and more"}


def test_a_recipe_can_choose_by_it(features: Features, tmp_path: Path) -> None:
    made, _ = find_clusters(features, 5)
    write_clusters(made, features, tmp_path / "clusters.csv")
    step = ChooseStep(table="clusters.csv", column="cluster", keep=("1", "3")).opened(tmp_path)
    assert set(step.found) == set(features.ids)
    assert step.found[features.ids[0]] == str(made.numbers[0])


def test_members_by_number_and_name() -> None:
    assert SOME.members(["0"]).tolist() == [True, False, True, False]
    assert SOME.members(["notes"]).tolist() == SOME.members(["1"]).tolist() == [False, True, False, False]
    assert SOME.members(["none", "notes"]).tolist() == [False, True, False, True]
    with pytest.raises(DataError, match="no cluster 2; there are none, 0 and notes"):
        SOME.members(["2"])


def test_clusters_of_some_items() -> None:
    assert SOME.of(["c", "b"], Path("t")).numbers.tolist() == [0, 1]
    with pytest.raises(DataError, match=r"clusters\.csv says nothing of x"):
        SOME.of(["x"], Path("clusters.csv"))


@pytest.mark.parametrize(
    "text",
    [
        "",
        "source,cluster\na,0\n",
        "source,cluster,name,distance\n",
        "source,cluster,name,distance\na,one,x,0\n",
        "source,cluster,name,distance\na,-2,x,0\n",
        "source,cluster,name,distance\na,0,x,nan\n",
        "source,cluster,name,distance\na,99999999999,x,0\n",
    ],
)
def test_strange_tables(tmp_path: Path, text: str) -> None:
    (tmp_path / "clusters.csv").write_text(text)
    with pytest.raises(DataError, match=r"clusters\.csv"):
        read_clusters(tmp_path)
