"""Training from the command line: settings, small corpora, going on, and what is refused."""

from __future__ import annotations

import csv
import os
import pickle
import shutil
import tomllib
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
import torch

if TYPE_CHECKING:
    from tests.cli.conftest import Limner, Refused, SaveNpz

TINY = (
    *("--model.encoder.size", "8", "--model.decoder.size", "16", "--model.latent-size", "4"),
    *("--train.batch-size", "8", "--train.validate-every", "2"),
)
TRIPWIRE = "tripwire"


class Trap:
    """Leaves a file behind if it is unpickled."""

    def __reduce__(self) -> tuple[Any, ...]:
        return os.system, (f"touch {TRIPWIRE}",)


def settings_of(run: Path) -> dict[str, Any]:
    return tomllib.loads((run / "config.toml").read_text())


def steps_of(run: Path) -> list[int]:
    with (run / "metrics.csv").open(newline="") as file:
        return [int(row["step"]) for row in csv.DictReader(file)]


# What a run holds --------------------------------------------------------------------------------


@pytest.mark.slow
def test_a_run(limner: Limner, npz: Path, work: Path) -> None:
    said = limner("train", npz, "--out", "runs/a", *TINY, "--max-steps", 4)
    assert said.code == 0
    assert said.out.count("\n") == 1
    assert "L_R" in said.out
    assert "N_max" in said.out
    run = work / "runs/a"
    assert {"model.safetensors", "last.ckpt", "config.toml", "metrics.csv"} <= {p.name for p in run.iterdir()}
    assert list(run.glob("events.out.tfevents.*"))
    assert [path.name for path in sorted((run / "samples").iterdir())] == [
        *("step-0000002.png", "step-0000004.png"),
    ]
    assert settings_of(run)["corpus"] == [str(npz)]
    assert steps_of(run) == [2, 4]


@pytest.mark.slow
def test_the_corpus_is_named_by_its_whole_path(limner: Limner, npz: Path, work: Path) -> None:
    shutil.copy(npz, work / "mine.npz")
    assert limner("train", "mine.npz", "--out", "r", *TINY, "--max-steps", 1).code == 0
    assert settings_of(work / "r")["corpus"] == [str(work / "mine.npz")]


@pytest.mark.slow
def test_several_corpora(limner: Limner, npz: Path, svg: Path, work: Path) -> None:
    assert limner("train", npz, svg, "--out", "r", *TINY, "--max-steps", 1).code == 0
    assert settings_of(work / "r")["corpus"] == [str(npz), str(svg)]
    assert limner("evaluate", "r", "--split", "train", "--json").json["n"] == 21


@pytest.mark.slow
@pytest.mark.parametrize("value", ["True", "False"])
def test_booleans_take_a_value(limner: Limner, npz: Path, work: Path, value: str) -> None:
    options = ("--model.conditional", value, "--train.density-floor", value)
    assert limner("train", npz, "--out", "r", *TINY, *options, "--max-steps", 1).code == 0
    found = settings_of(work / "r")
    assert found["model"]["conditional"] is found["train"]["density_floor"] is (value == "True")


@pytest.mark.slow
def test_the_licence_stands_in_the_weights(limner: Limner, npz: Path, work: Path) -> None:
    options = (*TINY, "--max-steps", 1, "--licence", "CC0-1.0")
    assert limner("train", npz, "--out", "r", *options).code == 0
    assert b"CC0-1.0" in (work / "r/model.safetensors").read_bytes()[:20_000]


@pytest.mark.slow
def test_the_same_seed_learns_the_same(limner: Limner, npz: Path, work: Path) -> None:
    for name, seed in (("a", 3), ("b", 3), ("c", 4)):
        assert limner("train", npz, "--out", name, *TINY, "--max-steps", 2, "--seed", seed).code == 0
    a, b, c = ((work / name / "metrics.csv").read_bytes() for name in "abc")
    assert a == b != c


# Where settings come from ------------------------------------------------------------------------


