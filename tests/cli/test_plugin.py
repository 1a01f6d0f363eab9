"""The example of a package that adds to limner: all that it adds is there once it is installed."""

from __future__ import annotations

import json
import shutil
import tomllib
from pathlib import Path
from typing import Any

import pytest
from tests.cli.conftest import Limner
from tests.docs import ROOT
from tests.plugins import install, read_again

from limner.cli.verbs import VERBS
from limner.evaluation.metrics import METRICS
from limner.recipes.steps.registry import STEPS
from limner.registry import Registry
from limner.render.writers import WRITERS

PLUGIN = ROOT / "examples" / "plugin"
TABLES: dict[str, Registry[Any]] = {
    "limner.steps": STEPS,
    "limner.metrics": METRICS,
    "limner.writers": WRITERS,
    "limner.verbs": VERBS,
}
POINTS = tomllib.loads((PLUGIN / "pyproject.toml").read_text(encoding="utf-8"))["project"]["entry-points"]


@pytest.fixture
def plugin(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Install the package into a folder on the path."""
    folder = tmp_path / "site-packages"
    shutil.copytree(PLUGIN / "src", folder)
    install(folder, monkeypatch, POINTS)
    read_again(monkeypatch, *TABLES.values())
    return folder


def test_every_table_holds_what_it_adds(plugin: Path) -> None:
    assert set(POINTS) == set(TABLES)
    for group, entries in POINTS.items():
        for name, where in entries.items():
            assert type(TABLES[group][name]).__name__ in ("type", "Metric", "DrawingWriter", "Verb")
            assert (plugin / f"{where.partition(':')[0].replace('.', '/')}.py").is_file()


@pytest.mark.slow
def test_its_verb_and_its_step(
    plugin: Path, limner: Limner, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("r.toml").write_text('[[step]]\nstep = "ink"\nat_least = 1200\n')
    built = limner("build", "doodles", "--recipe", "r.toml", "--out", "x.npz", "--json")
    assert (built.code, built.err) == (0, "")
    assert built.json["steps"][1]["dropped"].keys() == {"it has too little ink"}
    said = limner("ink", "x.npz")
    assert "drawings, " in said.out
    assert "measure the ink of drawings" in limner("--help").out
    assert plugin.is_dir()


@pytest.mark.slow
def test_its_writer_and_its_metric(
    plugin: Path, limner: Limner, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert limner("sample", "doodles", "-n", 2, "--seed", 1, "--out", "x.csv").code == 0
    assert Path("x.csv").read_text().startswith("drawing,stroke,x,y\n0,0,")
    said = limner("evaluate", "doodles", "--metrics", "ink", "--samples", 20, "--json")
    assert json.loads(said.out)["ink"]["samples"] > 0
    assert plugin.is_dir()
