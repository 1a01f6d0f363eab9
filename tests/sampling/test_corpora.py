"""Corpora that models draw."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import pytest
import torch

from limner.corpus.load import load_corpus
from limner.errors import LimnerError
from limner.models.build import build_model
from limner.models.config import DecoderConfig, ModelConfig
from limner.models.weights import Card, save_weights
from limner.recipes.engine import InProcess, Processes
from limner.sampling.corpora import CorpusRequest, regroup, sample_batches, write_corpus
from limner.sampling.model import load_model
from limner.strokes.drawing import Drawing


@pytest.fixture
def models(tmp_path: Path) -> tuple[str, ...]:
    """Write two small models of one class each."""
    names = ("cat", "bus")
    return tuple(str(_saved(tmp_path / f"{name}.safetensors", name, k)) for k, name in enumerate(names))


def _saved(path: Path, name: str, seed: int) -> Path:
    torch.manual_seed(seed)
    config = ModelConfig(conditional=False, decoder=DecoderConfig(size=16, components=3))
    network = build_model(config)
    with torch.no_grad():
        network.get_parameter("decoder.output.bias")[2] = -3
    card = Card(
        config=config, scale_factor=10.0, n_max=20, extent=100.0, start=(0.0, 0.0), start_reach=10.0,
        tolerance=1.0, classes=(name,), licence=f"licence of {name}",
    )  # fmt: skip
    save_weights(network, card, path)
    return path


def _wish(models: tuple[str, ...], n: int = 25, **changes: object) -> CorpusRequest:
    return CorpusRequest(models, n, {"temperature": 1.0}, batch=10, **changes)  # type: ignore[arg-type]


def _all(wish: CorpusRequest) -> list[Drawing]:
    return [drawing for batch in sample_batches(wish, InProcess()) for drawing in batch]


def test_every_drawing_names_its_class_and_its_model(models: tuple[str, ...]) -> None:
    found = _all(_wish(models, seed=3, keep_empty=True))
    assert [drawing.label for drawing in found] == ["cat"] * 25 + ["bus"] * 25
    assert [drawing.source for drawing in found[:26]] == [*(f"cat#3/{k}" for k in range(25)), "bus#3/0"]
    assert len({drawing.to_stroke3().tobytes() for drawing in found}) > 40


def test_few_drawings_are_those_of_the_model(models: tuple[str, ...]) -> None:
    wanted = load_model(models[0]).sample(7, temperature=1.0, seed=5)
    found = _all(_wish(models[:1], 7, seed=5, keep_empty=True))
    assert [d.to_polylines() for d in found] == [d.to_polylines() for d in wanted]


@pytest.mark.slow
def test_drawings_without_points_are_left_out(models: tuple[str, ...]) -> None:
    every, some = _all(_wish(models, 200, keep_empty=True)), _all(_wish(models, 200))
    assert len(every) == 400
    assert [d.source for d in some] == [d.source for d in every if d.n_points]


@pytest.mark.slow
def test_processes_change_no_byte(models: tuple[str, ...], tmp_path: Path) -> None:
    wish = _wish(models)
    with Processes(2) as two:
        write_corpus(wish, tmp_path / "two.parquet", two)
    write_corpus(wish, tmp_path / "one.parquet", InProcess())
    assert (tmp_path / "one.parquet").read_bytes() == (tmp_path / "two.parquet").read_bytes()


@pytest.mark.parametrize("suffix", [".parquet", ".npz", ".ndjson"])
def test_a_corpus_is_read_back(models: tuple[str, ...], tmp_path: Path, suffix: str) -> None:
    path, steps = tmp_path / f"both{suffix}", list[tuple[int, int]]()
    total = write_corpus(_wish(models, 40), path, InProcess(), lambda *done: steps.append(done))
    corpus = load_corpus(path)
    assert len(corpus) == total
    assert {"train", "valid", "test"} == set(corpus.splits)
    assert steps[-1] == (80, 80)
    if suffix != ".npz":  # which has no room for labels
        assert set(corpus.label_names) == {"cat", "bus"}


def test_where_a_corpus_comes_from(models: tuple[str, ...], tmp_path: Path) -> None:
    write_corpus(_wish(models, 5), tmp_path / "few.npz", InProcess())
    told = json.loads((tmp_path / "few.provenance.json").read_text())
    assert list(told) == ["cat", "bus"]
    assert told["cat"]["sha256"] == hashlib.sha256(Path(models[0]).read_bytes()).hexdigest()
    assert told["bus"]["licence"] == "licence of bus"


def test_models_of_one_name_are_told_apart(models: tuple[str, ...], tmp_path: Path) -> None:
    (tmp_path / "other").mkdir()
    other = str(_saved(tmp_path / "other" / "cat.safetensors", "dog", 3))
    wish = _wish((*models, other), 1, keep_empty=True)
    assert [drawing.source for drawing in _all(wish)] == [f"{models[0]}#0/0", "bus#0/0", f"{other}#0/0"]
    write_corpus(wish, tmp_path / "three.npz", InProcess())
    assert list(json.loads((tmp_path / "three.provenance.json").read_text())) == [models[0], "bus", other]


def test_nothing_is_drawn_if_one_model_is_missing(models: tuple[str, ...], tmp_path: Path) -> None:
    with pytest.raises(LimnerError, match="nowhere"):
        write_corpus(_wish((*models, str(tmp_path / "nowhere"))), tmp_path / "x.parquet", InProcess())
    assert not list(tmp_path.glob("x*"))


def test_batches_are_gathered() -> None:
    one = Drawing.from_polylines([[(0, 0), (1, 1)]])
    assert [len(part) for part in regroup([[one] * 3] * 5, 5)] == [6, 6, 3]
    assert list(regroup([], 5)) == []
