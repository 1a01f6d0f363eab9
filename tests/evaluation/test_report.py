"""The report of an evaluation."""

from __future__ import annotations

import re
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pytest
from tests.evaluation.protocol.stand_in import Counting
from tests.evaluation.toys import toy_corpus

from limner.evaluation.context import EvaluationContext, EvaluationSettings
from limner.evaluation.likelihood import likelihood
from limner.evaluation.metrics import METRICS, measure
from limner.evaluation.report import LABELS, write_report
from limner.sampling.model import load_model


@pytest.fixture(scope="module")
def context() -> EvaluationContext:
    settings = EvaluationSettings(samples=30, reconstructions=16)
    return EvaluationContext(load_model("doodles"), toy_corpus(), "test", Counting(), settings)


@pytest.fixture(scope="module")
def figures(context: EvaluationContext) -> dict[str, Any]:
    found = likelihood(context.model, context.corpus.splits["test"])

    return {"split": "test", **asdict(found), **measure(context, METRICS)}


@pytest.mark.slow
def test_figures_and_pictures(context: EvaluationContext, figures: dict[str, Any], tmp_path: Path) -> None:
    write_report(tmp_path / "r.html", figures, context, "limner evaluate <a>")
    page = (tmp_path / "r.html").read_text(encoding="utf-8")
    assert f"{figures['n']} drawings of the test split" in page
    assert f"{figures['nll_per_point']:.4f}" in page
    assert f"{figures['generation']['floor']['precision']:.4f}" in page
    assert page.count("data:image/png;base64,") == 4
    assert page.count('class="chart scatter"') == 1
    assert "limner evaluate &lt;a&gt;" in page
    assert "Protocol counting" in page
    assert not re.search(r"(src|href)=\"(?!data:)", page)  # nothing is fetched
    assert "$" not in page


@pytest.mark.slow
def test_what_was_not_measured_is_not_there(
    context: EvaluationContext, figures: dict[str, Any], tmp_path: Path
) -> None:
    bare = {name: value for name, value in figures.items() if name not in METRICS}
    write_report(tmp_path / "r.html", bare, context, "c")
    page = (tmp_path / "r.html").read_text(encoding="utf-8")
    assert "<figure>" not in page
    assert "FID" not in page
    assert "L_KL" in page


def test_every_figure_has_words(figures: dict[str, Any]) -> None:
    """And every word a figure, but for classes, which doodles are not told."""

    def there(key: str) -> bool:
        found: Any = figures
        for part in key.split("."):
            found = found.get(part, {})
        return bool(found != {})

    missing = {key for key in LABELS if not there(key)}
    assert missing == {
        "class_top1", "class_top5", "retrieval_map", "generation.recognised", "generation.recognised_real",
    }  # fmt: skip
