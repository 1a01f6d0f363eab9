"""Files of tensors: halves, dictionaries within dictionaries, and what is refused."""

from __future__ import annotations

import pickle
from collections import OrderedDict
from pathlib import Path

import numpy as np
import pytest
import torch
from torch import nn

from limner.errors import DataError
from limner.interchange.torch_file import read_tensors

ONES = torch.ones(2, 3)


def test_names_are_joined(tmp_path: Path) -> None:
    state = {"epoch": 7, "model": OrderedDict({"fc.weight": ONES}), "opt": {"state": {0: {"avg": ONES}}}}
    torch.save(state, tmp_path / "last.pth")
    tensors, files = read_tensors(tmp_path / "last.pth")
    assert set(tensors) == {"model.fc.weight", "opt.state.0.avg"}
    assert files == (tmp_path / "last.pth",)


def test_numbers_become_float32(tmp_path: Path) -> None:
    torch.save({"a": ONES.half(), "b": ONES.double(), "c": torch.arange(3)}, tmp_path / "a.pt")
    assert {v.dtype for v in read_tensors(tmp_path / "a.pt")[0].values()} == {torch.float32}


@pytest.mark.parametrize("named", ["encoder", "decoder"])
def test_either_half_brings_the_other(tmp_path: Path, named: str) -> None:
    for half in ("encoder", "decoder"):
        torch.save({half[0]: ONES}, tmp_path / f"run_{half}RNN.pth")
    tensors, files = read_tensors(tmp_path / f"run_{named}RNN.pth")
    assert set(tensors) == {"encoder.e", "decoder.d"}
    assert {file.name for file in files} == {"run_encoderRNN.pth", "run_decoderRNN.pth"}


def test_a_half_without_the_other(tmp_path: Path) -> None:
    torch.save({"e": ONES}, tmp_path / "encoder.pth")
    assert set(read_tensors(tmp_path / "encoder.pth")[0]) == {"e"}


class _Touch:
    """A pickle that would write a file."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def __reduce__(self) -> tuple[object, ...]:
        return (Path.touch, (self.path,))


def test_nothing_is_run(tmp_path: Path) -> None:
    torch.save({"a": ONES, "b": _Touch(tmp_path / "touched")}, tmp_path / "bad.pth")
    (tmp_path / "plain.pth").write_bytes(pickle.dumps(_Touch(tmp_path / "touched")))
    for name in ("bad.pth", "plain.pth"):
        with pytest.raises(DataError, match=rf"{name} (holds more than tensors|cannot be read)"):
            read_tensors(tmp_path / name)
    assert not (tmp_path / "touched").exists()


def test_whole_modules_are_named(tmp_path: Path) -> None:
    torch.save(nn.Linear(2, 3), tmp_path / "module.pth")
    with pytest.raises(
        DataError, match=r"module\.pth holds more than tensors, such as torch\.nn\.mod.*Linear; save"
    ):
        read_tensors(tmp_path / "module.pth")


@pytest.mark.parametrize(
    ("value", "words"),
    [
        ({"a": torch.tensor([1.0, float("nan")])}, "a holds values that are not finite"),
        ({"a": torch.tensor([1.0, float("inf")])}, "a holds values that are not finite"),
        ({"a": ONES.to_sparse()}, "a is no plain array"),
        ({"a": ONES.to(torch.complex64)}, "a is no plain array"),
        ({"a": torch.ones(1).expand(10**9)}, "a is larger than what the file holds"),
        ({"epoch": 3}, "holds no tensors"),
        ({}, "holds no tensors"),
        ([1, 2], "holds no tensors"),
    ],
)
def test_what_is_no_plain_array(tmp_path: Path, value: object, words: str) -> None:
    torch.save(value, tmp_path / "x.pth")
    with pytest.raises(DataError, match=rf"x\.pth.*{words}"):
        read_tensors(tmp_path / "x.pth")


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04", b"\x80\x02}q\x00.", b"{}", b"\x89PNG" * 50])
def test_other_files(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "x.pth").write_bytes(content)
    with pytest.raises(DataError, match=r"x\.pth"):
        read_tensors(tmp_path / "x.pth")


def test_a_file_cut_short(tmp_path: Path) -> None:
    path = tmp_path / "x.pth"
    torch.save({"a": torch.from_numpy(np.ones(1000, np.float32))}, path)
    path.write_bytes(path.read_bytes()[:-700])
    with pytest.raises(DataError, match=r"x\.pth cannot be read"):
        read_tensors(path)
