"""The command of 2017: its flags, its data_set, and what it refuses."""

from __future__ import annotations

import shutil
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest

from limner.cli.sketch_rnn_train import DATA_DIR, find_data_set, main
from limner.corpus.catalogue import catalogue
from limner.errors import DataError

SMALL = "enc_rnn_size=8,dec_rnn_size=16,z_size=4,batch_size=8,save_every=2"


@pytest.fixture
def data_dir(npz: Path, work: Path) -> Path:
    """Return a folder with two corpora."""
    folder = work / "data"
    folder.mkdir()
    for name in ("a.npz", "b.npz"):
        shutil.copy(npz, folder / name)
    return folder


def _settings(run: Path) -> dict[str, Any]:
    return tomllib.loads((run / "config.toml").read_text())


@pytest.mark.slow
def test_a_training(data_dir: Path, work: Path) -> None:
    hparams = f"data_set=[a.npz,b.npz],num_steps=4,{SMALL}"
    assert main([f"--data_dir={data_dir}", "--log_root=run", f"--hparams={hparams}"]) == 0
    found = _settings(work / "run")
    assert found["corpus"] == [str(data_dir / "a.npz"), str(data_dir / "b.npz")]
    assert (found["max_steps"], found["model"]["decoder"]["size"]) == (4, 16)
    assert found["model"]["decoder"]["recurrent_keep"] == 0.9  # the original's own
    assert (work / "run/model.safetensors").is_file()


@pytest.mark.slow
@pytest.mark.parametrize("flag", ["--resume_training", "--resume_training=True", "-resume_training=1"])
def test_it_goes_on(data_dir: Path, work: Path, flag: str) -> None:
    words = ["-data_dir", str(data_dir), "--log_root", "run"]
    assert main([*words, "--hparams", f"data_set=[a.npz],num_steps=2,{SMALL}"]) == 0
    assert main([*words, "--hparams", "data_set=[a.npz],num_steps=4", flag]) == 0
    lines = (work / "run/metrics.csv").read_text().splitlines()
    assert [line.partition(",")[0] for line in lines] == ["step", "2", "4"]
    assert _settings(work / "run")["model"]["decoder"]["size"] == 16


@pytest.mark.parametrize("flags", [[], ["--resume_training=false"], ["--noresume_training"]])
def test_a_folder_that_is_not_empty(
    data_dir: Path, work: Path, flags: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    (work / "run").mkdir()
    (work / "run/poem.txt").write_text("a poem")
    words = [f"--data_dir={data_dir}", "--log_root=run", "--hparams=data_set=[a.npz]"]
    assert main([*words, *flags]) == 1
    said = capsys.readouterr().err
    assert said == (
        "sketch_rnn_train: run is not empty, and no last.ckpt in it can be gone on with; "
        "name another folder.\n"
    )


@pytest.mark.parametrize(
    ("flags", "words"),
    [
        (["--hparams=data_set=[no.npz]"], "no.npz does not exist; --data_dir is"),
        (["--hparams=dec_size=3"], "did you mean 'dec_rnn_size'?"),
        (["--hparams=is_training=0"], "is_training"),
        ([], "aaron_sheep.npz does not exist"),
    ],
)
def test_refused(data_dir: Path, flags: list[str], words: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([f"--data_dir={data_dir}", "--log_root=run", *flags]) == 1
    said = capsys.readouterr().err
    assert said.startswith("sketch_rnn_train: ")
    assert said.count("\n") == 1
    assert words in said
    assert not Path("run").exists()


def test_values_that_the_settings_refuse(data_dir: Path, capsys: pytest.CaptureFixture[str]) -> None:
    flags = [f"--data_dir={data_dir}", "--log_root=run", "--hparams=data_set=[a.npz],batch_size=0"]
    assert main(flags) == 2
    assert "--hparams, batch_size: train.batch_size must be at least 1" in capsys.readouterr().err


@pytest.mark.parametrize("flags", [["--resume_training=maybe"], ["--log_rot=x"], ["x"], ["--log_root"]])
def test_bad_usage(flags: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as stop:
        main(flags)
    assert stop.value.code == 2
    assert "sketch_rnn_train: error: " in capsys.readouterr().err


# Published datasets ------------------------------------------------------------------------------


@pytest.fixture
def fetched(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Return the names of the datasets that were asked for, instead of fetching them."""
    names: list[str] = []

    def get(name: str) -> Path:
        names.append(name)
        return Path(name)

    monkeypatch.setattr("limner.corpus.download.get", get)
    return names


@pytest.mark.parametrize(
    ("data_dir", "name", "found"),
    [
        (DATA_DIR, "aaron_sheep.npz", "sheep"),
        (DATA_DIR.rstrip("/"), "aaron_sheep.npz", "sheep"),
        ("https://github.com/hardmaru/sketch-rnn-datasets/blob/master/kanji", "short_kanji.npz", "kanji"),
        ("http://raw.githubusercontent.com/hardmaru/sketch-rnn-datasets/master/omniglot/", "omniglot.npz",
         "omniglot"),
        ("https://storage.googleapis.com/quickdraw_dataset/sketchrnn/", "cat.npz", "quickdraw/cat"),
        ("https://storage.googleapis.com/quickdraw_dataset/sketchrnn", "The Eiffel Tower.npz",
         "quickdraw/The Eiffel Tower"),
    ],
)  # fmt: skip
def test_published_datasets(fetched: list[str], data_dir: str, name: str, found: str) -> None:
    assert found in catalogue()
    assert find_data_set(name, data_dir) == Path(found)
    assert fetched == [found]


@pytest.mark.parametrize("data_dir", ["https://example.com/data", DATA_DIR, "http://github.com/"])
def test_addresses_that_nobody_knows(fetched: list[str], data_dir: str) -> None:
    with pytest.raises(DataError, match="none of the datasets that limner knows; download it"):
        find_data_set("mine.npz", data_dir)
    assert fetched == []


# Help --------------------------------------------------------------------------------------------


def _run(code: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60)


def test_help_is_light() -> None:
    done = _run(
        "import sys; from limner.cli.sketch_rnn_train import main\n"
        "try: main(['--help'])\n"
        "except SystemExit as stop: assert stop.code == 0\n"
        "heavy = {'torch', 'numpy', 'tyro', 'pyarrow', 'rich'} & set(sys.modules)\n"
        "assert not heavy, heavy"
    )
    assert (done.returncode, done.stderr) == (0, "")
    for flag in ("--data_dir", "--log_root", "--resume_training", "--hparams"):
        assert flag in done.stdout


def test_it_is_installed() -> None:
    project = tomllib.loads((Path(__file__).parents[2] / "pyproject.toml").read_text())["project"]
    assert project["scripts"]["sketch_rnn_train"] == "limner.cli.sketch_rnn_train:main"
