"""The road on real drawings, where LIMNER_DATA says that there are some."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.cli.conftest import Limner

TINY = (
    *("--model.encoder.size", "8", "--model.decoder.size", "16", "--model.latent-size", "4"),
    *("--train.batch-size", "8", "--train.convention", "end-once", "--train.validate-drawings", "16"),
)

pytestmark = pytest.mark.slow


def test_facts(limner: Limner, data_dir: Path) -> None:
    info = limner("data", "info", data_dir / "stroke3/aaron_sheep.npz", "--json").json
    sizes = {name: split["n"] for name, split in info["splits"].items()}
    assert sizes == {"train": 7400, "valid": 300, "test": 300}
    assert (info["n_max"], info["dtype"]) == (250, "int16")
    assert round(info["scale_factor"], 4) == 18.5198


def test_get_from_the_mirror(limner: Limner, data_dir: Path, work: Path) -> None:
    said = limner("data", "get", "sheep", "--cache-dir", "cache")
    assert (said.code, said.out) == (0, "cache/aaron_sheep.npz\n")
    original = data_dir / "stroke3/aaron_sheep.npz"
    assert (work / "cache/aaron_sheep.npz").read_bytes() == original.read_bytes()


def test_sheep(limner: Limner, data_dir: Path, work: Path) -> None:
    corpus = data_dir / "stroke3/aaron_sheep.npz"
    assert limner("train", corpus, "--out", "sheep", *TINY, "--max-steps", 3).code == 0
    assert limner("train", corpus, "--out", "sheep", "--resume", "--max-steps", 5).code == 0
    found = limner("evaluate", "sheep", "--split", "test", "--json").json
    assert (found["split"], found["n"], found["n_max"]) == ("test", 300, 250)
    for verb in ("sample", "reconstruct", "complete", "interpolate"):
        assert limner(verb, "sheep", "--out", f"{verb}.svg").code == 0
        assert (work / f"{verb}.svg").read_text().startswith("<svg")


def test_single_lines_without_a_test_split(limner: Limner, data_dir: Path) -> None:
    corpus = data_dir / "stroke3/look_i16__minn10_epsilon1.npz"
    info = limner("data", "info", corpus, "--json").json
    assert list(info["splits"]) == ["train", "valid"]
    assert any("no test split" in note for note in info["notes"])
    assert limner("train", corpus, "--out", "look", *TINY, "--max-steps", 3).code == 0
    found = limner("evaluate", "look", "--json").json
    assert (found["split"], found["n"]) == ("valid", info["splits"]["valid"]["n"])
    assert limner("reconstruct", "look", "-n", 2, "--out", "x.png").code == 0
    assert limner("animate", f"{corpus}#valid/0", "--out", "x.gif", "--seconds", 1, "--fps", 5).code == 0


def test_a_folder_of_quickdraw(limner: Limner, data_dir: Path, work: Path) -> None:
    (work / "drawings").mkdir()
    files = sorted((data_dir / "quickdraw/simplified").glob("*.ndjson"))[:3]
    for file in files:
        shutil.copy(file, work / "drawings")
    info = limner("data", "info", "drawings", "--json").json
    assert info["labels"] == {file.stem: 25 for file in files}
    assert limner("train", "drawings", "--out", "quick", *TINY, "--max-steps", 3).code == 0
    assert limner("sample", "quick", "-n", 4, "--out", "x.svg").code == 0
    assert limner("build", "drawings", "--out", "quick.parquet", "--json").json["kept"] == 75


def test_icons_and_characters(limner: Limner, data_dir: Path, work: Path) -> None:
    icons = sorted((data_dir / "svg/feather").glob("*.svg"))[:20]
    (work / "icons").mkdir()
    for icon in icons:
        shutil.copy(icon, work / "icons")
    report = limner("build", "icons", "--out", "icons.npz", "--json").json
    assert (report["kept"], report["dropped"]) == (20, [])
    assert limner("animate", icons[0], "--out", "x.gif", "--seconds", 1, "--fps", 5).code == 0
