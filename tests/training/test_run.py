"""A whole training, tiny: what it writes, what it refuses, how it goes on.

Letters: ``Z`` latent.
"""

from __future__ import annotations

import csv
import os
import pickle
import shutil
import signal
import threading
import zipfile
from dataclasses import replace
from pathlib import Path
from typing import Any, Literal

import numpy as np
import pytest
import torch

from limner.corpus.corpus import Corpus, Split
from limner.errors import DataError, LimnerError
from limner.evaluation.likelihood import likelihood
from limner.models.batch import Batch
from limner.models.build import build_model
from limner.models.cells.base import Cell
from limner.models.config import DecoderConfig, ModelConfig
from limner.models.weights import load_weights
from limner.sampling.model import load_model
from limner.training.batches import TrainBatches
from limner.training.config import RunConfig, TrainConfig
from limner.training.data import training_data
from limner.training.losses import (
    floored_kl,
    free_bits_kl,
    kl_loss,
    likelihood_terms,
    reconstruction_loss,
)
from limner.training.run import TrainingOutcome, train
from limner.training.run_folder import read_settings
from limner.training.schedules import kl_weight_at, learning_rate_at

STEPS = 12
EVERY = 4


@pytest.fixture(scope="session")
def config(tiny: ModelConfig) -> RunConfig:
    """Return settings for twelve steps; most gradients are clipped."""
    settings = TrainConfig(
        batch_size=8, convention="end-once", validate_every=EVERY, log_every=2, grad_clip=1e-3,
        vary_few=False, keep_by="bound-end",
    )  # fmt: skip
    return RunConfig(model=tiny, train=settings, max_steps=STEPS, seed=3)


@pytest.fixture(scope="session")
def finished(
    toys: Corpus, config: RunConfig, tmp_path_factory: pytest.TempPathFactory
) -> tuple[Path, TrainingOutcome]:
    """Return a run that nothing interrupted."""
    folder = tmp_path_factory.mktemp("runs") / "finished"
    return folder, train(toys, folder, config, corpus_names=["toys.npz"], licence="CC0-1.0")


def _lines(run: Path) -> list[dict[str, str]]:
    with (run / "metrics.csv").open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def _checkpoint(run: Path) -> dict[str, Any]:
    found: dict[str, Any] = torch.load(run / "last.ckpt", weights_only=True)
    return found


def _same_state(a: Path, b: Path) -> bool:
    """Compare weights, Adam's moments and the best so far of two runs, exactly."""
    one, two = _checkpoint(a), _checkpoint(b)
    weights = all(torch.equal(value, two["state_dict"][name]) for name, value in one["state_dict"].items())
    moments = all(
        torch.equal(value, two["optimizer_states"][0]["state"][index][name])
        for index, values in one["optimizer_states"][0]["state"].items()
        for name, value in values.items()
    )
    counts = one["global_step"] == two["global_step"] and one["callbacks"] == two["callbacks"]
    return weights and moments and counts


# What a run writes -------------------------------------------------------------------------------


@pytest.mark.slow
def test_run_holds_what_it_should(finished: tuple[Path, TrainingOutcome]) -> None:
    run, _ = finished
    names = sorted(path.name for path in run.iterdir())
    assert [name for name in names if not name.startswith("events.out.tfevents")] == [
        "config.toml", "last.ckpt", "last.safetensors", "metrics.csv", "model.safetensors", "samples",
        "status.json",
    ]  # fmt: skip
    assert len(names) == 8
    sheets = sorted(path.name for path in (run / "samples").iterdir())
    assert sheets == ["step-0000004.png", "step-0000008.png", "step-0000012.png"]
    assert all(path.read_bytes().startswith(b"\x89PNG") for path in (run / "samples").iterdir())


@pytest.mark.slow
def test_config_is_resolved(finished: tuple[Path, TrainingOutcome], config: RunConfig) -> None:
    assert read_settings(finished[0] / "config.toml", RunConfig()) == config


