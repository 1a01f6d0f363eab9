"""``evaluate``: from a model and a corpus to a dictionary of figures."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from tests.evaluation.protocol.stand_in import Counting
from tests.evaluation.toys import toy_corpus

from limner.corpus.corpus import Corpus
from limner.corpus.npz_writer import write_npz
from limner.errors import LimnerError
from limner.evaluation.context import EvaluationSettings
from limner.evaluation.evaluate import evaluate, resolve_metrics
from limner.sampling.model import load_model

FEW = EvaluationSettings(samples=20, reconstructions=10)


@pytest.mark.slow
def test_likelihoods_alone() -> None:
    figures = evaluate("doodles", toy_corpus(60, 30))
    assert (figures["split"], figures["n"], figures["held_out"]) == ("test", 30, True)
    assert {"recon", "kl", "nll_per_point", "notes"} <= set(figures)
    assert not set(resolve_metrics(["all"])) & set(figures)
    json.dumps(figures)


@pytest.mark.slow
def test_metrics_by_name(tmp_path: Path) -> None:
    write_npz(toy_corpus(60, 30), tmp_path / "toys.npz")
    progress: list[tuple[str, int, int]] = []
    figures = evaluate(
        load_model("doodles"),
        tmp_path / "toys.npz",
        ["latents", "generation"],
        split="valid",
        convention="end-once",
        settings=FEW,
        extractor=Counting(),
        progress=lambda *news: progress.append(news),
    )
    assert (figures["split"], figures["convention"]) == ("valid", "end-once")
    assert figures["generation"]["protocol"] == "counting"
    assert figures["latents"]["latent_active"] >= 1
    assert "novelty" not in figures
    assert ("Drawing samples", 20, 20) in progress


@pytest.mark.slow
def test_all_metrics() -> None:
    figures = evaluate("doodles", toy_corpus(60, 30), ["all"], settings=FEW, extractor=Counting())
    assert set(resolve_metrics(["all"])) <= set(figures)


@pytest.mark.slow
def test_few_drawings_that_were_not_held_out() -> None:
    corpus = toy_corpus(60, 30)
    few = corpus.splits["train"].take(range(5))
    figures = evaluate("doodles", Corpus({"train": few}, corpus.label_names))
    assert (figures["split"], figures["n"], figures["held_out"]) == ("train", 5, False)
    assert figures["notes"] == ["The figures rest on 5 drawings, which is few."]


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ({"metrics": ["beauty"]}, "there is no metric 'beauty'"),
        ({"split": "exam"}, "no drawings in a exam split"),
        ({"model": "noodles"}, "There is no model noodles"),
    ],
)
def test_refusals(arguments: dict[str, object], words: str) -> None:
    with pytest.raises(LimnerError, match=words):
        evaluate(**{"model": "doodles", "corpus": toy_corpus(6, 3), **arguments})  # type: ignore[arg-type]
