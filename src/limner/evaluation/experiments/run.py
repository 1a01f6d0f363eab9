"""Run an experiment: each training once, resumable, in a folder of its own."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import torch

from limner.corpus.corpus import Corpus
from limner.corpus.download import default_cache
from limner.corpus.load import load_corpus
from limner.corpus.source import DOODLES
from limner.errors import DataError
from limner.evaluation.experiments.measurement import (
    FinishedTraining,
    Measure,
    Measurement,
    take_measurements,
)
from limner.evaluation.experiments.plan import Experiment, TrainingVariant
from limner.evaluation.experiments.results import Curves, ExperimentResults, VariantResult
from limner.evaluation.experiments.step_times import step_seconds
from limner.files import explained, write_text
from limner.models.build import build_model
from limner.sampling.model import load_model
from limner.training.config import RunConfig
from limner.training.run import train
from limner.training.run_folder import CHECKPOINT_NAME, CONFIG_NAME, METRICS_NAME, read_settings

RUNS = "runs"
SECONDS_NAME = "seconds.txt"
DATA_VARIABLE = "LIMNER_DATA"


@dataclass(frozen=True)
class Budget:
    """How much an experiment trains."""

    steps: int | None = None
    """Of each training; the experiment's own number unless given."""
    minutes: float | None = None
    """Of each training at most, those of earlier calls included."""
    seeds: tuple[int, ...] = ()
    """The experiment's own seeds unless given."""
    threads: int | None = None
    """Of the processor, for each training; chosen by the size of the work unless given."""
    beside: int = 1
    """Trainings that run beside each other, where an experiment can."""


def run_experiment(
    experiment: Experiment,
    out: Path,
    *,
    data: Path | None = None,
    budget: Budget | None = None,
    say: Callable[[str], None] = lambda _: None,
) -> ExperimentResults:
    """Train and measure every variant with every seed; what an earlier call finished is read.

    The best weights are measured. Those of a run that was trained longer, for a larger budget, may be from a
    step beyond the ones that count here.

    Parameters
    ----------
    experiment : Experiment
    out : Path
        Its runs lie in ``out/runs``; experiments that share a folder share runs of the same settings.
    data : Path, optional
        Folder of the corpora; the folder ``LIMNER_DATA`` and the download cache are searched, too.
    budget : Budget, optional
    say : callable, optional
        Called with a line of text before each training and measurement.

    Raises
    ------
    LimnerError
        If a corpus is not found or a training fails.
    KeyboardInterrupt
        After Ctrl-C, once the interrupted training is saved; the same call resumes it.
    """
    budget = budget or Budget()
    corpora = corpora_of(experiment.variants, data)
    with explained(out):
        (out / RUNS).mkdir(parents=True, exist_ok=True)
    trainings = tuple(_train_all(experiment, corpora, out / RUNS, budget, say))
    say("Measuring how long steps take, in turn.")
    return ExperimentResults(trainings, step_seconds(experiment.variants, corpora, threads=budget.threads))


def _train_all(
    experiment: Experiment,
    corpora: Mapping[tuple[str, int], Corpus],
    runs: Path,
    budget: Budget,
    say: Callable[[str], None],
) -> Iterator[VariantResult]:
    """Yield the curves and measurements of every variant with every seed."""
    variants = list(_seeded_variants(experiment, budget))
    for k, variant in enumerate(variants, 1):
        say(f"{k} of {len(variants)}: {_summary(variant)}")
        corpus = corpora[variant.data_key]
        training = _train_variant(variant, corpus, runs, budget)
        measurements = _measure(experiment.measures, runs / training.folder, corpus, say)
        yield replace(training, measurements=measurements)


def _summary(variant: TrainingVariant) -> str:
    reduced = f"{variant.num_train} drawings of " if variant.num_train else ""
    return f"{variant.name}, seed {variant.config.seed}, {reduced}{variant.corpus}"


def corpora_of(variants: Sequence[TrainingVariant], data: Path | None) -> dict[tuple[str, int], Corpus]:
    """Load the corpora of variants, each file once, by :attr:`TrainingVariant.data_key`.

    Raises
    ------
    DataError
        If a corpus is not found or damaged.
    """
    whole = {name: load_corpus(find_corpus(name, data)) for name in dict.fromkeys(v.corpus for v in variants)}
    return {v.data_key: _reduced(whole[v.corpus], v.num_train) for v in variants}


