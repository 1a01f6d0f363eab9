"""What other packages add, as the pages in ``docs/adding`` show it: trained, sampled, saved and loaded."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from tests.docs import ROOT, python_blocks
from tests.plugins import installed

SETUP = """
from pathlib import Path

import torch

from limner.corpus.corpus import Corpus, Split
from limner.corpus.doodles.make import make_doodles
from limner.models.config import DecoderConfig, EncoderConfig, ModelConfig
from limner.sampling.config import SamplingConfig
from limner.sampling.model import load_model
from limner.training.config import RunConfig, TrainConfig
from limner.training.run import train

torch.set_num_threads(1)
LONG = SamplingConfig(min_points=9)
drawings = [drawing.to_stroke3() for drawing in make_doodles(12, seed=1)]
corpus = Corpus({"train": Split.from_arrays(drawings[:8]), "valid": Split.from_arrays(drawings[8:])})


def learn(model, run="run"):
    config = RunConfig(model=model, train=TrainConfig(batch_size=4, validate_every=3), max_steps=3)
    assert train(corpus, run, config, quiet=True).step == 3
    return load_model(run)
"""

CELL = """
from limner.errors import LimnerError
from limner.interchange.exporting import export_model
from limner.interchange.onnx_graph import step_graph
from limner.models.build import build_model
from limner.models.cells.table import CELLS

assert [name for name, _ in CELLS.items()] == ["lstm", "layer_norm", "hyper", "gru"]
sizes = {"encoder": EncoderConfig(cell="gru", size=7), "decoder": DecoderConfig(cell="gru", size=9)}
model = learn(ModelConfig(latent_size=4, **sizes))
assert type(model.network.decoder.cell).__name__ == "GRU"
drawings = model.sample(2, sampling_config=LONG, max_points=20)
again = load_model("run").sample(2, sampling_config=LONG, max_points=20)
assert [d.to_stroke3().tolist() for d in drawings] == [d.to_stroke3().tolist() for d in again]
assert len(model.reconstruct(drawings)) == 2

step_graph(model.network)
try:
    export_model(model, "web", Path("page"))
except LimnerError as error:
    assert "a model with the cell gru" in str(error)
else:
    raise AssertionError("the page holds a cell that it does not know")

cell, x = CELLS["gru"].build(5, 32, 0.5).train(), torch.randn(2, 4, 5)  # a size that the engine takes
keep = cell.sample_keep(x)
assert not cell.has_engine and torch.equal(cell(x, keep=keep), cell.run_plain(x, cell.zero_state(2), keep))
"""

KIND = """
from limner.errors import LimnerError
from limner.interchange.exporting import export_model
from limner.interchange.onnx_graph import step_graph
from limner.models.weights import load_weights
from limner.training.presets import PRESETS, find_preset
from limner.training.run_folder import read_settings

preset = find_preset("window")
assert (preset.model.kind, preset.model.conditional, preset.max_steps) == ("window", False, 5000)
assert (preset.train.learning_rate, preset.train.batch_size) == (1e-3, PRESETS["fast"].train.batch_size)
config = ModelConfig(kind="window", conditional=False, options={"points": 3, "width": 8})
model = learn(config)
assert load_weights("run/model.safetensors")[0].config == config
assert read_settings(Path("run/config.toml"), RunConfig()).model == config
assert model.network.summary(config) == {"options": "points 3, width 8"}
drawings = model.sample(2, sampling_config=LONG, max_points=20)
again = load_model("run").sample(2, sampling_config=LONG, max_points=20)
assert [d.to_stroke3().tolist() for d in drawings] == [d.to_stroke3().tolist() for d in again]
assert len(model.complete(drawings[0], 2, max_points=30)) == 2

step_graph(model.network)
for target in ("web", "sketch-rnn-js"):
    try:
        export_model(model, target, Path("page"))
    except LimnerError as error:
        assert "cannot hold a model whose kind is window" in str(error)
    else:
        raise AssertionError(target)

for wrong, sentence in (({"pints": 3}, "did you mean 'points'"), ({"points": 0}, "at least 1")):
    try:
        ModelConfig(kind="window", options=wrong)
    except (LimnerError, ValueError) as error:
        assert sentence in str(error), error
    else:
        raise AssertionError(wrong)
"""


def _run_with(folder: Path, code: str) -> str:
    """Run code in a process that finds the packages of a folder, and return what it prints."""
    paths = os.pathsep.join([str(folder), str(ROOT / "src"), str(ROOT)])
    ran = subprocess.run(
        [sys.executable, "-c", code], cwd=folder, env=os.environ | {"PYTHONPATH": paths},
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert ran.returncode == 0, ran.stderr
    return ran.stdout


@pytest.mark.slow
@pytest.mark.parametrize(
    ("page", "group", "entry", "check"),
    [
        ("cell", "limner.cells", {"gru": "example:GRU"}, CELL),
        ("model_kind", "limner.kinds", {"window": "example:KIND"}, KIND),
    ],
    ids=["cell", "model_kind"],
)
def test_the_page_is_a_package(
    page: str, group: str, entry: dict[str, str], check: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (source,) = python_blocks(f"docs/adding/{page}.md")
    (tmp_path / "example.py").write_text(source, "utf-8")
    installed(tmp_path, monkeypatch, group, **entry)
    _run_with(tmp_path, SETUP + check)


@pytest.fixture
def broken(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with a package whose cell cannot be imported."""
    (tmp_path / "example.py").write_text("raise RuntimeError('out of order')", "utf-8")
    installed(tmp_path, monkeypatch, "limner.cells", gru="example:GRU")
    return tmp_path


@pytest.mark.slow
def test_the_command_line_offers_them_without_importing_them(broken: Path) -> None:
    code = "import sys; from limner.cli.main import main; sys.exit(main(['train', '--help']))"
    assert "{lstm,layer_norm,hyper,gru}" in _run_with(broken, code)


@pytest.mark.slow
def test_a_package_that_cannot_be_imported_is_named(broken: Path) -> None:
    code = """
from limner.errors import LimnerError
from limner.models.build import build_model
from limner.models.config import DecoderConfig, ModelConfig
build_model(ModelConfig())
try:
    build_model(ModelConfig(conditional=False, decoder=DecoderConfig(cell="gru")))
except LimnerError as error:
    print(error)
"""
    assert "stranger adds the recurrent cell gru, which cannot be imported" in _run_with(broken, code)
