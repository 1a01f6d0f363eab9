"""What every verb says of itself, and how it refuses arguments: exit 2 and one line on stderr."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from limner import __version__
from limner.cli.main import main
from limner.cli.verbs import VERBS

if TYPE_CHECKING:
    from tests.cli.conftest import Limner, Refused

PAGES = {
    "demo": "--seconds",
    "data": "info",
    "data list": "--json",
    "data get": "--mirror",
    "data info": "--json",
    "data tokens": "--sizes",
    "scan": "--single-line",
    "build": "--recognized-only",
    "curate": "export-projector",
    "curate embed": "--like",
    "curate cluster": "--centroids",
    "curate map": "--perplexity",
    "curate filter": "--choices",
    "curate neighbours": "--of",
    "curate export-projector": "--clusters",
    "curate sort": "--sort-into",
    "learn": "--minutes",
    "train": "--model.decoder.size",
    "evaluate": "--convention",
    "sample": "--temperature",
    "plot": "--paper",
    "reconstruct": "--only",
    "complete": "--share",
    "interpolate": "--way",
    "animate": "--fps",
    "studio": "--port",
    "import": "--scale-factor",
    "export": "sketch-rnn-js",
    "experiment": "--budget",
    "report": "--out",
    "models": "list",
    "models list": "--json",
    "models get": "--mirror",
    "models info": "--json",
    "doctor": "--json",
    "completion": "fish",
    "bench": "sample",
    "bench sample": "--points",
    "bench scan": "--rounds",
    "bench train": "--corpus",
}
"""Every verb, and something that stands on its help page."""
GROUPED = ("data", "bench", "curate", "models")
"""Verbs that want an action first."""


def test_every_verb_has_a_page() -> None:
    assert {page.split()[0] for page in PAGES} == set(VERBS)


@pytest.mark.parametrize("verb", PAGES)
def test_help(limner: Limner, verb: str) -> None:
    said = limner(*verb.split(), "--help")
    assert (said.code, said.err) == (0, "")
    assert said.out.startswith(f"usage: limner {verb}")
    assert PAGES[verb] in said.out
    assert "None" not in said.out or verb == "train"


@pytest.mark.parametrize("verb", PAGES)
def test_short_help_is_the_same(limner: Limner, verb: str) -> None:
    assert limner(*verb.split(), "-h") == limner(*verb.split(), "--help")


def test_overview(limner: Limner) -> None:
    said = limner("--help")
    assert (said.code, said.err) == (0, "")
    assert all(re.search(rf"^  {verb} +\w", said.out, re.MULTILINE) for verb in VERBS)
    assert limner() == said._replace(code=2)
    assert limner("--version").out == f"limner {__version__}\n"


@pytest.mark.slow
def test_help_loads_nothing_heavy() -> None:
    code = (
        "import sys; from limner.cli.main import main\n"
        f"for page in {list(PAGES)!r}: assert main([*page.split(), '--help']) == 0\n"
        "heavy = {'torch', 'pyarrow', 'pytorch_lightning', 'PIL', 'rich', 'shapely'} & set(sys.modules)\n"
        "assert not heavy, heavy"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60)
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.parametrize(
    ("wrong", "right"), [("trian", "train"), ("samples", "sample"), ("evalute", "evaluate")]
)
def test_misspelt_verbs(refused: Refused, wrong: str, right: str) -> None:
    assert refused(wrong, code=2, names=wrong).endswith(f"did you mean {right!r}?")


@pytest.mark.slow
@pytest.mark.parametrize("verb", [verb for verb in PAGES if verb not in GROUPED])
@pytest.mark.parametrize("option", [("--nosuch",), ("--nosuch", "1"), ("--nosuch=1",)], ids=len)
def test_unknown_options(refused: Refused, verb: str, option: tuple[str, ...]) -> None:
    sentence = refused(*verb.split(), *option, code=2, names="--nosuch")
    assert sentence == f"limner {verb}: there is no option --nosuch. See: limner {verb} --help"


@pytest.mark.parametrize(
    ("command", "right"),
    [
        ("sample --temperture 0.3 m", "--temperature"),
        ("sample m --temperture=0.3", "--temperature"),
        ("train c --out r --max-stepz 3", "--max-steps"),
        ("train c --out r --model.decodr.size 3", "--model.decoder.size"),
        ("train --out r --train.batchsize 3 c", "--train.batch-size"),
        ("evaluate m --jsn", "--json"),
        ("data get sheep --cachedir x", "--cache-dir"),
    ],
)
def test_misspelt_options(refused: Refused, command: str, right: str) -> None:
    assert f"; did you mean {right}?" in refused(*command.split(), code=2, names="there is no option --")


@pytest.mark.parametrize(
    ("command", "what"),
    [
        ("data", "say what to do: list, get, info or tokens"),
        ("data lst", "did you mean 'list'?"),
        ("data get", "NAME is missing"),
        ("data info", "FILE is missing"),
        ("build", "--out is missing"),
        ("build x.npz", "--out is missing"),
        ("build --out x.npz", "CORPUS is missing"),
        ("train", "--out is missing"),
        ("train --out r", "CORPUS is missing"),
        ("train c --out", "--out needs a value"),
        ("train c --out r --preset", "--preset needs a value"),
        ("evaluate", "MODEL is missing"),
        ("sample", "MODEL is missing"),
        ("sample m -n", "-n needs a value"),
        ("reconstruct", "MODEL is missing"),
        ("complete", "MODEL is missing"),
        ("interpolate", "MODEL is missing"),
        ("interpolate m a.svg", "two drawings are needed, not 1"),
        ("interpolate m a.svg b.svg c.svg", "two drawings are needed, not 3"),
        ("import", "SRC and --out are missing"),
        ("import x.json", "--out is missing"),
        ("export", "MODEL, --to and --out are missing"),
        ("export m --to onnx", "--out is missing"),
        ("animate", "DRAWING is missing"),
        ("bench", "say what to measure"),
        ("bench nosuch", "say what to measure"),
        ("export m extra --to onnx --out x", "nothing is expected at extra"),
        ("complete m a.svg b.svg", "nothing is expected at b.svg"),
        ("data info a.npz b.npz", "nothing is expected at b.npz"),
        ("export m --to onnx --out x --debug-graph", "--debug-graph"),
    ],
)
def test_missing_and_superfluous_arguments(refused: Refused, command: str, what: str) -> None:
    refused(*command.split(), code=2, names=what)


@pytest.mark.slow
@pytest.mark.parametrize(
    "command",
    [
        *("sample m -n 0", "sample m -n -3", "sample m -n x", "sample m -n 1.5"),
        *("sample m --temperature 0", "sample m --temperature -1", "sample m --temperature nan"),
        *("sample m --temperature x", "sample m --convention foo", "sample m --max-points 0"),
        *("sample m --seed x", "sample m --seed -1", "sample m --seed 99999999999999999999"),
        *("reconstruct m -n 0", "reconstruct m --temperature inf", "reconstruct m --seed -1"),
        *("complete m --share 0", "complete m --share 1.1", "complete m --share nan", "complete m -n 0"),
        *(
            "complete m --unit 0",
            "complete m --unit -2",
            "complete m --unit nan",
            "complete m --max-points -1",
        ),
        *("interpolate m --steps 1", "interpolate m --way nosuch", "interpolate m --seed -1"),
        *("evaluate m --convention nosuch",),
        *("animate a.svg --seconds 0", "animate a.svg --seconds inf", "animate a.svg --seconds 1e9"),
        *("animate a.svg --fps 0", "animate a.svg --fps 51", "animate a.svg --size-px 3"),
        *("animate a.svg --size-px 100000", "animate a.svg --hold-seconds -1"),
        *("animate a.svg --out a.bmp", "animate a.svg --out a", "animate a.svg b.svg --as draw"),
        *("build a.npz --out x.npz --seed -1",),
        *(
            "train c --out r --max-steps 0",
            "train c --out r --max-steps x",
            "train c --out r --preset nosuch",
        ),
        *("train c --out r --train.batch-size 0", "train c --out r --model.decoder.size -1"),
        *("train c --out r --model.conditional maybe", "train c --out r --model.kind nosuch"),
        *("train c --out r --train.learning-rate nan", "train c --out r --train.drop-augment 1"),
        *("import x --out m --scale-factor 0", "import x --out m --n-max 0"),
        *("export m --out x --to nosuch",),
        *("demo --seconds 0", "demo --seconds nan", "demo --max-steps 0", "demo --seed -1"),
        *("bench sample --drawings 0", "bench sample --points -1"),
    ],
)
def test_wrong_values(refused: Refused, command: str) -> None:
    """The sentence has the option, as it was typed or as the settings call it, and the value."""
    words = command.split()
    option, value = words[-2].lstrip("-"), words[-1]
    sentence = refused(*words, code=2, names=value.lstrip("-").removesuffix("e9"))
    settings_name = option.replace("-", "_")
    assert option in sentence or settings_name in sentence or option == "out"


def test_debug_shows_where_an_error_comes_from(limner: Limner) -> None:
    assert limner("data", "info", "nosuch.npz").code == 1
    with pytest.raises(ValueError, match="nosuch"):
        main(["--debug", "data", "info", "nosuch.npz"])


def test_an_error_of_limner_itself_asks_for_debug(limner: Limner, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object, **__: object) -> None:
        raise ZeroDivisionError("nothing can be divided by it")

    monkeypatch.setattr("limner.corpus.catalogue.catalogue", fail)
    said = limner("data", "list")
    assert said.code == 1
    assert "ZeroDivisionError: nothing can be divided by it" in said.err
    assert "--debug" in said.err


def test_what_the_system_says_is_a_sentence(limner: Limner, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied", "secret.npz")

    monkeypatch.setattr("limner.corpus.load.load_corpus", fail)
    said = limner("data", "info", "secret.npz")
    assert (said.code, said.err) == (1, "limner: secret.npz: permission denied.\n")


def test_ctrl_c_is_130(limner: Limner, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupt(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("limner.corpus.load.load_corpus", interrupt)
    said = limner("data", "info", "x.npz")
    assert (said.code, said.err) == (130, "limner: interrupted.\n")


@pytest.mark.slow
def test_python_m_limner(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "limner", "data", "info", "nosuch.npz"]
    done = subprocess.run(command, capture_output=True, text=True, cwd=tmp_path, timeout=60)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == "limner: nosuch.npz does not exist.\n"
