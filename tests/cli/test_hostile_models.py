"""Small hostile files and numbers through the doors: one sentence, exit 1 or 2, nothing left behind."""

from __future__ import annotations

import base64
import io
import json
import shutil
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
import torch
from safetensors import safe_open
from safetensors.torch import load_file, save_file

from limner.errors import LONGEST_SENTENCE
from limner.models.weights import FILE_NAME, HEADER_KEY

if TYPE_CHECKING:
    from tests.cli.conftest import Limner, Refused

DIGITS = "1" + "0" * 10_000
VALUES = {
    "ten thousand digits": DIGITS, "1e308": "1e308", "1e-308": "1e-308", "400 digits": "9" * 400,
    "nan": "NaN", "deep": "[" * 500 + "]" * 500, "a long text": json.dumps("\x00\x1b[31m" + "a" * 3000),
    "-1": "-1",
}  # fmt: skip


def js_text(**info: str) -> str:
    """Write a small decoder of sketch-rnn-js; what stands in info is JSON."""
    hidden, outputs = 5, 123
    shapes = [[hidden, outputs], [outputs], [5, 4 * hidden], [hidden, 4 * hidden], [4 * hidden]]
    blobs = [base64.b64encode(np.zeros(int(np.prod(s)), "<i2").tobytes()).decode() for s in shapes]
    facts = {"mode": "2", "version": "6", "max_seq_len": "12", "name": '"cat"', "scale_factor": "80.5"} | info
    head = ", ".join(f'"{key}": {value}' for key, value in facts.items())
    return f"[{{{head}}}, {json.dumps(shapes)}, {json.dumps(blobs)}]"


def bounded(sentence: str) -> None:
    assert len(sentence) <= LONGEST_SENTENCE
    assert sentence.isprintable()


@pytest.mark.parametrize("value", VALUES)
@pytest.mark.parametrize("field", ["scale_factor", "max_seq_len", "mode", "pixel_factor"])
def test_numbers_of_js_documents(refused: Refused, tmp_path: Path, field: str, value: str) -> None:
    if (field, value) == ("pixel_factor", "1e308"):
        pytest.skip("divides to a scale factor that is tested with others")
    path = tmp_path / "cat.json"
    path.write_text(js_text(**{field: VALUES[value]}))
    bounded(refused("import", path, "--out", "new", names="cat.json"))


@pytest.mark.parametrize(
    "sizes", [f"[{DIGITS}, 1]", "[1000000000, 1000000000]", "[-1, -1]", "[]", "[[1]]", "7"]
)
def test_sizes_of_js_documents(refused: Refused, tmp_path: Path, sizes: str) -> None:
    path = tmp_path / "cat.json"
    path.write_text(js_text().replace("[5, 123]", sizes, 1))
    bounded(refused("import", path, "--out", "new", names="cat.json"))


