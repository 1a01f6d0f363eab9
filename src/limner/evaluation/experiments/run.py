"""Running an experiment: each training once, resumable, in a folder of its own."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import torch

from limner.corpus.corpus import Corpus
from limner.corpus.download import default_cache
from limner.corpus.load import load_corpus
from limner.corpus.source import DOODLES
from limner.errors import DataError
from limner.evaluation.experiments.measure import Finished, Measure, Reading, readings_of
from limner.evaluation.experiments.pace import paces_of
from limner.evaluation.experiments.plan import Experiment, Variant
from limner.evaluation.experiments.results import Curves, Outcome, Results
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
    """How much is trained."""

    steps: int | None = None
    """Of each training; the experiment's own unless given."""
    minutes: float | None = None
    """At most so many for each training, a resumed one counted anew."""
    seeds: tuple[int, ...] = ()
    """The experiment's own unless given."""
    threads: int | None = None
    """Of each training."""


def run_experiment(
    experiment: Experiment,
    out: Path,
    *,
    data: Path | None = None,
    budget: Budget | None = None,
    say: Callable[[str], None] = lambda _: None,
) -> Results:
    """Train and measure every variant with every seed, or take what an earlier call has finished.

    The best weights are measured; those of a run that was trained longer, for a larger budget, may come from
    behind the steps that count here.

    Parameters
    ----------
    experiment : Experiment
    out : Path
        Its runs lie in ``out/runs``; experiments that share a folder share runs of the same settings.
    data : Path, optional
        Where the corpora lie; the folder ``LIMNER_DATA`` and the download cache are searched too.
    budget : Budget, optional
    say : callable, optional
        Is told in a line what is trained.

    Raises
    ------
    LimnerError
        If a corpus is not found or a training fails.
    KeyboardInterrupt
        After Ctrl-C, when the training it ended has been kept; the same call goes on with it.
    """
    budget = budget or Budget()
    corpora = corpora_of(experiment.variants, data)
    with explained(out):
        (out / RUNS).mkdir(parents=True, exist_ok=True)
    jobs = list(_jobs(experiment, budget))
    outcomes = []
    for k, variant in enumerate(jobs, 1):
        some = f"{variant.few} drawings of " if variant.few else ""
        say(f"{k} of {len(jobs)}: {variant.name}, seed {variant.config.seed}, {some}{variant.corpus}")
        corpus = corpora[variant.material]
        outcome = _trained(variant, corpus, out / RUNS, budget)
        readings = _measured(experiment.measures, out / RUNS / outcome.folder, corpus, say)
        outcomes.append(replace(outcome, readings=readings))
    say("Measuring how long steps take, in turn.")
    return Results(tuple(outcomes), paces_of(experiment.variants, corpora, threads=budget.threads))


def corpora_of(variants: Sequence[Variant], data: Path | None) -> dict[tuple[str, int], Corpus]:
    """Load what the variants learn from, each file once, by :attr:`Variant.material`.

    Raises
    ------
    DataError
        If a corpus is not found or damaged.
    """
    whole = {name: load_corpus(find_corpus(name, data)) for name in dict.fromkeys(v.corpus for v in variants)}
    return {v.material: _few(whole[v.corpus], v.few) for v in variants}


def _few(corpus: Corpus, few: int) -> Corpus:
    train = corpus.splits["train"]
    if not few or few >= len(train):
        return corpus
    picks = np.arange(few) * len(train) // few
    return replace(corpus, splits={**corpus.splits, "train": train.take(picks)})


def find_corpus(name: str, data: Path | None) -> str | Path:
    """Find a corpus file by its name; ``doodles`` are none and made on the spot.

    Raises
    ------
    DataError
        If it lies in none of the folders.
    """
    if name == DOODLES:
        return name
    places = [data, os.environ.get(DATA_VARIABLE), default_cache()]
    folders = [Path(place) for place in places if place]
    for folder in folders:
        for path in (folder / name, *sorted(folder.rglob(name))):
            if path.exists():
                return path
    searched = ", ".join(map(str, folders))
    raise DataError(f"{name} is in none of {searched}; name its folder with --data.")


def _jobs(experiment: Experiment, budget: Budget) -> Iterator[Variant]:
    """Give all trainings, seed by seed, so that an early end leaves whole comparisons."""
    for seed in budget.seeds or experiment.seeds:
        for variant in experiment.variants:
            yield variant.seeded(seed, budget.steps or experiment.steps)


def _trained(variant: Variant, corpus: Corpus, runs: Path, budget: Budget) -> Outcome:
    run = runs / variant.folder()
    if not _is_finished(run, variant, budget):
        _train(variant, corpus, run, budget)
    model = read_settings(run / CONFIG_NAME, RunConfig()).model  # it may have been told classes
    with torch.device("meta"):
        parameters = sum(p.numel() for p in build_model(model).parameters())
    return Outcome(
        variant=variant.name,
        seed=variant.config.seed,
        folder=run.name,
        parameters=parameters,
        n_max=corpus.n_max,
        scale_factor=corpus.scale_factor,
        seconds=_seconds(run),
        curves=Curves.read(run / METRICS_NAME).until(variant.config.max_steps),
    )


def _measured(
    measures: Sequence[Measure], run: Path, corpus: Corpus, say: Callable[[str], None]
) -> dict[str, tuple[Reading, ...]]:
    """Take all measurements of a run, or read those that were taken."""
    if not measures:
        return {}
    finished = Finished(load_model(run), corpus)
    found = {}
    for measure in measures:
        say(f"    {measure.title}")
        found[measure.name] = readings_of(measure, run, finished)
    return found


def _is_finished(run: Path, variant: Variant, budget: Budget) -> bool:
    if not (run / METRICS_NAME).is_file() or not (run / CHECKPOINT_NAME).is_file():
        return False
    enough = budget.minutes is not None and _seconds(run) >= 60 * budget.minutes
    return enough or Curves.read(run / METRICS_NAME).steps >= variant.config.max_steps


def _seconds(run: Path) -> float:
    """Read how long a run was trained so far."""
    path = run / SECONDS_NAME
    return float(path.read_text(encoding="utf-8")) if path.is_file() else 0.0


def _train(variant: Variant, corpus: Corpus, run: Path, budget: Budget) -> None:
    """Train, or go on training, and write down how long it took."""
    before, began = _seconds(run), time.monotonic()
    settings = replace(variant.config, train=replace(variant.config.train, threads=budget.threads))
    outcome = train(
        corpus,
        run,
        settings,
        corpus_names=[variant.corpus],
        resume=(run / CHECKPOINT_NAME).is_file(),
        seconds=None if budget.minutes is None else 60 * budget.minutes - before,
    )
    write_text(run / SECONDS_NAME, f"{before + time.monotonic() - began:.1f}\n")
    if outcome.interrupted:
        raise KeyboardInterrupt
