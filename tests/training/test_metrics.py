"""``metrics.csv``."""

from __future__ import annotations

import csv
from pathlib import Path

from limner.training.metrics import COLUMNS, MetricsFile


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def test_one_line_a_time(tmp_path: Path) -> None:
    log = MetricsFile(tmp_path / "metrics.csv", 0)
    log.log_metrics({"train_L_R": 1.23456789, "epoch": 0.0}, 20)
    log.log_metrics({"valid_cost": -0.5}, 500)
    log.log_metrics({"epoch": 1.0}, 501)
    first, second = _rows(tmp_path / "metrics.csv")
    assert list(first) == list(COLUMNS)
    assert {name: value for name, value in first.items() if value} == {"step": "20", "train_L_R": "1.23457"}
    assert {name: value for name, value in second.items() if value} == {"step": "500", "valid_cost": "-0.5"}


def test_a_resumed_run_goes_on(tmp_path: Path) -> None:
    """Lines after its checkpoint are taken out; they will be written again."""
    path = tmp_path / "metrics.csv"
    log = MetricsFile(path, 0)
    for step in (20, 40, 60, 80):
        log.log_metrics({"train_L_R": step / 10}, step)
    again = MetricsFile(path, 40)
    again.log_metrics({"train_L_R": 9.0}, 60)
    assert [(row["step"], row["train_L_R"]) for row in _rows(path)] == [("20", "2"), ("40", "4"), ("60", "9")]


def test_a_new_run_begins_anew(tmp_path: Path) -> None:
    path = tmp_path / "metrics.csv"
    MetricsFile(path, 0).log_metrics({"train_L_R": 1.0}, 20)
    MetricsFile(path, 0)
    assert _rows(path) == []


def test_damaged_lines_are_left_out(tmp_path: Path) -> None:
    path = tmp_path / "metrics.csv"
    path.write_bytes(b"step,train_L_R\n2,0.5\nrubbish\n\xff,1\n4\n")
    MetricsFile(path, 100)
    assert [line.split(",")[0] for line in path.read_text().splitlines()] == ["step", "2", "4"]