def test_metrics(finished: tuple[Path, TrainingOutcome], config: RunConfig) -> None:
    """``step`` counts the steps done; rates and weights are those of the step just done."""
    lines = _lines(finished[0])
    learnt = [line for line in lines if line["train_L_R"]]
    validated = [line for line in lines if line["valid_cost"]]
    assert [int(line["step"]) for line in learnt] == [2, 4, 6, 8, 10, 12]
    assert [int(line["step"]) for line in validated] == [4, 8, 12]
    for line in learnt:
        step = int(line["step"]) - 1
        assert float(line["learning_rate"]) == pytest.approx(learning_rate_at(step, config.train), rel=1e-5)
        assert float(line["kl_weight"]) == pytest.approx(kl_weight_at(step, config.train), rel=1e-5)
    for line in validated:
        wanted = float(line["valid_L_R"]) + config.train.kl_weight * float(line["valid_L_KL"])
        assert float(line["valid_cost"]) == pytest.approx(wanted, rel=1e-4)


def test_outcome(finished: tuple[Path, TrainingOutcome], toys: Corpus) -> None:
    run, outcome = finished
    costs = {int(x["step"]): float(x["valid_cost"]) for x in _lines(run) if x["valid_cost"]}
    assert outcome.step == STEPS
    assert outcome.best_cost == pytest.approx(min(costs.values()), rel=1e-5)
    assert outcome.best_step == min(costs, key=lambda step: costs[step])
    assert outcome.n_max == toys.n_max
    assert not outcome.interrupted


def test_card(finished: tuple[Path, TrainingOutcome], toys: Corpus, tiny: ModelConfig) -> None:
    run, outcome = finished
    card = load_model(run).card
    assert card.config == tiny
    assert card.scale_factor == pytest.approx(toys.scale_factor, rel=1e-6)
    assert card.n_max == toys.n_max
    assert card.licence == "CC0-1.0"
    assert card.training["step"] == outcome.best_step
    assert card.training["convention"] == "end-once"


def test_the_last_weights_lie_beside_the_best(finished: tuple[Path, TrainingOutcome]) -> None:
    """Those of the checkpoint, whichever are the best."""
    last = load_model(finished[0], weights="last")
    assert last.card.training["step"] == STEPS
    wanted = _checkpoint(finished[0])["state_dict"]
    for name, value in last.network.state_dict().items():
        assert torch.equal(value, wanted[f"network.{name}"])


def test_valid_figures_are_those_of_an_evaluation(
    finished: tuple[Path, TrainingOutcome], toys: Corpus
) -> None:
    """The weights kept are those that were measured."""
    model = load_model(finished[0])
    found = likelihood(model, toys.splits["valid"])
    assert found.recon == pytest.approx(model.card.training["valid_L_R_magenta_eval"], rel=1e-5)
    assert found.kl == pytest.approx(model.card.training["valid_L_KL"], rel=1e-4)
    alike = likelihood(model, toys.splits["valid"], convention="end-once")
    assert alike.recon == pytest.approx(model.card.training["valid_L_R"], rel=1e-5)


@pytest.mark.slow
@pytest.mark.parametrize(("clip", "free"), [("value", 0.0), ("norm", 0.0), ("value", 1e-3)])
def test_steps_are_those_of_a_plain_loop(
    clip: Literal["value", "norm"], free: float, finished: tuple[Path, TrainingOutcome], toys: Corpus,
    config: RunConfig, tmp_path: Path,
) -> None:  # fmt: skip
    """Adam, clipped gradients, free bits or the floor, and both schedules, written out."""
    run, floor = finished[0], 0.2
    if clip == "norm" or free:
        run, floor = tmp_path, 0.0 if free else floor
        own = replace(config.train, grad_clip_by=clip, kl_free_bits=free, kl_floor=floor)
        train(toys, run, replace(config, train=own))
    clipped = torch.nn.utils.clip_grad_value_ if clip == "value" else torch.nn.utils.clip_grad_norm_
    data = training_data(toys)
    batches = TrainBatches(data, config.train, seed=config.seed, steps=STEPS, first_step=lambda: 0)
    torch.manual_seed(config.seed)
    network = build_model(config.model)
    optimizer = torch.optim.Adam(network.parameters())
    for step, batch in enumerate(batches):
        rng = np.random.default_rng([config.seed, 0, 2, step])
        noise = torch.from_numpy(rng.standard_normal((len(batch), 4), dtype=np.float32))  # (B, Z)
        prediction = network(batch, noise)
        terms = likelihood_terms(prediction.mixture, batch, density_floor=True)
        loss = reconstruction_loss(terms, "end-once", data.n_max)
        kl = floored_kl(kl_loss(prediction.latent, loss), floor)
        if free:
            kl = free_bits_kl(prediction.latent.kl_of_numbers().mean(0), free)
        loss = loss + kl_weight_at(step, config.train) * kl
        optimizer.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call]
        clipped(network.parameters(), config.train.grad_clip)
        optimizer.param_groups[0]["lr"] = learning_rate_at(step, config.train)
        optimizer.step()
    found = _checkpoint(run)["state_dict"]
    for name, value in network.state_dict().items():
        torch.testing.assert_close(found[f"network.{name}"], value, rtol=1e-4, atol=1e-6)


