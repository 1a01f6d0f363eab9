"""``limner curate``: from features to a chosen corpus, and what is refused."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import TYPE_CHECKING

import pyarrow.parquet as pq
import pytest
from tests.curation.kinds import write_pages

from limner.corpus.load import load_corpus

if TYPE_CHECKING:
    from tests.cli.conftest import Limner, Refused


@pytest.mark.slow
def test_embed_then_use_the_file(limner: Limner, npz: Path) -> None:
    said = limner("curate", "embed", npz, "--out", "f.parquet", "--json")
    assert (said.code, said.err) == (0, "")
    assert said.json == {
        "n": 30, "d": 15, "kind": "drawings", "file": "f.parquet",
        "features": {"name": "shape", "version": 1, "settings": {}},
    }  # fmt: skip
    plain = limner("curate", "neighbours", npz, "--of", "toys.npz#3", "-k", "4", "--json")
    filed = limner(
        "curate", "neighbours", npz, "--of", "toys.npz#3", "-k", "4", "--json", "--features", "f.parquet"
    )
    assert plain.json == filed.json
    assert len(plain.json["neighbours"]) == 4
    again = limner("curate", "embed", npz, "--out", "g.parquet", "--like", "f.parquet", "--seed", "4")
    assert "30 drawings, 15 numbers each (shape)" in again.out


def test_by_a_trained_encoder(limner: Limner, npz: Path, run: Path) -> None:
    said = limner("curate", "embed", npz, "--features", f"model:{run}", "--out", "f.parquet", "--json")
    assert (said.json["d"], said.json["features"]["name"]) == (4, f"model:{run}")


@pytest.mark.slow
def test_cluster_name_and_filter(limner: Limner, npz: Path) -> None:
    said = limner("curate", "cluster", npz, "-k", "3", "--out", "c", "--json")
    assert (said.code, said.err) == (0, "")
    sizes = {one["name"]: one["n"] for one in said.json["clusters"]}
    assert sum(sizes.values()) == 30
    names = json.loads(Path("c/names.json").read_text())
    Path("c/names.json").write_text(json.dumps(names | {"0": "many"}))
    again = limner(
        "curate", "cluster", npz, "--centroids", "c/centroids.safetensors", "--out", "d", "--name", "1=some"
    )
    assert "many" in again.out
    with Path("d/clusters.csv").open(newline="") as file:
        rows = list(csv.DictReader(file))
    assert {row["name"] for row in rows} == {"many", "some", "2"}
    wanted = [row["source"] for row in rows if row["name"] in ("many", "2")]
    kept = limner(
        "curate", "filter", npz, "--clusters", "d", "--cluster", "many", "2", "--out", "x.parquet", "--json"
    )
    assert sum(kept.json["kept"].values()) == len(wanted)
    found = load_corpus("x.parquet")
    assert sorted(source for split in found.splits.values() for source in split.sources) == sorted(wanted)


@pytest.mark.slow
def test_the_same_seed_the_same_clusters(limner: Limner, npz: Path) -> None:
    for folder in ("a", "b"):
        limner("curate", "cluster", npz, "-k", "4", "--out", folder, "--seed", "3")
    assert Path("a/clusters.csv").read_bytes() == Path("b/clusters.csv").read_bytes()


@pytest.mark.slow
def test_map(limner: Limner, npz: Path) -> None:
    said = limner("curate", "map", npz, "--out", "m", "--json", "--title", "Toys & more")
    assert (said.code, said.err) == (0, "")
    assert said.json["n"] == 30
    assert "Toys &amp; more" in Path("m/index.html").read_text()
    assert pq.read_table("m/map.parquet").column_names == ["id", "x", "y", "cluster", "label"]


def test_filter_by_choices(limner: Limner, npz: Path) -> None:
    Path("choices.csv").write_text("source,choice,label\ntoys.npz#3,drop,\ntoys.npz#29,,new\n")
    said = limner("curate", "filter", npz, "--choices", "choices.csv", "--out", "x.parquet")
    assert said.out.startswith("kept 29 of 30 drawings (train 19 of 20, valid 5 of 5, test 5 of 5)")
    found = load_corpus("x.parquet")
    assert "toys.npz#3" not in found.splits["train"].sources
    assert found.drawing("test", 4).label == "new"
    listed = limner("curate", "filter", npz, "--choices", "choices.csv", "--but", "--out", "x.csv", "--json")
    assert listed.json["kept"] == {"train": 1, "valid": 0, "test": 0}
    both = limner("curate", "filter", npz, "--ids", "x.csv", "--out", "one.npz")
    assert both.out.startswith("kept 1 of 30")


@pytest.mark.slow
def test_filter_by_likeness(limner: Limner, npz: Path) -> None:
    found = limner("curate", "neighbours", npz, "--of", "toys.npz#3", "-k", "29", "--json").json["neighbours"]
    middle = (found[9]["distance"] + found[10]["distance"]) / 2
    near = limner(
        "curate", "filter", npz, "--near", "toys.npz#3", "--distance", middle, "--out", "x.npz", "--json"
    )
    assert sum(near.json["kept"].values()) == 11  # ten, and the drawing itself
    far = limner(
        "curate",
        "filter",
        npz,
        "--near",
        "toys.npz#3",
        "--distance",
        middle,
        "--far",
        "--out",
        "y.npz",
        "--json",
    )
    assert sum(far.json["kept"].values()) == 19


@pytest.mark.slow
def test_neighbours_of_an_svg(limner: Limner, npz: Path, svg: Path) -> None:
    said = limner("curate", "neighbours", npz, "--of", svg, "-k", "5", "--out", "near.svg")
    assert (said.code, said.err) == (0, "")
    assert said.out.splitlines()[0].split() == ["distance", "source", "label"]
    assert "Most like zigzag.svg" in Path("near.svg").read_text()


@pytest.mark.slow
def test_projector(limner: Limner, npz: Path) -> None:
    said = limner("curate", "export-projector", npz, "--out", "log", "--json")
    assert said.json == {"n": 30, "d": 15, "tile_px": 100, "sprite_px": 600, "out": "log"}
    assert {p.name for p in Path("log").iterdir()} == {
        "tensors.tsv", "metadata.tsv", "sprite.png", "projector_config.pbtxt",
    }  # fmt: skip


@pytest.mark.slow
def test_sort_pages(limner: Limner, work: Path) -> None:
    write_pages(work / "train", 4, seed=1, names=("drawings", "covers"))
    write_pages(work / "new", 2, seed=2, names=("drawings", "covers"))
    said = limner("curate", "sort", "new", "--train", "train", "--out", "s", "--json", "--sort-into", "by")
    assert (said.code, said.err) == (0, "")
    assert (said.json["n"], said.json["copied"]) == (4, 4)
    assert said.json["trained"]["counts"] == {"covers": 4, "drawings": 4}
    again = limner("curate", "sort", "new", "--classifier", "s/classifier.safetensors", "--out", "t")
    assert Path("s/pages.tsv").read_bytes() == Path("t/pages.tsv").read_bytes()
    assert "doubtful: t" in again.out
    assert not Path("t/classifier.safetensors").exists()


@pytest.mark.slow
def test_pages_are_looked_over_too(limner: Limner, work: Path) -> None:
    write_pages(work / "pages", 4, seed=1, names=("drawings", "covers"))
    said = limner("curate", "cluster", "pages", "-k", "2", "--out", "c", "--json")
    assert (said.json["n"], said.json["features"]["name"]) == (8, "page")
    assert limner("curate", "map", "pages", "--out", "m").code == 0
    listed = limner("curate", "filter", "pages", "--label", "covers", "--out", "x.csv")
    assert listed.out.startswith("kept 4 of 8 pictures")


@pytest.mark.parametrize(
    ("command", "what"),
    [
        ("curate", "say what to do"),
        ("curate nosuch", "there is no curate nosuch"),
        ("curate embed --out f.parquet", "CORPUS is missing"),
        ("curate embed x.npz", "--out is missing"),
        ("curate cluster x.npz --out c -k 0", "a whole number from 1 up"),
        ("curate cluster x.npz --out c --method dbscan", "kmeans or hdbscan"),
        ("curate map x.npz --out m --perplexity 0", "a number above 0"),
        ("curate filter x.npz --out y.npz", "say what to keep"),
        ("curate filter x.npz --out y.npz --cluster 1", "--cluster needs --clusters"),
        ("curate filter x.npz --out y.npz --near a", "--near and --distance go together"),
        ("curate filter x.npz --out y.npz --label a --far", "--far needs --near"),
        ("curate sort --out s --train t", "PAGES are missing"),
        ("curate sort x.png --out s", "--train with sorted pages, or --classifier"),
        ("curate sort x.png --out s --train t --doubt 2", "a number from 0 to 1"),
    ],
)
def test_bad_usage(refused: Refused, command: str, what: str) -> None:
    assert what in refused(*command.split(), code=2, names="limner curate")


@pytest.mark.slow
@pytest.mark.parametrize(
    ("options", "names"),
    [
        ("embed NPZ --out f.csv", "f.csv"),
        ("embed NPZ --out f.parquet --features shapes", "did you mean 'shape'"),
        ("embed NPZ --out f.parquet --features page.parquet", "page.parquet"),
        ("embed NPZ --out f.parquet --like NPZ", "toys.npz"),
        ("embed NPZ --out f.parquet --features torchvision:resnet34", "--weights"),
        ("embed nosuch.npz --out f.parquet", "nosuch.npz"),
        ("cluster NPZ --out c -k 31", "no 31 clusters"),
        ("cluster NPZ --out c --centroids NPZ", "toys.npz"),
        ("cluster NPZ --out c -k 2 --name 5=x", "no cluster 5"),
        ("map NPZ --out m --clusters nosuch", "nosuch"),
        ("filter NPZ --out x.svg --label a", "x.svg"),
        ("filter NPZ --out x.npz --label a", "no label 'a'"),
        ("filter NPZ --out x.npz --ids nosuch.txt", "nosuch.txt"),
        ("filter NPZ --out x.npz --near toys.npz#3 --distance 9 --far", "Nothing is left"),
        ("neighbours NPZ --of nosuch.svg", "nosuch.svg"),
        ("neighbours NPZ --of toys.npz#3 --out x.gif", "x.gif"),
        ("sort nosuch.png --out s --classifier nosuch.safetensors", "nosuch.safetensors"),
    ],
)
def test_bad_data(refused: Refused, npz: Path, options: str, names: str) -> None:
    words = [str(npz) if word == "NPZ" else word for word in options.split()]
    refused("curate", *words, names=names)
