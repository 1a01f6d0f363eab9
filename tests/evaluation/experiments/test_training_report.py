"""Trainings in a table and in charts."""

from __future__ import annotations

from tests.evaluation.experiments.conftest import training

from limner.evaluation.experiments.plan import CurveChart
from limner.evaluation.experiments.results import ExperimentResults
from limner.evaluation.experiments.training_report import (
    curves_chart,
    mean_line,
    row_of,
    seeds_and_mean,
    trainings_table,
)

RESULTS = ExperimentResults(
    (
        training("a", 1, valid_nll_per_point=[3, 1, 2], valid_cost=[5, 4, 6], valid_L_KL=[0.1, 0.3]),
        training("a", 2, valid_nll_per_point=[3, 2, 2], valid_cost=[5, 4, 3], valid_L_KL=[0.1, 0.5]),
    ),
    {"a": 0.25},
)


def test_rows_are_means_over_seeds() -> None:
    row = row_of("a", RESULTS)
    assert (row.seeds, row.parameters, row.steps) == (2, 1234, 40)
    assert (row.nll_per_point, row.nll_spread) == (1.5, 1)
    assert (row.valid_cost, row.best_step) == (3.5, 25)
    assert (row.valid_L_KL, row.seconds_per_step) == (0.4, 0.25)
    table = trainings_table([row])
    assert len(table.headings) == len(table.rows[0])
    assert dict(zip(table.headings, table.rows[0], strict=True))["weights"] == "1,234"


def test_mean_over_common_steps() -> None:
    assert mean_line([[(1, 2.0), (2, 4.0), (3, 9.0)], [(1, 4.0), (2, 0.0)]]) == [(1, 3.0), (2, 2.0)]


def test_single_seeds_stand_pale_behind_their_mean() -> None:
    assert [line.faint for line in seeds_and_mean("a", 0, [[(1, 2)], [(1, 4)]])] == [True, True, False]
    assert [line.faint for line in seeds_and_mean("a", 0, [[(1, 2)]])] == [False]
    assert seeds_and_mean("a", 0, []) == []


def test_charts_of_all_variants_or_some() -> None:
    assert curves_chart(CurveChart("valid_cost", "Cost"), RESULTS).count("<polyline") == 3
    assert curves_chart(CurveChart("valid_cost", "Cost", ("b",)), RESULTS) == ""