@pytest.fixture
def dropping(config: RunConfig) -> RunConfig:
    """Drop units of both cells out in training."""
    model = replace(
        config.model,
        encoder=replace(config.model.encoder, recurrent_keep=0.8),
        decoder=replace(config.model.decoder, recurrent_keep=0.8),
    )
    return replace(config, model=model, max_steps=2 * EVERY)


@pytest.mark.slow
def test_global_chance_is_left_alone(toys: Corpus, dropping: RunConfig, tmp_path: Path) -> None:
    """And does not matter to a training, recurrent dropout included."""
    torch.manual_seed(11)
    before = torch.get_rng_state()
    train(toys, tmp_path / "a", dropping)
    assert torch.equal(torch.get_rng_state(), before)
    torch.manual_seed(12)
    train(toys, tmp_path / "b", dropping)
    assert _same_state(tmp_path / "a", tmp_path / "b")
    train(toys, tmp_path / "c", replace(dropping, seed=4))
    assert not _same_state(tmp_path / "a", tmp_path / "c")


@pytest.mark.slow
def test_dropout_is_resumed(toys: Corpus, dropping: RunConfig, tmp_path: Path) -> None:
    train(toys, tmp_path / "whole", dropping)
    train(toys, tmp_path / "parts", replace(dropping, max_steps=EVERY))
    torch.manual_seed(13)
    train(toys, tmp_path / "parts", dropping, resume=True)
    assert _same_state(tmp_path / "whole", tmp_path / "parts")


@pytest.mark.slow
def test_every_step_drops_anew(toys: Corpus, dropping: RunConfig, tmp_path: Path) -> None:
    """A step's masks are not those of the step before, nor absent."""
    seen: list[bytes] = []
    plain = Cell.sample_keep

    def noted(self: Cell, x: torch.Tensor) -> torch.Tensor | None:
        keep = plain(self, x)
        if keep is not None:
            seen.append(keep[0].numpy().tobytes())
        return keep

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Cell, "sample_keep", noted)
        train(toys, tmp_path, replace(dropping, max_steps=3))
    assert len(seen) == len(set(seen)) == 9  # three cells, three steps; none in validation


# Going on ----------------------------------------------------------------------------------------


@pytest.mark.slow
def test_resumed_run_equals_an_uninterrupted_one(
    finished: tuple[Path, TrainingOutcome], toys: Corpus, config: RunConfig, tmp_path: Path
) -> None:
    """Stopped at a validation: the same weights, best cost and metrics, to the last bit."""
    train(toys, tmp_path, replace(config, max_steps=2 * EVERY))
    assert train(toys, tmp_path, config, resume=True) == finished[1]
    assert _same_state(tmp_path, finished[0])
    assert (tmp_path / "metrics.csv").read_bytes() == (finished[0] / "metrics.csv").read_bytes()
    kept, wanted = (load_weights(run / "model.safetensors")[0] for run in (tmp_path, finished[0]))
    assert all(torch.equal(a, b) for a, b in zip(kept.parameters(), wanted.parameters(), strict=True))


