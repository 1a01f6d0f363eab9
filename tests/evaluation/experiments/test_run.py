"""Experiments as a whole, on toys."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree

import pytest

from limner.corpus.corpus import Corpus, Split
from limner.corpus.doodles.make import make_doodles
from limner.corpus.npz_writer import write_npz
from limner.errors import DataError
from limner.evaluation.experiments.plan import Claim, Experiment, TrainingVariant
from limner.evaluation.experiments.report import FIGURES, PAGE, TEXT, write_report
from limner.evaluation.experiments.results import ExperimentResults
from limner.evaluation.experiments.run import RUNS, Budget, corpora_of, find_corpus, run_experiment
from limner.models.config import DecoderConfig, ModelConfig
from limner.training.config import RunConfig, TrainConfig

TRAIN = TrainConfig(batch_size=4, convention="end-once", validate_every=2)


def _variant(name: str, size: int) -> TrainingVariant:
    model = ModelConfig(conditional=False, decoder=DecoderConfig(size=size, components=2))
    return TrainingVariant(name, "toys.npz", RunConfig(model=model, train=TRAIN))


def _claims(results: ExperimentResults) -> Sequence[Claim]:
    least = results.mean("small", lambda curves: curves["valid_cost"].minimum)
    return (Claim("Toys are learnt <at all>.", least < 50, f"{least:.2f}"), Claim("Who knows?", None, ""))


TOY = Experiment(
    "toy",
    "Does it run?",
    "Toys.",
    (_variant("small", 8), _variant("large", 12)),
    _claims,
    steps=4,
    seeds=(1, 2),
)


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with a corpus in a subfolder."""
    folder = tmp_path_factory.mktemp("data")
    rows = [drawing.to_stroke3() for drawing in make_doodles(12, seed=3)]
    (folder / "deep").mkdir()
    corpus = Corpus({"train": Split.from_arrays(rows[:8]), "valid": Split.from_arrays(rows[8:])})
    write_npz(corpus, folder / "deep" / "toys.npz")
    return folder


@pytest.mark.slow
def test_trains_reports_and_does_not_train_again(data: Path, tmp_path: Path) -> None:
    said: list[str] = []
    results = run_experiment(TOY, tmp_path, data=data, budget=Budget(threads=1), say=said.append)
    assert [(o.variant, o.seed, o.curves.steps) for o in results.trainings] == [
        ("small", 1, 4), ("large", 1, 4), ("small", 2, 4), ("large", 2, 4)
    ]  # fmt: skip
    assert said[0] == "1 of 4: small, seed 1, toys.npz"
    assert set(results.step_seconds) == {"small", "large"}
    assert all(len(training.curves["train_cost"]) == 4 for training in results.trainings)
    kept = {path: path.stat().st_mtime_ns for path in (tmp_path / RUNS).rglob("last.ckpt")}
    again = run_experiment(TOY, tmp_path, data=data, budget=Budget(threads=1))
    assert kept == {path: path.stat().st_mtime_ns for path in (tmp_path / RUNS).rglob("last.ckpt")}
    assert again.mean("large", lambda c: c["valid_cost"].minimum) == results.mean(
        "large", lambda c: c["valid_cost"].minimum
    )
    _check_report(results, tmp_path)


def _check_report(results: ExperimentResults, out: Path) -> None:
    claims = write_report(TOY, results, out, "limner experiment toy")
    assert [claim.holds for claim in claims] == [True, None]
    page = (out / "toy" / PAGE).read_text()
    assert "Toys are learnt &lt;at all&gt;." in page
    assert page.count('<img src="data:image/png') == 2
    assert page.count("<svg") == len(TOY.charts)
    for chart in page.split("<svg")[1:]:
        ElementTree.fromstring("<svg" + chart.split("</svg>")[0] + "</svg>")
    assert "**It held.**" in (out / "toy" / TEXT).read_text()
    figures = json.loads((out / "toy" / FIGURES).read_text())
    assert [row["variant"] for row in figures["variants"]] == ["small", "large"]
    assert len(figures["trainings"]) == 4


@pytest.mark.slow
def test_a_larger_budget_goes_on(data: Path, tmp_path: Path) -> None:
    run_experiment(TOY, tmp_path, data=data, budget=Budget(steps=2, seeds=(1,), threads=1))
    runs = set((tmp_path / RUNS).iterdir())
    more = run_experiment(TOY, tmp_path, data=data, budget=Budget(steps=4, seeds=(1,), threads=1))
    assert set((tmp_path / RUNS).iterdir()) == runs
    assert [training.curves.steps for training in more.trainings] == [4, 4]
    fewer = run_experiment(TOY, tmp_path, data=data, budget=Budget(steps=2, seeds=(1,), threads=1))
    assert [training.curves.steps for training in fewer.trainings] == [2, 2]


def test_a_corpus_that_is_nowhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("LIMNER_DATA", raising=False)
    with pytest.raises(DataError, match=r"nothing\.npz is in none of .*; name its folder with --data"):
        find_corpus("nothing.npz", tmp_path)


def test_a_few_drawings_of_a_corpus(data: Path) -> None:
    small = _variant("small", 8)
    corpora = corpora_of([small, replace(small, num_train=3), replace(small, num_train=100)], data)
    whole, few, most = corpora["toys.npz", 0], corpora["toys.npz", 3], corpora["toys.npz", 100]
    assert most is whole
    assert [row.tolist() for row in few.splits["train"]] == [
        whole.splits["train"][i].tolist() for i in (0, 2, 5)
    ]
    assert few.splits["valid"] is whole.splits["valid"]


def test_doodles_are_made_on_the_spot() -> None:
    assert find_corpus("doodles", None) == "doodles"
