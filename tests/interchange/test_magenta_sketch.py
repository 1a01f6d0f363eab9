"""Our documents in @magenta/sketch, the client of the published models, run by Node.

``npm install --prefix tests/interchange/node`` fetches the client.
"""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from limner.corpus.corpus import Corpus, Split
from limner.corpus.doodles.make import make_doodles
from limner.interchange.sketch_rnn_js import read_js, write_js
from limner.models.config import DecoderConfig, ModelConfig
from limner.models.mixture import Mixture
from limner.models.protocol import SketchModel
from limner.models.weights import Card
from limner.sampling.model import load_model
from limner.strokes.drawing import Drawing
from limner.training.config import RunConfig, TrainConfig
from limner.training.run import train

NODE = Path(__file__).parent / "node"
CLIENT = NODE / "node_modules" / "@magenta" / "sketch"
NAMES = {
    "pi": "pi",
    "muX": "mu_x",
    "muY": "mu_y",
    "sigmaX": "sigma_x",
    "sigmaY": "sigma_y",
    "corr": "rho",
    "pen": "pen",
}
PREFIX = [
    (0, 0, 1, 0, 0),
    (12, -5, 1, 0, 0),
    (30, 2, 1, 0, 0),
    (-8, 40, 0, 1, 0),
    (-25, -60, 1, 0, 0),
    (3, 9, 0, 1, 0),
]
"""Points in pixels, the start token first."""

pytestmark = [
    pytest.mark.skipif(shutil.which("node") is None, reason="node is not installed"),
    pytest.mark.skipif(
        not CLIENT.is_dir(),
        reason="@magenta/sketch is missing: npm install --prefix tests/interchange/node --ignore-scripts",
    ),
]


def _client(*arguments: object, stdin: str = "") -> dict[str, Any]:
    command = ["node", "client.js", *map(str, arguments)]
    done = subprocess.run(command, cwd=NODE, input=stdin, capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    assert isinstance(found, dict)
    return found


@torch.no_grad()
def _mixtures(network: SketchModel, unit: float) -> Iterator[Mixture]:
    state = network.begin(1)
    for dx, dy, *pen in PREFIX:
        mixture, state = network.step(torch.tensor([[dx / unit, dy / unit, *pen]]), state)
        yield mixture


def _largest_gap(network: SketchModel, unit: float, document: Path) -> float:
    """Compare densities of the client, after every point, with ours; deviations relative to their size."""
    told = _client("densities", document, stdin=json.dumps(PREFIX))
    assert told["scaleFactor"] == pytest.approx(unit)
    gaps = []
    for theirs, ours in zip(told["densities"], _mixtures(network, unit), strict=True):
        for name, own in NAMES.items():
            wanted = getattr(ours, own)[0].numpy()
            gaps.append(np.abs(np.array(theirs[name]) - wanted) / np.maximum(1, np.abs(wanted)))
    return float(max(gap.max() for gap in gaps))


@pytest.mark.slow
def test_a_document_of_ours(
    make_network: Callable[..., SketchModel], make_card: Callable[..., Card], tmp_path: Path
) -> None:
    network = make_network(False)
    write_js(network, make_card(network), tmp_path / "cat.json")
    assert _largest_gap(network, 10.0, tmp_path / "cat.json") < 2e-3  # pixels are half our units there


@pytest.mark.slow
@pytest.mark.parametrize("name", ["cat", "bird", "bicycle"])
def test_published_models_and_their_exports(
    data_dir: Path, make_card: Callable[..., Card], tmp_path: Path, name: str
) -> None:
    source, export = data_dir / "sketch-rnn-js" / f"{name}.gen.json", tmp_path / "out.json"
    found = read_js(source)
    write_js(found.network, make_card(found.network, training={"imported": found.facts}), export)
    assert found.scale_factor
    for document in (source, export):
        assert _largest_gap(found.network, found.scale_factor, document) < 2e-3


@pytest.mark.slow
def test_drawings_by_a_model_of_ours(tmp_path: Path) -> None:
    """The client draws stars and hearts like those of a short training: about as large, and most end."""
    corpus = _stars()
    config = RunConfig(
        model=ModelConfig(conditional=False, decoder=DecoderConfig(size=64)),
        train=TrainConfig(batch_size=32, learning_rate=0.004, validate_every=200),
        max_steps=400,
    )
    train(corpus, tmp_path / "run", config)
    model = load_model(tmp_path / "run")
    write_js(model.network, model.card, tmp_path / "stars.json")
    told = _client("drawings", tmp_path / "stars.json", 20)
    assert told["info"]["scale_factor"] == model.card.scale_factor
    assert told["info"]["max_seq_len"] == model.card.n_max
    drawings = [Drawing.from_stroke5(rows) for rows in told["drawings"]]
    assert len(drawings) == 20
    ended = [rows[-1][4] == 1 for rows in told["drawings"]]
    assert sum(ended) >= 12
    sizes = 2 * np.array([np.ptp(d.points, axis=0).max() for d in drawings if d.n_points])  # halved pixels
    assert 0.5 < np.median(sizes) / model.card.extent < 2


def _stars() -> Corpus:
    drawings = [d.to_stroke3() for d in make_doodles(400, seed=1, kinds=("star", "heart"))]
    return Corpus({"train": Split.from_arrays(drawings[:360]), "valid": Split.from_arrays(drawings[360:])})