@pytest.mark.slow
def test_preset_file_and_options_in_this_order(limner: Limner, npz: Path, work: Path) -> None:
    Path("mine.toml").write_text("max_steps = 1\n[train]\nlearning_rate = 0.5\nbatch_size = 3\n")
    options = ("--preset", "fast", "--config", "mine.toml", "--train.batch-size", 2)
    assert limner("train", npz, "--out", "r", *options).code == 0
    train = settings_of(work / "r")["train"]
    assert (train["convention"], train["learning_rate"], train["batch_size"]) == ("end-once", 0.5, 2)


@pytest.mark.slow
def test_the_config_of_a_run_starts_another(limner: Limner, npz: Path, run: Path, work: Path) -> None:
    said = limner("train", npz, "--out", "again", "--config", run / "config.toml", "--max-steps", 2)
    assert said.code == 0
    old, new = settings_of(run), settings_of(work / "again")
    assert new == old | {"max_steps": 2}


@pytest.mark.slow
def test_a_model_to_begin_with_brings_its_network(
    limner: Limner, refused: Refused, npz: Path, run: Path, work: Path
) -> None:
    options = ("--preset", "fast", "--train.init-from", run, "--max-steps", 2, "--train.batch-size", 8)
    assert limner("train", npz, "--out", "again", *options).code == 0
    assert settings_of(work / "again")["model"] == settings_of(run)["model"]
    assert limner("train", npz, "--out", "again", "--resume", "--max-steps", 4).code == 0
    refused("train", npz, "--out", "r", *options, "--model.latent-size", 5, code=2, names="--train.init-from")
    refused("train", npz, "--out", "r", "--train.init-from", "nowhere", names="nowhere")


@pytest.mark.slow
def test_hparams_stand_over_preset_and_file_and_under_options(limner: Limner, npz: Path, work: Path) -> None:
    Path("mine.toml").write_text("max_steps = 9\n[train]\nlearning_rate = 0.5\ngrad_clip = 0.25\n")
    hparams = "learning_rate=0.125,batch_size=3,num_steps=2,enc_model=layer_norm,use_recurrent_dropout=0"
    options = ("--config", "mine.toml", "--hparams", hparams, *TINY[:6], "--train.batch-size", 5)
    assert limner("train", npz, "--out", "r", *options).code == 0
    found = settings_of(work / "r")
    train, model = found["train"], found["model"]
    assert (train["grad_clip"], train["learning_rate"], train["batch_size"]) == (0.25, 0.125, 5)
    assert found["max_steps"] == 2
    assert (model["encoder"]["cell"], model["encoder"]["recurrent_keep"]) == ("layer_norm", 1.0)


@pytest.mark.slow
def test_hparams_may_name_the_corpora(limner: Limner, npz: Path, work: Path) -> None:
    """Unless they are named besides."""
    shutil.copy(npz, work / "a.npz")
    for name, corpora, found in (("r", (), work / "a.npz"), ("q", (npz,), npz)):
        words = (*corpora, "--out", name, "--hparams=data_set=[a.npz],num_steps=1", *TINY)
        assert limner("train", *words).code == 0
        assert settings_of(work / name)["corpus"] == [str(found)]


@pytest.mark.parametrize(
    ("hparams", "says"),
    [
        ("enc_size=3", "did you mean 'enc_rnn_size'?"),
        ("batch_size=many", "a whole number is wanted"),
        ("batch_size=0", "train.batch_size must be at least 1"),
        ("is_training=0", "is_training"),
        ("hello", "cannot be understood"),
    ],
)
def test_wrong_hparams(refused: Refused, npz: Path, hparams: str, says: str) -> None:
    sentence = refused("train", npz, "--out", "r", "--hparams", hparams, code=2, names="--hparams")
    assert says in sentence


@pytest.mark.parametrize("preset", ["magenta", "paper", "small-corpus", "fast", "demo"])
def test_presets_are_on_the_help_page(limner: Limner, preset: str) -> None:
    said = limner("train", "--help", "--preset", preset)
    assert preset in said.out
    assert limner("train", "c", "--out", "r", "--preset", preset).err.endswith("c does not exist.\n")


