"""What is read off curves."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.evaluation.experiments.conftest import series, training

from limner.evaluation.experiments.measurement import Measurement
from limner.evaluation.experiments.results import Curves, ExperimentResults, spikes_of


def test_read_leaves_out_empty_fields(tmp_path: Path) -> None:
    path = tmp_path / "metrics.csv"
    path.write_text("step,train_cost,valid_cost\n1,5,\n2,4,\n2,,3\n4,2,\n")
    curves = Curves.read(path)
    assert curves["train_cost"].steps.tolist() == [1, 2, 4]
    assert curves["valid_cost"].values.tolist() == [3]
    assert curves.steps == 4
    assert curves.until(2)["train_cost"].values.tolist() == [5, 4]


def test_an_empty_file_has_no_curves(tmp_path: Path) -> None:
    (tmp_path / "metrics.csv").write_text("step,train_cost\n")
    assert Curves.read(tmp_path / "metrics.csv").steps == 0


def test_firsts_and_least() -> None:
    curve = series([3, 1, 2, 1], every=5)
    assert (curve.minimum, curve.step_of_minimum, curve.last) == (1, 10, 1)
    assert (curve.first_at_most(2), curve.first_at_most(0.5)) == (10, None)
    assert (curve.first_at_least(3), curve.first_at_least(4)) == (5, None)


def test_means_over_seeds() -> None:
    results = ExperimentResults(
        (training("a", 1, valid_cost=[2, 4]), training("a", 2, valid_cost=[6]), training("b")), {}
    )
    assert results.mean("a", lambda curves: curves["valid_cost"].minimum) == 4
    assert results.each("a", lambda curves: curves["valid_cost"].last) == [4, 6]


def test_spikes_are_counted_once_each() -> None:
    chance = np.random.default_rng(0)
    costs = np.linspace(3, 1, 400) + chance.normal(0, 0.02, 400)
    assert spikes_of(costs) == 0
    costs[[100, 101, 102, 250]] += 5
    assert spikes_of(costs) == 2


@pytest.mark.slow
@given(st.floats(-1e3, 1e3), st.integers(1, 120))
def test_a_level_cost_has_no_spikes(level: float, steps: int) -> None:
    assert spikes_of(np.full(steps, level)) == 0


@pytest.mark.parametrize("factor", [0.1, 7.0])
def test_spikes_do_not_depend_on_the_scale(factor: float) -> None:
    costs = np.random.default_rng(1).normal(1, 0.1, 300)
    costs[200] = 9
    assert spikes_of(costs) == spikes_of(factor * costs) == 1


def test_readings_are_averaged_over_seeds() -> None:
    first = {"m": (Measurement(1.0, {"a": 1, "b": 5}), Measurement("real", {"a": 0}))}
    second = {"m": (Measurement(1.0, {"a": 3}),)}
    results = ExperimentResults((training("x", 1, first), training("x", 2, second), training("y")), {})
    assert results.mean_measurements("x", "m") == (
        Measurement(1.0, {"a": 2, "b": 5}),
        Measurement("real", {"a": 0}),
    )
    assert results.mean_measurements("y", "m") == ()
    assert results.measured("x", "m", 1.0, "a") == [1, 3]
    with pytest.raises(KeyError):
        results.measured("x", "m", 1.0, "b")
