"""Every kind of network through every verb, by the same commands."""

from __future__ import annotations

import csv
import json
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from limner.cli.main import main
from limner.corpus.doodles.make import make_doodles

if TYPE_CHECKING:
    from tests.cli.conftest import Limner

NAMES = ("cat", "fish")
COMMON = (
    *("--model.latent-size", "4", "--train.batch-size", "8", "--train.validate-every", "2"),
    *("--train.log-every", "1", "--train.convention", "end-once"),
)
RECURRENT = (*("--model.encoder.size", "8", "--model.decoder.size", "12", "--model.decoder.components", "2"),)


def _layers(kind: str) -> tuple[str, ...]:
    sizes = {"layers": 1, "width": 8, "heads": 2, "feedforward": 8, "components": 2}
    options = [part for name, value in sizes.items() for part in (f"--model.{kind}.{name}", str(value))]
    return ("--model.kind", kind, *options)


SKETCHFORMER = (*_layers("sketchformer"), "--model.sketchformer.memory", "3")
WORDS = ("--model.sketchformer.token-count", "30", "--model.sketchformer.lift-count", "8")
KINDS: dict[str, tuple[str, ...]] = {
    "sketch_rnn": RECURRENT,
    "attention": (*RECURRENT, "--model.decoder.attention.heads", "2", "--model.decoder.attention.width", "4"),
    "transformer": (*_layers("transformer"), "--model.conditional", "False"),
    "transformer, conditional": (*_layers("transformer"), "--train.by-class", "True"),
    "sketchformer": (*SKETCHFORMER, "--model.sketchformer.coordinates", "both"),
    "sketchformer, told": (*SKETCHFORMER, "--train.by-class", "True", "--train.ema-decay", "0.9"),
    "sketchformer, joint": (*SKETCHFORMER, *WORDS, "--model.sketchformer.tokens", "joint"),
    "sketchformer, by state": (*SKETCHFORMER, *WORDS, "--model.sketchformer.tokens", "by-state"),
    "sketchformer, grid": (
        *(*SKETCHFORMER, "--model.sketchformer.tokens", "grid", "--model.sketchformer.grid", "6"),
        *("--model.conditional", "False"),
    ),
}


@pytest.fixture(scope="session")
def labelled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a file of forty doodles of two classes."""
    path = tmp_path_factory.mktemp("labelled") / "toys.ndjson"
    lines = []
    for drawing in make_doodles(40, seed=2, kinds=NAMES):
        strokes = [stroke.round(2).T.tolist() for stroke in drawing]
        lines.append(json.dumps({"word": drawing.label, "drawing": strokes}))
    path.write_text("\n".join(lines))
    return path


@pytest.fixture(scope="session", params=KINDS)
def trained(
    request: pytest.FixtureRequest, labelled: Path, tmp_path_factory: pytest.TempPathFactory
) -> tuple[str, Path]:
    """Return a kind's name and its run, trained, interrupted and resumed."""
    run = tmp_path_factory.mktemp("kinds") / "run"
    options = (*COMMON, *KINDS[request.param])
    assert main(["train", str(labelled), "--out", str(run), *options, "--max-steps", "2"]) == 0
    assert main(["train", str(labelled), "--out", str(run), "--resume", "--max-steps", "4"]) == 0
    return request.param, run


def _label(name: str) -> tuple[str, ...]:
    return ("--label", "fish") if "--train.by-class" in KINDS[name] else ()


def _encodes(name: str) -> bool:
    return "--model.conditional" not in KINDS[name]


@pytest.mark.slow
def test_resumes(trained: tuple[str, Path]) -> None:
    name, run = trained
    with (run / "metrics.csv").open() as file:
        lines = list(csv.DictReader(file))
    assert [line["step"] for line in lines if line["train_cost"]] == ["1", "2", "3", "4"]
    told = [line["train_class_accuracy"] for line in lines if line.get("train_class_accuracy")]
    assert len(told) == (4 if name.startswith("sketchformer") and _encodes(name) else 0)


@pytest.mark.slow
def test_evaluates(trained: tuple[str, Path], labelled: Path, limner: Limner) -> None:
    name, run = trained
    found = limner("evaluate", run, "--data", labelled, "--split", "train", "--json").json
    assert found["n"] > 30
    assert found["kl"] >= 0
    assert ("class_top1" in found) == (name.startswith("sketchformer") and _encodes(name))
    assert ("retrieval_map" in found) == _encodes(name)
    assert found.get("class_top5", 1.0) == 1.0  # of two classes


def test_samples(trained: tuple[str, Path], limner: Limner) -> None:
    name, run = trained
    assert limner("sample", run, "-n", "3", *_label(name), "--out", "s.svg", "--max-points", "20").code == 0
    once = Path("s.svg").read_text()
    assert limner("sample", run, "-n", "3", *_label(name), "--out", "s.svg", "--max-points", "20").code == 0
    assert Path("s.svg").read_text() == once
    assert once.count("<path") >= 1


def test_completes(trained: tuple[str, Path], labelled: Path, limner: Limner) -> None:
    name, run = trained
    options = ("-n", "2", *_label(name), "--out", "c.npz", "--max-points", "30")
    said = limner("complete", run, f"{labelled}#train/0", *options)
    assert (said.code, said.err) == (0, "")
    assert Path("c.npz").stat().st_size > 0


@pytest.mark.slow
@pytest.mark.parametrize("verb", ["reconstruct", "interpolate"])
def test_encodes(trained: tuple[str, Path], labelled: Path, limner: Limner, verb: str) -> None:
    name, run = trained
    options = {"reconstruct": (), "interpolate": ("--steps", "3", *_label(name))}
    drawings = (f"{labelled}#train/0", f"{labelled}#train/1")
    said = limner(verb, run, *drawings, *options[verb], "--out", "r.svg")
    if _encodes(name):
        assert (said.code, said.err) == (0, "")
        assert Path("r.svg").is_file()
    else:
        assert said.code == 1
        assert "is a decoder alone" in said.err


def test_labels_are_for_models_that_are_told_classes(trained: tuple[str, Path], limner: Limner) -> None:
    name, run = trained
    said = limner("sample", run, "--label", "fihs", "--out", "s.svg")
    assert said.code == 1
    assert ("did you mean 'fish'?" if _label(name) else "is told no classes") in said.err


@pytest.mark.slow
@pytest.mark.parametrize("name", KINDS)
def test_real_drawings(name: str, limner: Limner, data_dir: Path, work: Path) -> None:
    """A sketchbook's drawings, which have no classes, and some classes of QuickDraw."""
    (work / "doodled").mkdir()
    for word in ("cat", "bicycle"):
        shutil.copy(data_dir / "quickdraw" / "simplified" / f"{word}.ndjson", work / "doodled")
    looked = data_dir / "stroke3" / "look_i16__minn10_epsilon1.npz"
    told = "--train.by-class" in KINDS[name]
    for corpus in ("doodled",) if told else ("doodled", looked):
        run = ("--train.validate-drawings", 8, "--max-steps", 1)
        assert limner("train", corpus, "--out", "run", *COMMON, *KINDS[name], *run).code == 0
        assert limner("train", corpus, "--out", "run", "--resume", "--max-steps", 2).code == 0
        label = ("--label", "bicycle") if told else ()
        assert limner("sample", "run", *label, "--out", "s.svg", "--max-points", 20).code == 0
        shutil.rmtree("run")