def test_settings_that_may_be_none(limner: Limner, refused: Refused) -> None:
    page = limner("train", "--help").out
    assert "None" not in page
    assert "--train.patience INT" in page
    sentence = refused(
        "train", "c", "--out", "r", "--train.patience", "much", code=2, names="--train.patience"
    )
    assert "must be a whole number or none, not much" in sentence


@pytest.mark.slow
def test_no_patience_survives_a_resume(limner: Limner, npz: Path, work: Path) -> None:
    """A setting that is none stands in no file, and comes from no preset."""
    options = ("--preset", "small-corpus", *TINY)
    nothing = ("--train.patience", "none", "--train.ema-decay", "none")
    assert limner("train", npz, "--out", "r", *options, *nothing, "--max-steps", 2).code == 0
    resumed = ("train", npz, "--out", "r", "--preset", "small-corpus", "--resume", "--max-steps", 3)
    assert limner(*resumed).code == 0
    assert not {"patience", "ema_decay"} & set(settings_of(work / "r")["train"])


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ('[model]\nkindd = "sketch_rnn"', "did you mean 'kind'?"),
        ('[modell]\nkind = "sketch_rnn"', "did you mean 'model'?"),
        ("[train]\nbatchsize = 3", "did you mean 'batch_size'?"),
        ("[train]\nbatch_size = 2.5", "batch_size"),
        ("[train]\nbatch_size = 0", "batch_size"),
        ("[train]\nlearning_rate = nan", "learning_rate"),
        ('[model]\nconditional = "yes"', "conditional"),
        ("[model]\nconditional = 1", "conditional"),
        ('[model]\nkind = "nosuch"', "kind"),
        ("[model.decoder]\nsize = 0", "size"),
        ("model = 3", "model"),
        ("max_steps = -1", "max_steps"),
        ("seed = true", "seed"),
        ("[model]\nclasses = 3", "model.classes follows from the corpus and is no setting"),
        ("[model.sketchformer]\nnum_classes_recognized = 3", "follows from the corpus and is no setting"),
        ("[train", "TOML"),
        ("\x00", "TOML"),
    ],
)
def test_wrong_settings(refused: Refused, npz: Path, tmp_path: Path, text: str, names: str) -> None:
    (tmp_path / "mine.toml").write_text(text)
    sentence = refused("train", npz, "--out", "r", "--config", tmp_path / "mine.toml", names=names)
    assert "mine.toml" in sentence


@pytest.mark.parametrize(
    "option",
    [
        "--model.classes",
        "--model.sketchformer.num-classes-recognized",
        "--model.sketchformer.num_classes_recognized",
    ],
)
@pytest.mark.parametrize("equals", [False, True])
def test_what_follows_from_the_corpus_is_no_option(
    refused: Refused, limner: Limner, work: Path, option: str, equals: bool
) -> None:
    words = [f"{option}=3"] if equals else [option, "3"]
    sentence = refused("train", "doodles", "--out", "r", *words, names=option.replace("_", "-"), code=2)
    assert "follows from the corpus and is no option" in sentence
    assert list(work.iterdir()) == []
    assert option not in limner("train", "--help").out


def test_a_config_that_is_not_there(refused: Refused, npz: Path, tmp_path: Path) -> None:
    refused("train", npz, "--out", "r", "--config", "no.toml", names="no.toml")
    refused("train", npz, "--out", "r", "--config", tmp_path, names=tmp_path.name)


# Corpora -----------------------------------------------------------------------------------------


@pytest.mark.slow
def test_corpora_in_equal_shares(limner: Limner, npz: Path, svg: Path, work: Path) -> None:
    options = (*TINY, "--max-steps", 1, "--train.balance", "corpus")
    assert limner("train", npz, svg, "--out", "r", *options).code == 0
    assert settings_of(work / "r")["train"]["balance"] == "corpus"


def test_classes_that_nobody_named(refused: Refused, npz: Path) -> None:
    sentence = refused("train", npz, "--out", "r", *TINY, "--train.balance", "class", names="classes")
    assert "--train.balance corpus" in sentence


