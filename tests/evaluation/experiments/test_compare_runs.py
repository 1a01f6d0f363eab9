"""Runs beside each other."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from tests.evaluation.experiments.conftest import labelled

from limner.errors import DataError
from limner.evaluation.experiments.compare_runs import compare_as_json, compare_page, figures_table
from limner.evaluation.experiments.compared_run import (
    NLL,
    NLL_CORPUS,
    differing_settings,
    read_runs,
)
from limner.evaluation.experiments.results import Curves
from limner.models.config import DecoderConfig, ModelConfig, TransformerConfig
from limner.models.weights import FILE_NAME
from limner.training.config import RunConfig, TrainConfig
from limner.training.run import train
from limner.training.run_folder import METRICS_NAME

TRAIN = TrainConfig(batch_size=4, convention="end-once", validate_every=2, log_every=1, threads=1)
SMALL = ModelConfig(conditional=False, decoder=DecoderConfig(size=8, components=2))
ATTENDING = ModelConfig(
    kind="transformer",
    conditional=False,
    transformer=TransformerConfig(layers=1, width=8, heads=2, feedforward=8, components=2),
)


@pytest.fixture(scope="module")
def runs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with two runs of one kind, and one of another in a folder below."""
    folder = tmp_path_factory.mktemp("runs")
    plain = RunConfig(model=SMALL, train=TRAIN, max_steps=4)
    for place, config in {
        "plain": plain,
        "quick": replace(plain, train=replace(TRAIN, learning_rate=0.01), seed=3),
        "below/attending": replace(plain, model=ATTENDING),
    }.items():
        train(labelled(40), folder / place, config, corpus_names=["toys & co"])
    return folder


