"""Training from Python: data and settings in, a run out; a network of one's own."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from torch import Tensor, nn

from limner.corpus.corpus import Corpus
from limner.errors import DataError, LimnerError
from limner.models.batch import Batch
from limner.models.config import ModelConfig
from limner.models.head import Head
from limner.models.latent import Latent
from limner.models.mixture import Mixture
from limner.models.protocol import Prediction, SketchModel
from limner.models.state import State
from limner.training.api import Run, train

TRAIN = {"batch_size": 8, "validate_every": 2, "log_every": 1, "convention": "end-once"}
SMALL: dict[str, Any] = {
    "model": {"latent_size": 4, "encoder": {"size": 8}, "decoder": {"size": 16, "components": 3}},
    "train": TRAIN,
    "max_steps": 2,
    "quiet": True,
}


class Gru(SketchModel):
    """A decoder alone that limner has no kind for."""

    def __init__(self) -> None:
        super().__init__(ModelConfig(conditional=False))
        self.head = Head(components=3)
        self.cell = nn.GRUCell(5, 12)
        self.output = nn.Linear(12, self.head.width)

    def encode(self, batch: Batch) -> Latent:  # noqa: ARG002
        raise ValueError("It encodes nothing.")

    def forward(self, batch: Batch, noise: Tensor | None = None) -> Prediction:  # noqa: ARG002
        state, outputs = self.begin(len(batch)), []
        for point in batch.inputs.unbind(1):
            state = {"h": self.cell(point, state["h"])}
            outputs.append(state["h"])
        return Prediction(self.head(self.output(torch.stack(outputs, 1))), None)

    def begin(
        self, batch_size: int = 1, z: Tensor | None = None, labels: Tensor | None = None  # noqa: ARG002
    ) -> State:  # fmt: skip
        return {"h": torch.zeros(batch_size, 12)}

    def step(self, point: Tensor, state: State) -> tuple[Mixture, State]:
        h = self.cell(point, state["h"])
        return self.head(self.output(h)), {"h": h}


@pytest.fixture(scope="module")
def run(toys: Corpus, tmp_path_factory: pytest.TempPathFactory) -> Run:
    """Return a run of two steps."""
    return train(toys, tmp_path_factory.mktemp("api") / "run", preset="fast", seed=3, **SMALL)


@pytest.mark.slow
def test_a_run(run: Run) -> None:
    assert run.folder.name == "run"
    assert run.outcome is not None
    assert run.outcome.step == 2
    assert (run.config.seed, run.config.train.sorted_batches) == (3, 16)
    assert len(run.model().sample(2, max_points=5)) == 2
    metrics = run.metrics()
    assert metrics["step"].tolist() == [1, 2, 2]
    assert np.isfinite(metrics["train_L_R"]).tolist() == [True, True, False]
    assert np.isfinite(metrics["valid_cost"]).tolist() == [False, False, True]


@pytest.mark.slow
def test_a_run_goes_on_with_its_own_settings(run: Run, toys: Corpus) -> None:
    longer = train(toys, run.folder, resume=True, max_steps=4, quiet=True)
    assert longer.config.model == run.config.model
    assert longer.metrics()["step"].max() == 4
    assert Run(run.folder).config.max_steps == 4


@pytest.mark.slow
def test_arrays_in_a_folder_of_their_own(
    toys: Corpus, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of fifty drawings some are set aside."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    arrays = [rows.astype(int) for rows in [*toys.splits["train"], *list(toys.splits["train"])[:20]]]
    run = train(arrays, preset="fast", **SMALL)
    assert run.folder.parent == tmp_path
    assert run.model().card.training["held_out"] is True
    assert run.config.train.hold_out is None


@pytest.mark.slow
def test_a_network_of_ones_own(toys: Corpus, tmp_path: Path) -> None:
    network = Gru()
    before = network.output.bias.detach().clone()
    settings = {name: value for name, value in SMALL.items() if name != "model"}
    run = train(toys, tmp_path / "run", preset="fast", network=network, **settings)
    assert not torch.equal(network.output.bias, before)
    model = run.model("last")
    assert isinstance(model.network, Gru)
    assert model.network is not network
    torch.testing.assert_close(model.network.output.bias, network.output.bias.detach())
    assert model.card.config == network.config
    assert len(model.sample(2, max_points=5)) == 2


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"max_stepz": 3}, "did you mean 'max_steps'"),
        ({"preset": "fats"}, "did you mean 'fast'"),
        ({"model": {"classes": 3}}, r"model\.classes follows from the corpus"),
        ({"minutes": 0}, "minutes must be a number above 0"),
        ({"resume": True}, "Name the folder"),
        ({"network": Gru()}, "leave model alone"),
        ({"network": nn.Linear(2, 2)}, "must be a limner.models.protocol.SketchModel, which Linear is not"),
        ({"train": {"balance": "class"}}, "names no classes"),
    ],
)
def test_what_is_refused_leaves_nothing(
    changes: dict[str, Any], words: str, toys: Corpus, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    with pytest.raises(LimnerError, match=words):
        train(toys, **{"preset": "fast", **SMALL, **changes})
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("rows", [[[1, 2]], [[1, 2, 3]], [[1, float("nan"), 0]]])
def test_arrays_that_are_no_drawings(rows: list[list[float]], tmp_path: Path) -> None:
    with pytest.raises(DataError, match="Drawing 1 cannot be used"):
        train([[[1, 2, 0]], rows], tmp_path / "run", preset="fast", **SMALL)
    assert not (tmp_path / "run").exists()


def test_metrics_that_cannot_be_read(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"metrics\.csv cannot be read"):
        Run(tmp_path).metrics()
    (tmp_path / "metrics.csv").write_text("step,valid_cost\nx,1\n")
    with pytest.raises(DataError, match="is no table of numbers by step"):
        Run(tmp_path).metrics()