ROWS = np.array([[1, 2, 0], [3, 4, 0], [5, 6, 1], [7, 8, 0], [9, 1, 1]])
DOT = np.array([[4, 2, 1]])

SMALL: dict[str, dict[str, Sequence[Any]]] = {
    "one-drawing": {"train": [ROWS]},
    "no-valid-split": {"train": [ROWS] * 3, "test": [ROWS]},
    "smaller-than-a-batch": {"train": [ROWS] * 3, "valid": [ROWS]},
    "dots": {"train": [DOT] * 3, "valid": [DOT]},
    "a-dot-among-drawings": {"train": [ROWS, DOT], "valid": [DOT]},
    "no-last-lift": {"train": [ROWS * [1, 1, 0]]},
}


@pytest.mark.slow
@pytest.mark.parametrize("small", SMALL)
def test_small_corpora(limner: Limner, save_npz: SaveNpz, tmp_path: Path, small: str) -> None:
    path = save_npz(tmp_path / "small.npz", **SMALL[small])
    assert limner("train", path, "--out", "r", *TINY, "--max-steps", 2).code == 0
    assert limner("sample", "r", "-n", 3, "--out", "x.svg").code == 0
    assert limner("evaluate", "r", "--json").json["n"] == len(list(SMALL[small].values())[-1])


@pytest.mark.slow
def test_a_corpus_without_a_train_split(refused: Refused, save_npz: SaveNpz, tmp_path: Path) -> None:
    path = save_npz(tmp_path / "valid.npz", valid=[ROWS], test=[ROWS])
    assert "no train split" in refused("train", path, "--out", "r", *TINY, names="valid.npz")


@pytest.mark.slow
def test_ndjson_and_svg_train_too(limner: Limner, svg: Path, tmp_path: Path) -> None:
    line = '{"word": "cat", "drawing": [[[1, 2, 9], [3, 4, 4]]]}\n'
    (tmp_path / "cats.ndjson").write_text(line * 12)
    for number, source in enumerate((svg, svg.parent, tmp_path / "cats.ndjson")):
        assert limner("train", source, "--out", f"r{number}", *TINY, "--max-steps", 1).code == 0


# The folder --------------------------------------------------------------------------------------


def test_a_folder_that_is_not_empty(refused: Refused, npz: Path, run: Path, tmp_path: Path) -> None:
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "poem.txt").write_text("a poem")
    assert "name another folder" in refused("train", npz, "--out", tmp_path / "mine", *TINY, names="mine")
    assert "--resume" in refused("train", npz, "--out", run, *TINY, names=run.name)


@pytest.mark.slow
def test_an_empty_folder_will_do(limner: Limner, npz: Path, work: Path) -> None:
    (work / "empty").mkdir()
    assert limner("train", npz, "--out", "empty", *TINY, "--max-steps", 1).code == 0


def test_folders_that_cannot_be(refused: Refused, npz: Path) -> None:
    refused("train", npz, "--out", npz, *TINY, names=npz.name)
    refused("train", npz, "--out", npz / "run", *TINY, names="run")


# Going on ----------------------------------------------------------------------------------------


@pytest.fixture
def begun(limner: Limner, npz: Path, work: Path) -> Path:
    """Return a run of four steps that may be changed."""
    assert limner("train", npz, "--out", "begun", *TINY, "--max-steps", 4).code == 0
    return work / "begun"


@pytest.mark.slow
def test_resume_again_and_again(limner: Limner, npz: Path, begun: Path) -> None:
    for steps in (8, 10):
        said = limner("train", npz, "--out", begun, "--resume", "--max-steps", steps)
        assert said.code == 0
        assert f"Step {steps}" in said.out
    assert steps_of(begun) == [2, 4, 6, 8, 10]
    assert settings_of(begun)["max_steps"] == 10
    assert settings_of(begun)["model"]["decoder"]["size"] == 16