@pytest.mark.slow
def test_best_survives_a_resume(toys: Corpus, config: RunConfig, tmp_path: Path) -> None:
    """A validation after the resume that is worse than the best before does not replace it."""
    steady = replace(config, train=replace(config.train, learning_rate=1e-12, learning_rate_min=1e-12))
    first = train(toys, tmp_path, replace(steady, max_steps=EVERY))
    before = (tmp_path / "model.safetensors").read_bytes()
    wild = replace(config, train=replace(config.train, learning_rate=0.9))
    outcome = train(toys, tmp_path, wild, resume=True)
    assert outcome.best_cost == first.best_cost
    assert outcome.best_step == EVERY
    assert (tmp_path / "model.safetensors").read_bytes() == before


@pytest.mark.slow
def test_settings_of_a_resume_count(toys: Corpus, config: RunConfig, tmp_path: Path) -> None:
    """The learning rate is that of the present settings, not of the checkpoint."""
    train(toys, tmp_path, replace(config, max_steps=EVERY))
    slower = replace(config, train=replace(config.train, learning_rate=1e-4))
    train(toys, tmp_path, slower, resume=True)
    rates = {int(x["step"]): float(x["learning_rate"]) for x in _lines(tmp_path) if x["learning_rate"]}
    assert rates[4] == pytest.approx(1e-3, rel=1e-2)
    assert rates[6] == pytest.approx(1e-4, rel=1e-2)


def _interrupt_at(step: int, monkeypatch: pytest.MonkeyPatch, times: int = 1) -> None:
    """Press Ctrl-C while the batch of a step is made."""
    plain = TrainBatches.batch

    def pressed(self: TrainBatches, asked: int) -> Batch:
        if asked == step:
            for _ in range(times):
                signal.raise_signal(signal.SIGINT)
        return plain(self, asked)

    monkeypatch.setattr(TrainBatches, "batch", pressed)


def _without_extra_validation(run: Path, step: int) -> list[dict[str, str]]:
    return [line for line in _lines(run) if not (line["valid_cost"] and int(line["step"]) == step)]


