"""A training from beginning to end."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from pathlib import Path

from limner.corpus.corpus import Corpus
from limner.errors import LimnerError
from limner.training.clock import Clock
from limner.training.config import KeepBy, RunConfig
from limner.training.data import TrainingData
from limner.training.graceful_stop import GracefulStop
from limner.training.init_from import Initial
from limner.training.ranks import is_rank_zero
from limner.training.run_folder import (
    CHECKPOINT_NAME,
    check_new,
    clear_beginning,
    is_beginning,
    write_config,
)
from limner.training.run_lock import training_lock
from limner.training.setup import TrainingSetup, set_up
from limner.training.status import StatusFile, recording
from limner.training.threads import choose_threads, tune_malloc
from limner.training.weights_choice import RULE_NAMES


@dataclass(frozen=True)
class TrainingOutcome:
    """How a training ended."""

    step: int
    """Steps done."""
    best_step: int
    """Step of the weights that are kept."""
    best_cost: float
    """Their cost in validation, by :attr:`kept_by`."""
    kept_by: KeepBy
    """The rule that chose them."""
    n_max: int
    """Points of the longest drawing, by which L_R is divided."""
    interrupted: bool
    """Whether a signal ended the training."""

    @property
    def sentence(self) -> str:
        """How it ended, and which weights are kept."""
        if self.kept_by == "last":
            return f"Step {self.step}; the best was not looked for, the average of the last weights is kept"
        return (
            f"Step {self.step}; the best was step {self.best_step} by {RULE_NAMES[self.kept_by]}, "
            f"{self.best_cost:.4f} in validation (N_max {self.n_max})"
        )


def train(
    corpus: Corpus | TrainingData,
    run: str | Path,
    config: RunConfig,
    *,
    corpus_names: Sequence[str] = (),
    resume: bool = False,
    seconds: float | None = None,
    fitted: bool = False,
    licence: str = "",
    quiet: bool = False,
    initial: Initial | None = None,
) -> TrainingOutcome:
    """Train a network on a corpus and keep everything in a run folder.

    Parameters
    ----------
    corpus : Corpus or TrainingData
        The latter from :func:`limner.training.data_cache.load_training_data`.
    run : str or Path
        The run folder; new or empty, or one to resume.
    config : RunConfig
    corpus_names : sequence of str
        Names or paths of the corpora, for ``config.toml``.
    resume : bool
        Whether to continue from ``last.ckpt``; a run that ended before its first begins again.
    seconds : float, optional
        Time limit for the training; that of the settings unless given.
    fitted : bool
        Whether learning rate and weight of L_KL reach their ends by then; in a single process only.
    licence : str
        Terms of the weights, for their header.
    quiet : bool
        Whether no progress is shown.
    initial : Initial, optional
        A network of the caller's own (:func:`limner.training.init_from.own_network`); what the settings name
        unless given.

    Raises
    ------
    LimnerError
        If there is nothing to learn from, the folder cannot be used, another training runs in it, or the
        checkpoint does not fit.
    """
    folder = Path(run)
    if resume and not folder.is_dir():
        raise LimnerError(f"{folder} holds no {CHECKPOINT_NAME}; train it without --resume first.")
    if seconds is None and config.train.minutes is not None:
        seconds, fitted = 60 * config.train.minutes, True
    ranks = config.train.processes * config.train.machines
    stop, clock = GracefulStop(config.max_steps, seconds), Clock(seconds, fitted=fitted and ranks == 1)
    alone = training_lock(folder) if is_rank_zero() else nullcontext()
    with stop.handling_signals(), alone, recording(folder) as status:
        resume = resume and not is_beginning(folder)
        setup = set_up(corpus, folder, config, initial or Initial(), resume=resume)
        _begin(setup, corpus_names, status)
        outcome = _fit(setup, stop, clock, status, licence, quiet=quiet)
        status.end("interrupted" if outcome.interrupted else "finished", outcome.sentence, outcome.step)
    return outcome


def _begin(setup: TrainingSetup, corpus_names: Sequence[str], status: StatusFile) -> None:
    """Write the settings into the run folder, and prepare this process for training."""
    config = setup.config
    if is_rank_zero():
        if setup.resumed is None:
            check_new(setup.folder)
            clear_beginning(setup.folder)
        write_config(setup.folder, config, list(corpus_names))
        status.begin(0 if setup.resumed is None else setup.resumed.step, config.max_steps)
    tune_malloc()
    choose_threads(config.model, config.train.batch_size, config.train.threads, config.train.processes)


def _fit(
    setup: TrainingSetup, stop: GracefulStop, clock: Clock, status: StatusFile, licence: str, *, quiet: bool
) -> TrainingOutcome:
    from limner.training.trainer import RunTrainer  # Lightning takes seconds to import

    trainer = RunTrainer(setup, clock, licence, quiet=quiet)
    step = trainer.fit(stop, status)
    best = trainer.choice
    return TrainingOutcome(step, best.step, best.cost, best.rule, setup.data.n_max, stop.interrupted)
