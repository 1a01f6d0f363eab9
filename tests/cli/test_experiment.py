"""``limner experiment`` as it is typed."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from limner.cli.main import main
from limner.corpus.corpus import Corpus, Split
from limner.corpus.doodles.make import make_doodles
from limner.corpus.npz_writer import write_npz
from limner.evaluation.experiments.architectures import ATTENTION
from limner.evaluation.experiments.registry import EXPERIMENTS
from limner.models.config import DecoderConfig, EncoderConfig, ModelConfig


def test_all_are_listed(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["experiment", "--list"]) == 0
    assert [line.split()[0] for line in capsys.readouterr().out.splitlines()] == list(EXPERIMENTS)


@pytest.mark.parametrize(
    ("arguments", "code", "sentence"),
    [
        (["joint-hed"], 2, "there is no experiment 'joint-hed'; did you mean 'joint-head'?"),
        (["joint-head", "--budget", "much"], 1, "--budget 'much' is neither steps, as 500, nor minutes"),
        (["joint-head", "--budget", "0"], 1, "--budget '0' is neither"),
    ],
)
def test_refusals(
    arguments: list[str], code: int, sentence: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["experiment", *arguments, "--out", str(tmp_path / "out")]) == code
    assert sentence in capsys.readouterr().err
    assert not (tmp_path / "out").exists()


@pytest.mark.slow
def test_a_small_one_from_end_to_end(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = [drawing.to_stroke3() for drawing in make_doodles(12, seed=3)]
    corpus = Corpus({"train": Split.from_arrays(rows[:8]), "valid": Split.from_arrays(rows[8:])})
    write_npz(corpus, tmp_path / "toys.npz")
    small = ModelConfig(
        latent_size=2, encoder=EncoderConfig(size=8), decoder=DecoderConfig(size=8, components=2)
    )
    variants = tuple(
        replace(
            variant,
            corpus="toys.npz",
            config=replace(
                variant.config,
                model=small,
                train=replace(variant.config.train, batch_size=4, validate_every=2),
            ),
        )
        for variant in ATTENTION.variants
    )
    small_experiment = replace(ATTENTION, variants=variants, seeds=(1,))
    monkeypatch.setattr("limner.cli.experiment.EXPERIMENTS", {ATTENTION.name: small_experiment})
    command = ["experiment", ATTENTION.name, "--out", str(tmp_path / "out"), "--data", str(tmp_path)]
    assert main([*command, "--budget", "4", "--threads", "1", "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["experiment"] == ATTENTION.name
    assert len(found["claims"]) == 2
    assert Path(found["report"]).is_file()
    assert len(list((tmp_path / "out" / "runs").iterdir())) == 2
