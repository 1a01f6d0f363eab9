"""The table of experiments; each in miniature, from corpus to report; and that its parts fit each other."""

from __future__ import annotations

import json
from dataclasses import replace
from html import escape
from pathlib import Path
from xml.etree import ElementTree

import pytest
from tests.docs import python_blocks
from tests.evaluation.experiments.conftest import InkGrid, labelled
from tests.plugins import installed, read_again

from limner.corpus.parquet_writer import write_parquet
from limner.evaluation.experiments.conduct import LargeExperiment
from limner.evaluation.experiments.measurement import Measure
from limner.evaluation.experiments.measures import nll_by_length
from limner.evaluation.experiments.measures.latent_sums import LatentSums
from limner.evaluation.experiments.measures.nll_by_length import NllByLength, NllByPosition
from limner.evaluation.experiments.measures.temperature_sweep import TemperatureSweep
from limner.evaluation.experiments.measures.unseen_likelihood import UnseenLikelihood
from limner.evaluation.experiments.plan import Experiment, TrainingVariant
from limner.evaluation.experiments.registry import EXPERIMENTS, SUMMARIES, summary_of
from limner.evaluation.experiments.report import FIGURES, PAGE, TEXT, write_report
from limner.evaluation.experiments.run import RUNS, Budget, run_experiment
from limner.models.config import ModelConfig

TOYS = "toys.parquet"
SMALL: dict[str, Measure] = {
    "likelihood": UnseenLikelihood(),
    "temperature": TemperatureSweep(temperatures=(0.4, 1.0), drawings=20, extractor=InkGrid),
    "sums": LatentSums(sums=9, extractor=InkGrid),
    "length": NllByLength((0, 30, 1000)),
    "position": NllByPosition((0, 30, 1000)),
}
NEW = ("augmentation", "cells", "kl-tradeoff", "latent-arithmetic", "length", "temperature")


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with a labelled corpus."""
    folder = tmp_path_factory.mktemp("data")
    write_parquet(labelled(), folder / TOYS)
    return folder


@pytest.fixture(autouse=True)
def _few_points(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(nll_by_length, "FEWEST", 1)


def _small(model: ModelConfig) -> ModelConfig:
    transformer = replace(model.transformer, layers=1, width=8, heads=2, feedforward=8, components=2)
    return replace(
        model,
        latent_size=4,
        encoder=replace(model.encoder, size=8),
        decoder=replace(model.decoder, size=8, components=2),
        transformer=transformer,
    )


def _small_variant(variant: TrainingVariant) -> TrainingVariant:
    train = replace(variant.config.train, batch_size=4, validate_every=2, sorted_batches=1)
    config = replace(variant.config, model=_small(variant.config.model), train=train)
    return replace(variant, corpus=TOYS, config=config, num_train=min(variant.num_train, 10))


def miniature(experiment: Experiment) -> Experiment:
    """Return the experiment with small networks on toys."""
    return replace(
        experiment,
        variants=tuple(map(_small_variant, experiment.variants)),
        measures=tuple(SMALL[measure.name] for measure in experiment.measures),
    )


@pytest.mark.slow
@pytest.mark.parametrize("name", NEW)
def test_in_miniature(name: str, data: Path, tmp_path: Path) -> None:
    experiment = EXPERIMENTS[name]
    assert isinstance(experiment, Experiment)
    experiment = miniature(experiment)
    budget = Budget(steps=2, seeds=(1,), threads=1)
    results = run_experiment(experiment, tmp_path, data=data, budget=budget)
    claims = write_report(experiment, results, tmp_path, f"limner experiment {name}")
    assert len(claims) >= 2
    page, text = ((tmp_path / name / file).read_text() for file in (PAGE, TEXT))
    drawn = len(experiment.charts) + len(experiment.measure_charts)
    assert page.count("<svg") == drawn
    for chart in page.split("<svg")[1:]:
        ElementTree.fromstring("<svg" + chart.split("</svg>")[0] + "</svg>")
    for measure in experiment.measures:
        assert escape(measure.title) in page
        assert measure.title in text
    sheets = len(list((tmp_path / RUNS).rglob("measures/*.png")))
    assert page.count("<img") == len(experiment.variants) + sheets
    figures = json.loads((tmp_path / name / FIGURES).read_text())
    measured = [set(training["measured"]) for training in figures["trainings"]]
    assert measured == [{measure.name for measure in experiment.measures}] * len(experiment.variants)


def test_the_table() -> None:
    assert list(SUMMARIES) == list(EXPERIMENTS)
    for name, experiment in EXPERIMENTS.built_in():
        assert isinstance(experiment, (Experiment, LargeExperiment))
        assert experiment.name == name
        assert experiment.question.endswith("?")
        assert len(f"{name:<22} {summary_of(name)}") <= 110


@pytest.mark.slow
def test_a_stranger_adds_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    [block] = python_blocks("docs/adding/experiment.md")
    (tmp_path / "my_package.py").write_text(block)
    installed(tmp_path, monkeypatch, "limner.experiments", batch_size="my_package:BATCH_SIZE")
    read_again(monkeypatch, EXPERIMENTS)
    added = EXPERIMENTS["batch_size"]
    assert isinstance(added, Experiment)
    experiment = miniature(added)
    assert summary_of("batch_size") == experiment.question
    write_parquet(labelled(), tmp_path / TOYS)
    budget = Budget(steps=2, seeds=(1,), threads=1)
    results = run_experiment(experiment, tmp_path / "out", data=tmp_path, budget=budget)
    [claim] = write_report(experiment, results, tmp_path / "out", "limner experiment batch_size")
    assert claim.holds in (True, False)


def test_measures_are_those_of_the_charts() -> None:
    grids = [entry for _, entry in EXPERIMENTS.built_in() if isinstance(entry, Experiment)]
    for experiment in grids:
        names = [measure.name for measure in experiment.measures]
        assert len(set(names)) == len(names)
        assert {chart.measure for chart in experiment.measure_charts} <= set(names)
        assert all(measure.title for measure in experiment.measures)