@pytest.mark.slow
@pytest.mark.parametrize("how", ["ctrl-c", "time"])
def test_interrupted_run_goes_on(
    how: str, finished: tuple[Path, TrainingOutcome], toys: Corpus, config: RunConfig, tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    """Between two validations there is one more; then all is as without the interruption."""
    with monkeypatch.context() as patch:
        if how == "ctrl-c":
            _interrupt_at(5, patch)
        outcome = train(toys, tmp_path, config, seconds=0.0 if how == "time" else None)
    assert outcome.interrupted == (how == "ctrl-c")
    assert 0 < outcome.step < STEPS
    assert outcome.step % EVERY
    assert _lines(tmp_path)[-1]["step"] == str(outcome.step)
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler
    load_model(tmp_path)
    assert train(toys, tmp_path, config, resume=True) == finished[1]
    assert _same_state(tmp_path, finished[0])
    assert _without_extra_validation(tmp_path, outcome.step) == _lines(finished[0])


@pytest.mark.slow
def test_second_ctrl_c_stops_at_once(
    toys: Corpus, config: RunConfig, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What the last validation left can be resumed."""
    with monkeypatch.context() as patch:
        _interrupt_at(EVERY + 1, patch, times=2)
        with pytest.raises(KeyboardInterrupt):
            train(toys, tmp_path, config)
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler
    assert _checkpoint(tmp_path)["global_step"] == EVERY
    assert train(toys, tmp_path, config, resume=True).step == STEPS


def test_error_gives_ctrl_c_back(
    toys: Corpus, config: RunConfig, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(_: TrainBatches, step: int) -> Batch:
        raise RuntimeError(f"no batch {step}")

    monkeypatch.setattr(TrainBatches, "batch", fail)
    with pytest.raises(RuntimeError, match="no batch"):
        train(toys, tmp_path, config)
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler


@pytest.mark.slow
def test_training_in_another_thread(toys: Corpus, config: RunConfig, tmp_path: Path) -> None:
    """Signals reach the main thread only; a training elsewhere goes without them."""
    outcomes: list[TrainingOutcome] = []
    thread = threading.Thread(
        target=lambda: outcomes.append(train(toys, tmp_path, replace(config, max_steps=2)))
    )
    thread.start()
    thread.join()
    assert [outcome.step for outcome in outcomes] == [2]


@pytest.mark.slow
def test_patience(toys: Corpus, config: RunConfig, tmp_path: Path) -> None:
    """Where nothing is learnt the second validation is no better than the first."""
    still = replace(config.train, learning_rate=1e-12, learning_rate_min=1e-12, patience=1)
    outcome = train(toys, tmp_path, replace(config, train=still, max_steps=40))
    assert outcome.step == 2 * EVERY
    assert outcome.best_step == EVERY
    assert not outcome.interrupted


# What is refused ---------------------------------------------------------------------------------


@pytest.fixture
def stopped(finished: tuple[Path, TrainingOutcome], tmp_path: Path) -> Path:
    """Copy the finished run, to be spoilt."""
    shutil.copytree(finished[0], tmp_path / "run")
    return tmp_path / "run"


def _refused(words: str, toys: Corpus, run: Path, config: RunConfig) -> None:
    """See that a resume is refused with one sentence and changes nothing."""
    before = {path: path.read_bytes() for path in run.rglob("*") if path.is_file()}
    with pytest.raises(LimnerError, match=words) as refusal:
        train(toys, run, config, resume=True)
    assert "\n" not in str(refusal.value)
    assert {path: path.read_bytes() for path in run.rglob("*") if path.is_file()} == before


def test_resume_without_a_checkpoint(stopped: Path, toys: Corpus, config: RunConfig) -> None:
    (stopped / "last.ckpt").unlink()
    _refused(r"holds no last\.ckpt", toys, stopped, config)
    with pytest.raises(LimnerError, match=r"holds no last\.ckpt"):
        train(toys, stopped / "nowhere", config, resume=True)
    assert not (stopped / "nowhere").exists()


def test_resume_of_a_finished_run(stopped: Path, toys: Corpus, config: RunConfig) -> None:
    _refused(r"has reached step 12 already; set --max-steps above", toys, stopped, config)


def _longer(config: RunConfig) -> RunConfig:
    return replace(config, max_steps=STEPS + EVERY)


@pytest.mark.parametrize("damage", ["empty", "cut", "flipped", "text", "list", "bare", "weights"])
def test_damaged_checkpoint(damage: str, stopped: Path, toys: Corpus, config: RunConfig) -> None:
    path = stopped / "last.ckpt"
    whole = path.read_bytes()
    if damage in ("list", "bare"):
        torch.save([1, 2] if damage == "list" else {"global_step": 3}, path)
    else:
        middle = len(whole) // 2
        path.write_bytes({
            "empty": b"",
            "cut": whole[:middle],
            "flipped": whole[:middle] + bytes([whole[middle] ^ 255]) + whole[middle + 1 :],
            "text": b"Dear reader, this is no checkpoint.",
            "weights": (stopped / "model.safetensors").read_bytes(),
        }[damage])  # fmt: skip
    _refused(r"last\.ckpt is damaged or not a checkpoint", toys, stopped, _longer(config))


@pytest.mark.parametrize("change", ["nan", "no guard", "odd guard", "a part of an average"])
def test_checkpoint_that_cannot_be(change: str, stopped: Path, toys: Corpus, config: RunConfig) -> None:
    checkpoint = _checkpoint(stopped)
    weights, words = checkpoint["state_dict"], "is damaged or not a checkpoint"
    if change == "nan":
        next(iter(weights.values())).view(-1)[0] = float("nan")
        words = "holds weights that are no finite numbers"
    elif change == "no guard":
        del checkpoint["guard"]
    elif change == "odd guard":
        checkpoint["guard"]["mood"] = 3
    else:
        weights["average.output.bias"] = torch.zeros(1)
        words = "holds a network of other settings"
    torch.save(checkpoint, stopped / "last.ckpt")
    _refused(words, toys, stopped, _longer(config))


class Bomb:
    """Runs a command when it is unpickled."""

    def __init__(self, mark: Path) -> None:
        self.mark = mark

    def __reduce__(self) -> tuple[Any, ...]:
        return os.mkdir, (str(self.mark),)


@pytest.mark.parametrize("form", ["zip", "pickle", "hidden"])
def test_checkpoint_never_runs_code(form: str, stopped: Path, toys: Corpus, config: RunConfig) -> None:
    mark, path = stopped.parent / "mark", stopped / "last.ckpt"
    bomb: Any = Bomb(mark)
    if form == "hidden":
        bomb = {**_checkpoint(stopped), "hyper_parameters": bomb}
    if form == "pickle":
        path.write_bytes(pickle.dumps(bomb))
    else:
        torch.save(bomb, path)
        assert zipfile.is_zipfile(path)
    _refused("is damaged or not a checkpoint", toys, stopped, _longer(config))
    assert not mark.exists()


@pytest.mark.parametrize(
    "change", [{"conditional": False}, {"decoder": DecoderConfig(size=20, components=3)}, {"latent_size": 5}]
)
def test_checkpoint_of_another_network(
    change: dict[str, Any], stopped: Path, toys: Corpus, config: RunConfig
) -> None:
    other = replace(_longer(config), model=replace(config.model, **change))
    _refused("holds a network of other settings", toys, stopped, other)


def test_resume_on_another_corpus(stopped: Path, toys: Corpus, config: RunConfig) -> None:
    """Its costs could not be compared with those of the former one."""
    train_split = toys.splits["train"]
    fewer = Corpus({**toys.splits, "train": train_split.take(range(len(train_split) - 1))})
    _refused("was trained on another corpus", fewer, stopped, _longer(config))


def test_folder_that_is_not_empty(toys: Corpus, config: RunConfig, tmp_path: Path) -> None:
    (tmp_path / "letter.txt").write_text("dear")
    with pytest.raises(LimnerError, match="is not empty"):
        train(toys, tmp_path, config)
    assert [path.name for path in tmp_path.iterdir()] == ["letter.txt"]


def test_folder_that_cannot_be_made(toys: Corpus, config: RunConfig, tmp_path: Path) -> None:
    (tmp_path / "letter.txt").write_text("dear")
    with pytest.raises(LimnerError, match=r"Cannot write .*letter\.txt/run"):
        train(toys, tmp_path / "letter.txt" / "run", config)


def test_corpus_without_a_train_split(toys: Corpus, config: RunConfig, tmp_path: Path) -> None:
    with pytest.raises(DataError, match="no train split"):
        train(Corpus({"valid": toys.splits["valid"]}), tmp_path / "run", config)
    assert not (tmp_path / "run").exists()


# Small corpora -----------------------------------------------------------------------------------


@pytest.mark.parametrize("convention", ["magenta-train", "end-once"])
@pytest.mark.parametrize("conditional", [True, False])
def test_corpus_of_one_point(convention: str, conditional: bool, config: RunConfig, tmp_path: Path) -> None:
    corpus = Corpus({"train": Split.from_arrays([np.array([[3, 4, 1]], np.float32)])})
    settings = replace(
        config,
        model=replace(config.model, conditional=conditional),
        train=replace(config.train, convention=convention, sorted_batches=4),  # type: ignore[arg-type]
        max_steps=4,
    )
    outcome = train(corpus, tmp_path, settings)
    assert outcome.step == 4
    assert outcome.n_max == 1
    assert load_model(tmp_path).conditional == conditional


def test_corpus_smaller_than_a_batch(toys: Corpus, config: RunConfig, tmp_path: Path) -> None:
    few = Corpus({"train": toys.splits["train"].take([0, 1, 2])})
    large = replace(config, train=replace(config.train, batch_size=100), max_steps=4)
    assert train(few, tmp_path, large).step == 4


@pytest.mark.slow
def test_a_folder_whose_name_is_not_utf8(
    toys: Corpus, config: RunConfig, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    """TensorBoard refuses it: there are no events, and a note; everything else is written."""
    folder = tmp_path / os.fsdecode(b"r\xffn")
    train(toys, folder, replace(config, max_steps=EVERY), corpus_names=["toys.npz"])
    names = {path.name for path in folder.iterdir()}
    assert {"model.safetensors", "last.ckpt", "metrics.csv", "config.toml"} <= names
    assert not any(name.startswith("events") for name in names)
    assert "TensorBoard events are not written" in "".join(capfd.readouterr())
