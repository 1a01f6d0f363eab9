"""What released versions wrote is read by this one, and means the same: weights, runs, corpora, choices."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import numpy as np
import pytest

from limner.corpus.load import load_corpus
from limner.curation.choices import read_choices
from limner.evaluation.likelihood import likelihood
from limner.interchange.importing import import_model
from limner.recipes.recipe import load_recipe
from limner.sampling.model import load_model
from limner.training.config import RunConfig
from limner.training.run import train
from limner.training.run_folder import CONFIG_NAME, read_settings

RELEASED = Path(__file__).parent / "released"
VERSIONS = sorted(path.name for path in RELEASED.iterdir())
CORPORA = sorted(path.relative_to(RELEASED) for path in RELEASED.glob("*/corpus.*"))
RUNS = sorted(path.relative_to(RELEASED) for path in RELEASED.glob("*/runs/*"))


def test_something_of_every_release_is_kept() -> None:
    assert VERSIONS
    for version in VERSIONS:
        assert len(list((RELEASED / version).glob("corpus.*"))) >= 5
        assert len(list((RELEASED / version / "runs").iterdir())) >= 6


@pytest.mark.parametrize("name", CORPORA, ids=str)
def test_corpora(name: Path) -> None:
    """All formats hold the same drawings, as far as they have splits and precision."""
    expected = load_corpus(RELEASED / name.parent / "corpus.npz")
    found = load_corpus(RELEASED / name)
    drawings, originals = (
        {
            split: [corpus.drawing(split, i) for i in range(len(corpus.splits[split]))]
            for split in corpus.splits
        }
        for corpus in (found, expected)
    )
    n = sum(map(len, drawings.values()))
    assert n == sum(map(len, originals.values())) == 12
    points = sum(d.n_points for part in drawings.values() for d in part)
    assert points == sum(d.n_points for part in originals.values() for d in part)


@pytest.mark.parametrize("run", RUNS, ids=str)
def test_weights_mean_the_same(run: Path) -> None:
    """The likelihood of the drawings beside them, but for what processors differ in."""
    folder = RELEASED / run.parent.parent
    split = load_corpus(folder / "corpus.npz").splits["test"]
    expected = json.loads((folder / "expected.json").read_text())[run.name]
    for weights in ("best", "last"):
        found = likelihood(load_model(RELEASED / run, weights=weights), split).nll_per_point_corpus
        assert np.isfinite(found)
        if weights == "best":
            assert found == pytest.approx(expected, rel=1e-3)


@pytest.mark.slow
@pytest.mark.parametrize("run", RUNS, ids=str)
def test_runs_go_on(run: Path, tmp_path: Path) -> None:
    copy = tmp_path / "run"
    shutil.copytree(RELEASED / run, copy)
    settings = read_settings(copy / CONFIG_NAME, RunConfig())
    corpus = load_corpus(RELEASED / run.parent.parent / "corpus.parquet")
    further = RunConfig(model=settings.model, train=settings.train, max_steps=6, seed=settings.seed)
    assert train(corpus, copy, further, resume=True, quiet=True).step == 6


@pytest.mark.parametrize("version", VERSIONS)
def test_recipes_choices_and_exported_models(version: str, tmp_path: Path) -> None:
    folder = RELEASED / version
    assert load_recipe(folder / "recipe.toml").steps
    choices = read_choices(folder / "choices.csv")
    assert choices.choice == {"corpus.npz#train/0": "keep", "corpus.npz#train/1": "drop"}
    import_model(folder / "decoder.json", tmp_path / "decoder.safetensors")
    assert load_model(tmp_path / "decoder.safetensors").sample(1)
