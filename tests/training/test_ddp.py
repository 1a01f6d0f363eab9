"""Several processes that train together: the same training as one process with a larger batch."""

from __future__ import annotations

import csv
import os
import signal
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import pytest
import torch

from limner.corpus.corpus import Corpus
from limner.corpus.load import load_corpus
from limner.corpus.npz_writer import write_npz
from limner.errors import LimnerError
from limner.models.config import ModelConfig
from limner.models.weights import load_weights
from limner.training.config import RunConfig, TrainConfig
from limner.training.ddp import distributed_options
from limner.training.run import train
from limner.training.run_folder import write_config

PATIENCE_S = 200
STEPS = 12


@pytest.fixture
def corpus(toys: Corpus, tmp_path: Path) -> Path:
    """Save the toys for other processes."""
    write_npz(toys, tmp_path / "toys.npz")
    return tmp_path / "toys.npz"


@pytest.fixture
def config(tiny: ModelConfig) -> RunConfig:
    """Return settings for two processes; the divergence rises above its floor within some steps."""
    settings = TrainConfig(
        batch_size=4, convention="end-once", log_every=1, validate_every=4, kl_floor=1e-3, sorted_batches=2,
        learning_rate=1e-2, ema_decay=0.9, processes=2,
    )  # fmt: skip
    return RunConfig(model=tiny, train=settings, max_steps=STEPS, seed=3)


def alone(config: RunConfig) -> RunConfig:
    """Return the settings of one process that does the same."""
    return replace(config, train=replace(config.train, batch_size=8, processes=1))


def start(corpus: Path, run: Path, *options: str) -> subprocess.Popen[str]:
    """Start ``limner train`` in a session of its own, so that Ctrl-C reaches all of its processes."""
    command = [sys.executable, "-m", "limner", "train", str(corpus), "--out", str(run), *options]
    env = {**os.environ, "OMP_NUM_THREADS": "1"}
    return subprocess.Popen(
        command, env=env, text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE, start_new_session=True
    )


def ended(process: subprocess.Popen[str]) -> tuple[int, str]:
    """Wait for the end; give the exit code and what was said."""
    try:
        out, err = process.communicate(timeout=PATIENCE_S)
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
    return process.returncode, out + err


def lines(run: Path) -> list[dict[str, str]]:
    with (run / "metrics.csv").open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def same_figures(some: list[dict[str, str]], others: list[dict[str, str]]) -> bool:
    """Compare lines of metrics; sums of floats in another order differ in their last digits."""
    return len(some) == len(others) and all(
        a.keys() == b.keys()
        and all(
            (a[name] == b[name] == "") or float(a[name]) == pytest.approx(float(b[name]), rel=1e-4, abs=1e-7)
            for name in a
        )
        for a, b in zip(some, others, strict=True)
    )


@pytest.mark.slow
def test_two_processes_learn_what_one_learns_with_the_doubled_batch(
    corpus: Path, config: RunConfig, tmp_path: Path
) -> None:
    (tmp_path / "settings").mkdir()
    write_config(tmp_path / "settings", config, [])
    two = start(corpus, tmp_path / "two", "--config", str(tmp_path / "settings" / "config.toml"))
    outcome = train(load_corpus(corpus), tmp_path / "one", alone(config))
    code, said = ended(two)
    assert code == 0, said
    assert said.count("the best was step") == 1
    assert "Warning" not in said
    assert same_figures(lines(tmp_path / "one"), lines(tmp_path / "two"))
    kl = [float(line["train_L_KL"]) for line in lines(tmp_path / "two") if line["train_L_KL"]]
    assert len(kl) == outcome.step == STEPS
    assert kl[0] < config.train.kl_floor < kl[-1], "else the floor is not tried"
    one, other = (load_weights(tmp_path / name / "model.safetensors") for name in ("one", "two"))
    assert one[1].training["step"] == other[1].training["step"]
    for a, b in zip(one[0].parameters(), other[0].parameters(), strict=True):
        torch.testing.assert_close(a, b, rtol=1e-3, atol=1e-5)


@pytest.mark.slow
def test_processes_that_were_interrupted_go_on(corpus: Path, config: RunConfig, tmp_path: Path) -> None:
    """All stop at the same step, and in the end the training is that of one process that never stopped."""
    (tmp_path / "settings").mkdir()
    write_config(tmp_path / "settings", replace(config, max_steps=100_000), [])
    first = start(corpus, tmp_path / "two", "--config", str(tmp_path / "settings" / "config.toml"))
    began = time.monotonic()
    metrics = tmp_path / "two" / "metrics.csv"
    while first.poll() is None and (not metrics.is_file() or len(lines(tmp_path / "two")) < 5):
        assert time.monotonic() - began < PATIENCE_S
        time.sleep(0.05)
    os.killpg(first.pid, signal.SIGINT)
    code, said = ended(first)
    assert code == 130, said
    stopped = int(lines(tmp_path / "two")[-1]["step"])
    more = stopped + 6
    code, said = ended(start(corpus, tmp_path / "two", "--resume", "--max-steps", str(more)))
    assert code == 0, said
    train(load_corpus(corpus), tmp_path / "one", replace(alone(config), max_steps=more))
    learnt = [[x for x in lines(tmp_path / name) if x["train_L_R"]] for name in ("one", "two")]
    assert [int(line["step"]) for line in learnt[1]] == list(range(1, more + 1))
    assert same_figures(*learnt)


# Settings ----------------------------------------------------------------------------------------


def test_one_process_uses_one_device() -> None:
    assert distributed_options(1, 1) == {"devices": 1}


def test_more_processes_than_gpus(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(torch.cuda, "device_count", lambda: 1)
    with pytest.raises(LimnerError, match=r"need as many GPUs, and this machine has 1; .*CUDA_VISIBLE"):
        distributed_options(2, 1)


def test_another_number_of_processes_than_were_started(
    toys: Corpus, config: RunConfig, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Else each of them would train alone, and all write to one folder."""
    monkeypatch.setenv("WORLD_SIZE", "4")
    with pytest.raises(LimnerError, match=r"4 processes were started, but the training has 1; .*processes"):
        train(toys, tmp_path / "run", alone(config))
    assert not (tmp_path / "run").exists()


def test_machines_are_told_apart_from_processes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(torch.cuda, "device_count", lambda: 0)
    assert distributed_options(2, 3) == {
        "accelerator": "cpu", "devices": 2, "num_nodes": 3, "strategy": "ddp",
    }  # fmt: skip