@pytest.mark.slow
def test_a_resumed_run_learns_what_an_unbroken_one_does(limner: Limner, npz: Path, begun: Path) -> None:
    assert limner("train", npz, "--out", begun, "--resume", "--max-steps", 6).code == 0
    assert limner("train", npz, "--out", "unbroken", *TINY, "--max-steps", 6).code == 0
    resumed, unbroken = (limner("evaluate", run, "--json").json for run in (begun, "unbroken"))
    for figure in ("recon", "kl", "nll_per_point"):
        assert resumed[figure] == pytest.approx(unbroken[figure], rel=1e-5)


@pytest.mark.slow
def test_a_file_of_settings_changes_a_resumed_run(limner: Limner, npz: Path, begun: Path) -> None:
    Path("more.toml").write_text("max_steps = 6\n[train]\nlearning_rate = 0.5\n")
    assert limner("train", npz, "--out", begun, "--resume", "--config", "more.toml").code == 0
    assert settings_of(begun)["train"]["learning_rate"] == 0.5
    assert settings_of(begun)["train"]["batch_size"] == 8


@pytest.mark.slow
def test_nothing_is_left_to_do(refused: Refused, npz: Path, begun: Path) -> None:
    assert "--max-steps" in refused("train", npz, "--out", begun, "--resume", names="last.ckpt")
    refused("train", npz, "--out", begun, "--resume", "--max-steps", 3, names="last.ckpt")


@pytest.mark.slow
def test_another_network_cannot_go_on(refused: Refused, npz: Path, begun: Path) -> None:
    options = ("--resume", "--max-steps", 9)
    refused("train", npz, "--out", begun, *options, "--model.decoder.size", 17, names="last.ckpt")
    refused("train", npz, "--out", begun, *options, "--model.conditional", "False", names="last.ckpt")


@pytest.mark.slow
def test_nothing_to_go_on_from(refused: Refused, npz: Path, tmp_path: Path) -> None:
    refused("train", npz, "--out", "new", "--resume", names="last.ckpt")
    (tmp_path / "folder").mkdir()
    refused("train", npz, "--out", tmp_path / "folder", "--resume", names="last.ckpt")


def tampered(path: Path, change: Callable[[dict[str, Any]], object]) -> None:
    checkpoint = torch.load(path, weights_only=True)
    change(checkpoint)
    torch.save(checkpoint, path)


def _with_older_keys(checkpoint: dict[str, Any]) -> None:
    """Name the state of a callback as earlier versions did."""
    checkpoint["callbacks"]["Keeper"] = checkpoint["callbacks"].pop("BestCheckpoint")