def zipped(pickle: bytes) -> bytes:
    """Wrap a pickle as torch does."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, data in (("data.pkl", pickle), ("version", b"3\n"), ("byteorder", b"little")):
            archive.writestr(f"archive/{name}", data)
    return buffer.getvalue()


def nested(depth: int) -> bytes:
    return zipped(b"\x80\x02" + b"}X\x01\x00\x00\x00a" * depth + b"}" + b"s" * depth + b".")


def shared(depth: int) -> dict[str, Any]:
    """Make dictionaries that each hold the next one twice."""
    found: dict[str, Any] = {"x": torch.zeros(2)}
    for _ in range(depth):
        found = {"a": found, "b": found}
    return found


def cyclic() -> dict[str, Any]:
    found: dict[str, Any] = {}
    found["a"] = found
    return found


PTH: dict[str, Callable[[], Any]] = {
    "meta": lambda: {"fc.weight": torch.empty(3, 3, device="meta")},
    "float8 nan": lambda: {"fc.weight": torch.full((2, 2), torch.nan).to(torch.float8_e4m3fn)},
    "float64 beyond float32": lambda: {"fc.weight": torch.full((2, 2), 1e308, dtype=torch.float64)},
    "expanded": lambda: {"fc.weight": torch.zeros(1).expand(10**6, 10**6)},
    "sparse": lambda: {"fc.weight": torch.eye(3).to_sparse()},
    "shared without end": lambda: shared(40),
    "within itself": cyclic,
    "names": lambda: {"\x1b[31m" + "a" * 3000: torch.full((2,), torch.nan)},
}


@pytest.mark.parametrize("kind", PTH)
def test_state_dicts(refused: Refused, tmp_path: Path, kind: str) -> None:
    path = tmp_path / "net.pth"
    torch.save(PTH[kind](), path)
    bounded(refused("import", path, "--out", "new", "--scale-factor", 10, "--n-max", 20, names="net.pth"))


@pytest.mark.slow
@pytest.mark.parametrize("depth", [100, 10_000, 1_000_000])
def test_deep_state_dicts(refused: Refused, tmp_path: Path, depth: int) -> None:
    path = tmp_path / "net.pth"
    path.write_bytes(nested(depth))
    bounded(refused("import", path, "--out", "new", "--scale-factor", 10, "--n-max", 20, names="net.pth"))


HEADERS: dict[str, dict[str, Any]] = {
    "scale factor 1e308": {"scale_factor": 1e308},
    "scale factor 1e-308": {"scale_factor": 1e-308},
    "n_max": {"n_max": 10**12},
    "extent": {"extent": 1e300},
    "start": {"start": [1e308, 0]},
    "tolerance": {"tolerance": -1},
    "figures": {"training": [1]},
    "terms": {"licence": None},
    "half a letter": {"classes": ["\ud800"]},
}


def with_header(path: Path, change: Callable[[dict[str, Any]], str]) -> None:
    with safe_open(path, framework="pt") as file:
        card = json.loads(file.metadata()[HEADER_KEY])
    save_file(load_file(path), path, metadata={HEADER_KEY: change(card)})


@pytest.mark.parametrize("kind", HEADERS)
def test_headers_of_weights(refused: Refused, decoder_run: Path, tmp_path: Path, kind: str) -> None:
    path = Path(shutil.copy(decoder_run / FILE_NAME, tmp_path))
    with_header(path, lambda card: json.dumps(card | HEADERS[kind]))
    for verb in (("sample", path, "--out", "new/x.svg"), ("export", path, "--to", "web", "--out", "new")):
        bounded(refused(*verb, names=FILE_NAME))


@pytest.mark.parametrize("name", ["size", "components"])
@pytest.mark.parametrize("value", ["1000000000", "1000000000000000000", "1" + "0" * 40])
def test_sizes_in_headers(refused: Refused, decoder_run: Path, tmp_path: Path, name: str, value: str) -> None:
    path = Path(shutil.copy(decoder_run / FILE_NAME, tmp_path))

    def change(card: dict[str, Any]) -> str:
        card["config"]["decoder"][name] = int(value)
        return json.dumps(card)

    with_header(path, change)
    bounded(refused("sample", path, "--out", "new/x.svg", names=FILE_NAME))


@pytest.mark.parametrize("size", [1e38, -1e38, 1e12])
def test_weights_beyond_all_measure(refused: Refused, decoder_run: Path, tmp_path: Path, size: float) -> None:
    path = Path(shutil.copy(decoder_run / FILE_NAME, tmp_path))
    with safe_open(path, framework="pt") as file:
        header = file.metadata()
    save_file({name: torch.full_like(v, size) for name, v in load_file(path).items()}, path, metadata=header)
    bounded(refused("sample", path, "--out", "new/x.svg", names=FILE_NAME))


@pytest.mark.parametrize(
    ("option", "value"),
    [
        ("-n", 10**12), ("-n", 2**64), ("-n", DIGITS), ("--temperature", 1e308), ("--temperature", "nan"),
        ("--max-points", 10**12), ("--seed", DIGITS), ("--ground", "g" * 5000), ("--out", "x" * 5000),
    ],
)  # fmt: skip
def test_options_of_sample(limner: Limner, decoder_run: Path, work: Path, option: str, value: object) -> None:
    said = limner("sample", decoder_run, option, value)
    assert said.code in (1, 2)
    assert "by itself" not in said.err
    bounded(said.err.rstrip("\n"))
    assert not list(work.iterdir())


@pytest.mark.parametrize(
    ("words", "meant"),
    [
        (("curate", "mpa", "x"), "map"), (("data", "inof"), "info"), (("smaple", "doodles"), "sample"),
        (("sample", "doodels"), "doodles"), (("complete", "doodle"), "doodles"),
    ],
)  # fmt: skip
def test_misspelt_words_are_answered(limner: Limner, words: tuple[str, ...], meant: str) -> None:
    said = limner(*words)
    assert said.code in (1, 2)
    assert "did you mean" in said.err
    assert meant in said.err