@pytest.mark.slow
def test_names_tell_runs_apart(runs: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(runs)
    assert [run.name for run in read_runs([Path("plain"), Path("below/attending")])] == [
        "plain", "below/attending"
    ]  # fmt: skip
    assert [run.name for run in read_runs([runs / "plain"])] == ["plain"]
    with pytest.raises(DataError, match="plain is named twice"):
        read_runs([Path("plain"), runs / "plain"])


@pytest.mark.slow
def test_only_settings_that_differ(runs: Path) -> None:
    plain, quick, attending = read_runs([runs / "plain", runs / "quick", runs / "below/attending"])
    assert differing_settings([plain, quick]) == {"train.learning_rate": [0.001, 0.01], "seed": [0, 3]}
    other = differing_settings([plain, attending])
    assert other["model.kind"] == ["sketch_rnn", "transformer"]
    assert other["model.transformer.width"] == [None, 8]
    assert other["model.decoder.size"] == [8, None]
    assert not any(name.startswith(("train", "model.sketchformer")) for name in other)


def test_one_run_is_compared_with_the_defaults(runs: Path) -> None:
    (alone,) = read_runs([runs / "plain"])
    found = differing_settings([alone])
    assert found["corpus"] == ["toys & co"]
    assert found["model.decoder.size"] == [8]
    assert "train.learning_rate" not in found


def test_figures_are_the_best_of_the_curves(runs: Path) -> None:
    (run,) = read_runs([runs / "plain"])
    curves = Curves.read(runs / "plain" / METRICS_NAME)
    found = compare_as_json([run])["runs"][0]
    assert found[NLL] == curves["valid_nll_per_point"].minimum
    assert found["cost"] == curves["valid_cost"].minimum
    assert found["steps"] == 4
    assert found[NLL_CORPUS] == pytest.approx(found[NLL] + 2 * math.log(found["scale"]))


def test_the_best_of_a_column_has_a_star(runs: Path) -> None:
    table = figures_table(read_runs([runs / "plain", runs / "quick"]))
    assert "N_max" not in table.headings  # the same for both
    for heading in ("cost", NLL, NLL_CORPUS, "lift recall"):
        cells = [row[table.headings.index(heading)] for row in table.rows]
        assert sum(cell.endswith("*") for cell in cells) <= 1
        values = [float(cell.split()[0]) for cell in cells]
        best = max(values) if heading == "lift recall" else min(values)
        assert all(float(cell.split()[0]) == best for cell in cells if cell.endswith("*"))


def test_the_page_holds_all_of_it(runs: Path) -> None:
    page = compare_page(read_runs([runs / "plain", runs / "quick"]), "limner report <a> b")
    assert "toys &amp; co" not in page  # both have it
    assert "train.learning_rate" in page
    assert page.count('<img src="data:image/png') == 2
    assert page.count("<svg") == 2  # decoders alone have no L_KL
    assert "limner report &lt;a&gt; b" in page
    assert "http" not in page.replace("http://www.w3.org/2000/svg", "")


def test_a_run_that_has_just_begun(runs: Path, tmp_path: Path) -> None:
    for name in ("config.toml", METRICS_NAME):
        (tmp_path / name).write_bytes((runs / "plain" / name).read_bytes())
    (tmp_path / METRICS_NAME).write_text("step,train_cost\n1,3\n")
    young, old = read_runs([tmp_path, runs / "plain"])
    assert young.card is None
    assert compare_as_json([young])["runs"][0]["steps"] == 1
    assert len(figures_table([young, old]).rows) == 2
    assert compare_page([young], "limner report").startswith("<!doctype html>")


def test_a_figure_beyond_all_numbers_is_left_out(runs: Path, tmp_path: Path) -> None:
    for name in ("config.toml", METRICS_NAME):
        (tmp_path / name).write_bytes((runs / "plain" / name).read_bytes())
    (tmp_path / METRICS_NAME).write_text(f"step,valid_cost\n1,3\n2,{'9' * 400}\n3,nan\n")
    (run,) = read_runs([tmp_path])
    assert run.curves.columns["valid_cost"].values.tolist() == [3]
    assert compare_page([run], "limner report").startswith("<!doctype html>")


def test_a_run_that_does_not_say_its_corpus(runs: Path, tmp_path: Path) -> None:
    for name in ("config.toml", METRICS_NAME):
        (tmp_path / name).write_bytes((runs / "plain" / name).read_bytes())
    config = (tmp_path / "config.toml").read_text()
    (tmp_path / "config.toml").write_text(config.partition("]\n")[2])
    nameless, named = read_runs([tmp_path, runs / "plain"])
    assert differing_settings([nameless, named]) == {"corpus": [None, "toys & co"]}


def _damage(name: str, text: str) -> Callable[[Path], object]:
    return lambda run: (run / name).write_text(text)


@pytest.mark.parametrize(
    ("damage", "sentence"),
    [
        (lambda run: (run / "config.toml").unlink(), "is no run: it has no config.toml"),
        (lambda run: (run / METRICS_NAME).unlink(), f"is no run: it has no {METRICS_NAME}"),
        (_damage("config.toml", "a = ["), "is not valid TOML"),
        (_damage(METRICS_NAME, "step,valid_cost\nx,y\n"), "is no table of numbers by step"),
        (_damage(METRICS_NAME, "valid_cost\n3\n"), "is no table of numbers by step"),
        (_damage(METRICS_NAME, f"step,valid_cost\n{'9' * 400},1\n"), "is no table of numbers by step"),
        (_damage(METRICS_NAME, f"step,valid_cost\n{'9' * 200_000},1\n"), "is no table of numbers by step"),
        (_damage(FILE_NAME, "nothing"), "cannot be read as a weights file"),
    ],
)
def test_what_is_no_run_is_refused(
    damage: Callable[[Path], object], sentence: str, runs: Path, tmp_path: Path
) -> None:
    for name in ("config.toml", METRICS_NAME, FILE_NAME):
        (tmp_path / name).write_bytes((runs / "plain" / name).read_bytes())
    damage(tmp_path)
    with pytest.raises(DataError, match=sentence):
        read_runs([tmp_path])