def _reduced(corpus: Corpus, num_train: int) -> Corpus:
    """Return the corpus with ``num_train`` training drawings, taken at equal distances; 0 keeps all."""
    train = corpus.splits["train"]
    if not num_train or num_train >= len(train):
        return corpus
    indices = np.arange(num_train) * len(train) // num_train
    return replace(corpus, splits={**corpus.splits, "train": train.take(indices)})


def find_corpus(name: str, data: Path | None) -> str | Path:
    """Return the path of a corpus by its file name; ``doodles``, which are generated, by that name.

    Raises
    ------
    DataError
        If it lies in none of the folders.
    """
    if name == DOODLES:
        return name
    candidates = [data, os.environ.get(DATA_VARIABLE), default_cache()]
    folders = [Path(folder) for folder in candidates if folder]
    for folder in folders:
        for path in (folder / name, *sorted(folder.rglob(name))):
            if path.exists():
                return path
    searched = ", ".join(map(str, folders))
    raise DataError(f"{name} is in none of {searched}; name its folder with --data.")


def _seeded_variants(experiment: Experiment, budget: Budget) -> Iterator[TrainingVariant]:
    """Yield all trainings, seed by seed, so that an early end leaves complete comparisons."""
    for seed in budget.seeds or experiment.seeds:
        for variant in experiment.variants:
            yield variant.seeded(seed, budget.steps or experiment.steps)


def _train_variant(variant: TrainingVariant, corpus: Corpus, runs: Path, budget: Budget) -> VariantResult:
    run = runs / variant.folder()
    if not _is_finished(run, variant, budget):
        _train(variant, corpus, run, budget)
    model = read_settings(run / CONFIG_NAME, RunConfig()).model  # it may have been told classes
    with torch.device("meta"):
        parameters = sum(p.numel() for p in build_model(model).parameters())
    return VariantResult(
        variant=variant.name,
        seed=variant.config.seed,
        folder=run.name,
        parameters=parameters,
        n_max=corpus.n_max,
        scale_factor=corpus.scale_factor,
        seconds=_seconds(run),
        curves=Curves.read(run / METRICS_NAME).until(variant.config.max_steps),
    )


def _measure(
    measures: Sequence[Measure], run: Path, corpus: Corpus, say: Callable[[str], None]
) -> dict[str, tuple[Measurement, ...]]:
    """Take all measurements of a run, or read earlier ones."""
    if not measures:
        return {}
    finished = FinishedTraining(load_model(run), corpus)
    measurements = {}
    for measure in measures:
        say(f"    {measure.title}")
        measurements[measure.name] = take_measurements(measure, run, finished)
    return measurements


def _is_finished(run: Path, variant: TrainingVariant, budget: Budget) -> bool:
    if not (run / METRICS_NAME).is_file() or not (run / CHECKPOINT_NAME).is_file():
        return False
    enough = budget.minutes is not None and _seconds(run) >= 60 * budget.minutes
    return enough or Curves.read(run / METRICS_NAME).steps >= variant.config.max_steps


def _seconds(run: Path) -> float:
    """Read how many seconds a run has been trained so far."""
    path = run / SECONDS_NAME
    return float(path.read_text(encoding="utf-8")) if path.is_file() else 0.0


def _train(variant: TrainingVariant, corpus: Corpus, run: Path, budget: Budget) -> None:
    """Train or resume a run, and record how long that took."""
    before, began = _seconds(run), time.monotonic()
    settings = replace(variant.config, train=replace(variant.config.train, threads=budget.threads))
    training = train(
        corpus,
        run,
        settings,
        corpus_names=[variant.corpus],
        resume=(run / CHECKPOINT_NAME).is_file(),
        seconds=None if budget.minutes is None else 60 * budget.minutes - before,
    )
    write_text(run / SECONDS_NAME, f"{before + time.monotonic() - began:.1f}\n")
    if training.interrupted:
        raise KeyboardInterrupt
