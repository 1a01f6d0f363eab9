"""Names of runs."""

from __future__ import annotations

from dataclasses import replace

from limner.evaluation.experiments.plan import Experiment, TrainingVariant
from limner.evaluation.experiments.registry import EXPERIMENTS
from limner.training.config import RunConfig, TrainConfig

PLAIN = TrainingVariant("LSTM, plain", "toys.npz", RunConfig())


def test_a_folder_tells_settings_apart_but_not_steps() -> None:
    folder = PLAIN.seeded(1, 100).folder()
    assert folder.startswith("lstm--plain-seed1-")
    assert folder == PLAIN.seeded(1, 200).folder()
    others = [
        PLAIN.seeded(2, 100),
        replace(PLAIN, corpus="other.npz").seeded(1, 100),
        replace(PLAIN, num_train=30).seeded(1, 100),
        replace(PLAIN, config=RunConfig(train=TrainConfig(kl_weight=1.0))).seeded(1, 100),
    ]
    assert len({folder, *(other.folder() for other in others)}) == 5


def test_every_step_is_logged_so_that_spikes_can_be_counted() -> None:
    config = PLAIN.seeded(3, 50).config
    assert (config.train.log_every, config.seed, config.max_steps) == (1, 3, 50)


def test_charts_show_variants_that_there_are() -> None:
    grids = [entry for _, entry in EXPERIMENTS.built_in() if isinstance(entry, Experiment)]
    for experiment in grids:
        names = [variant.name for variant in experiment.variants]
        assert len(set(names)) == len(names)
        assert all(set(chart.variants) <= set(names) for chart in experiment.charts)