CHECKPOINTS: dict[str, Callable[[Path], object]] = {
    "missing": lambda p: p.unlink(),
    "empty": lambda p: p.write_bytes(b""),
    "text": lambda p: p.write_text("no checkpoint"),
    "half": lambda p: p.write_bytes(p.read_bytes()[: p.stat().st_size // 2]),
    "cut short": lambda p: p.write_bytes(p.read_bytes()[:-50]),
    "pickled trap": lambda p: p.write_bytes(pickle.dumps(Trap())),
    "trap": lambda p: torch.save(Trap(), p),
    "trap in a checkpoint": lambda p: torch.save(torch.load(p, weights_only=True) | {"trap": Trap()}, p),
    "a list": lambda p: torch.save([1, 2], p),
    "a step alone": lambda p: torch.save({"global_step": 2}, p),
    "no optimizer": lambda p: tampered(p, lambda checkpoint: checkpoint.pop("optimizer_states")),
    "older": lambda p: tampered(
        p, lambda c: c["callbacks"].update(Keeper=c["callbacks"].pop("BestCheckpoint"))
    ),
    "no weights": lambda p: tampered(p, lambda checkpoint: checkpoint["state_dict"].clear()),
}


@pytest.mark.slow
@pytest.mark.parametrize("damage", CHECKPOINTS)
def test_damaged_and_hostile_checkpoints(
    refused: Refused, npz: Path, begun: Path, work: Path, damage: str
) -> None:
    CHECKPOINTS[damage](begun / "last.ckpt")
    before = {path: path.read_bytes() for path in begun.rglob("*") if path.is_file()}
    refused("train", npz, "--out", begun, "--resume", "--max-steps", 8, names="last.ckpt")
    assert {path: path.read_bytes() for path in begun.rglob("*") if path.is_file()} == before
    assert not (work / TRIPWIRE).exists()


# Few drawings, little time -----------------------------------------------------------------------


@pytest.fixture
def three(tmp_path: Path) -> Path:
    """Return a folder of three SVG files."""
    folder = tmp_path / "three"
    folder.mkdir()
    for k in range(3):
        path = f'<path d="M1 {k} 20 4 5 12 20 22 1{k} 3" fill="none" stroke="black"/>'
        (folder / f"{k}.svg").write_text(f'<svg xmlns="http://www.w3.org/2000/svg">{path}</svg>')
    return folder


@pytest.mark.slow
def test_of_few_drawings_none_is_set_aside(limner: Limner, three: Path, work: Path) -> None:
    said = limner("train", three, "--out", "r", *TINY, "--max-steps", 2)
    assert said.code == 0
    assert "3 drawings: all are learnt from." in said.err
    assert "the average of the last weights is kept" in said.out
    found = settings_of(work / "r")["train"]
    assert found["vary"]["turn"] > 0
    assert found["ema_decay"] == 0.999
    with (work / "r/metrics.csv").open(newline="") as file:
        assert not any(row["valid_cost"] for row in csv.DictReader(file))
    evaluated = limner("evaluate", "r", "--out", "r.html")
    assert "3 drawings of the train split\nnote: nothing was set aside" in evaluated.out
    assert "Nothing was set aside" in (work / "r.html").read_text()
    found = limner("evaluate", "r", "--json").json
    assert (found["n"], found["split"], found["held_out"]) == (3, "train", False)
    assert limner("report", "r", "--out", "runs.html").code == 0
    assert limner("train", three, "--out", "r", "--resume", "--max-steps", 4).code == 0
    assert settings_of(work / "r")["train"]["vary"]["turn"] > 0


@pytest.mark.slow
def test_some_are_set_aside_where_that_is_asked_for(limner: Limner, three: Path, work: Path) -> None:
    options = ("--train.hold-out", 0.1, "--train.vary-few", "False", "--max-steps", 2)
    said = limner("train", three, "--out", "r", *TINY, *options)
    assert said.code == 0
    assert "3 drawings: some are set aside." in said.err
    assert "in validation" in said.out
    assert "ema_decay" not in settings_of(work / "r")["train"]
    assert settings_of(work / "r")["train"]["vary"]["turn"] == 0
    found = limner("evaluate", "r", "--json").json
    assert (found["n"], found["split"], found["held_out"]) == (1, "test", True)


@pytest.mark.slow
def test_own_variation_stays(limner: Limner, three: Path, work: Path) -> None:
    options = ("--train.vary.turn", 2, "--train.ema-decay", 0.5, "--max-steps", 1)
    assert limner("train", three, "--out", "r", *TINY, *options).code == 0
    found = settings_of(work / "r")["train"]
    assert (found["vary"]["turn"], found["vary"]["nudge"], found["ema_decay"]) == (2, 0, 0.5)


@pytest.mark.slow
def test_minutes(limner: Limner, npz: Path, work: Path) -> None:
    """Whichever comes first."""
    assert limner("train", npz, "--out", "steps", *TINY, "--max-steps", 2, "--minutes", 60).code == 0
    assert steps_of(work / "steps")[-1] == 2
    said = limner("train", npz, "--out", "time", *TINY, "--minutes", 1e-6)
    assert said.code == 0
    assert steps_of(work / "time")[-1] == 1
    assert limner("sample", "time", "--out", "a.svg").code == 0


@pytest.mark.parametrize("minutes", ["0", "-1", "nan", "inf", "ten"])
def test_wrong_minutes(refused: Refused, npz: Path, minutes: str) -> None:
    refused("train", npz, "--out", "r", "--minutes", minutes, names="minutes", code=2)


@pytest.mark.slow
def test_quiet(limner: Limner, three: Path) -> None:
    said = limner("train", three, "--out", "r", *TINY, "--max-steps", 1, "--quiet")
    assert said.err.count("\n") == 1  # what to expect, and nothing else
    assert "training: step" not in said.err
