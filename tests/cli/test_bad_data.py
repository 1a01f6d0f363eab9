"""Damaged and hostile files, one by one: refused, tolerated, or left out and reported."""

from __future__ import annotations

import io
import json
import os
import pickle
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

if TYPE_CHECKING:
    from tests.cli.conftest import Limner, Refused, SaveNpz

TRIPWIRE = "tripwire"
SVG = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24">{}</svg>'
PATH = '<path d="M1 1 20 20 3 18" fill="none" stroke="black"/>'
LINE = '{"word": "cat", "key_id": "7", "recognized": true, "drawing": [[[1, 2, 9], [3, 4, 4]]]}'


class Trap:
    """Leaves a file behind if it is unpickled."""

    def __reduce__(self) -> tuple[Any, ...]:
        return os.system, (f"touch {TRIPWIRE}",)


def drawing(**changes: float) -> np.ndarray[Any, Any]:
    """Return five rows with some of their numbers changed: ``x=`` an offset, ``lift=`` a lift."""
    rows = np.array([[1, 2, 0], [3, 4, 0], [5, 6, 1], [7, 8, 0], [9, 1, 1]], float)
    rows[2, 0], rows[1, 2] = changes.get("x", 5), changes.get("lift", 0)
    return rows


BAD_DRAWINGS: dict[str, Any] = {
    "nan": drawing(x=np.nan),
    "infinite": drawing(x=np.inf),
    "minus-infinite": drawing(x=-np.inf).astype(np.float16),
    "nan-in-objects": drawing(x=np.nan).astype(object),
    "too-large": drawing(x=1e300),
    "lift-of-2": drawing(lift=2),
    "half-a-lift": drawing(lift=0.5),
    "lift-of-nan": drawing(lift=np.nan),
    "two-wide": drawing()[:, :2],
    "four-wide": drawing()[:, [0, 1, 2, 2]],
    "five-wide": drawing()[:, [0, 1, 2, 2, 2]],
    "flat": drawing().ravel(),
    "ragged": [[1, 2, 0], [1, 2]],
    "strings-in-objects": np.array([[1, 2, "down"]] * 3, object),
    "a-string": "drawing",
    "bytes": b"drawing",
    "none": None,
    "a-dict": {"drawing": 1},
}
"""Drawings that spoil an otherwise good file; single ones are left out when a corpus is built."""

ODD_DRAWINGS: dict[str, Any] = {
    "one-point": np.array([[1, 2, 1]], np.int16),
    "no-last-lift": drawing() * [1, 1, 0],
    "objects": drawing().astype(object),
    "lists": drawing().tolist(),
    "no-points": np.zeros((0, 3)),
    "float16": drawing().astype(np.float16),
    "big-endian": drawing().astype(">i4"),
}
"""Drawings that are fine."""


def pickled(path: Path, data: bytes, *, shape: tuple[int, ...] = (3,)) -> None:
    """Write an npz file whose train split is a pickle."""
    head = io.BytesIO()
    np.lib.format.write_array_header_1_0(head, {"descr": "|O", "fortran_order": False, "shape": shape})
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("train.npy", head.getvalue() + data)


def objects(*drawings: Any) -> np.ndarray[Any, Any]:
    array = np.empty(len(drawings), object)
    array[:] = drawings
    return array


def cut(path: Path, share: float) -> None:
    np.savez(path, train=objects(drawing(), drawing(x=1)), valid=objects(drawing()))
    data = path.read_bytes()
    path.write_bytes(data[: int(len(data) * share)])


def member(path: Path, name: str, text: str) -> None:
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr(name, text)


def bomb(path: Path) -> None:
    entities = "".join(f'<!ENTITY e{i} "{f"&e{i - 1};" * 10}">' for i in range(1, 10))
    body = SVG.format('<path d="M0 0 &e9;"/>')
    path.write_text(f'<!DOCTYPE svg [<!ENTITY e0 "L1 1 ">{entities}]>{body}')


def outside(path: Path) -> None:
    body = SVG.format(f"<title>&secret;</title>{PATH}")
    path.write_text(f'<!DOCTYPE svg [<!ENTITY secret SYSTEM "file:///etc/hostname">]>{body}')


BAD_FILES: dict[str, Callable[[Path], object]] = {
    "missing.npz": lambda _: None,
    "empty.npz": lambda p: p.write_bytes(b""),
    "text.npz": lambda p: p.write_text("these are not the drawings that you look for\n"),
    "half.npz": lambda p: cut(p, 0.5),
    "cut-short.npz": lambda p: cut(p, 0.97),
    "array.npz": lambda p: p.write_bytes(b"\x93NUMPY\x01\x00v\x00{}"),
    "no-members.npz": lambda p: np.savez(p),
    "other-members.npz": lambda p: np.savez(p, drawings=objects(drawing())),
    "not-numpy.npz": lambda p: member(p, "train.npy", "hello"),
    "not-npy.npz": lambda p: member(p, "train.txt", "hello"),
    "a-number.npz": lambda p: np.savez(p, train=np.array(3.0)),
    "strings.npz": lambda p: np.savez(p, train=np.array(["a", "b"])),
    "no-drawings.npz": lambda p: np.savez(p, train=objects(), valid=objects(), test=objects()),
    "no-points.npz": lambda p: np.savez(p, train=objects(np.zeros((0, 3)), np.zeros((0, 3)))),
    "trap.npz": lambda p: np.savez(p, train=objects(drawing(), Trap())),
    "trap-in-pickle.npz": lambda p: pickled(p, pickle.dumps([Trap()])),
    "old-trap.npz": lambda p: pickled(p, b"cos\nsystem\n(S'touch tripwire'\ntR."),
    "eval.npz": lambda p: pickled(p, b"cbuiltins\neval\n(S'1'\ntR."),
    "cut-pickle.npz": lambda p: pickled(p, pickle.dumps(objects(drawing(), drawing()))[:-40]),
    "a-folder.npz": lambda p: p.mkdir(),
    "empty.ndjson": lambda p: p.write_text(""),
    "blank.ndjson": lambda p: p.write_text("\n\n"),
    "binary.ndjson": lambda p: p.write_bytes(bytes(range(256))),
    "empty.parquet": lambda p: p.write_bytes(b""),
    "cut.parquet": lambda p: p.write_bytes(b"PAR1 and no more"),
    "empty.svg": lambda p: p.write_text(""),
    "cut.svg": lambda p: p.write_text(SVG.format(PATH)[:-9]),
    "page.svg": lambda p: p.write_text("<html><body/></html>"),
    "blank.svg": lambda p: p.write_text(SVG.format("")),
    "words.svg": lambda p: p.write_text(SVG.format("<text>hello</text>")),
    "nan.svg": lambda p: p.write_text(SVG.format('<path d="M0 0 L nan nan" stroke="black"/>')),
    "bomb.svg": bomb,
    "outside.svg": outside,
    "nothing": lambda p: p.mkdir(),
    "picture.png": lambda p: p.write_bytes(b"\x89PNG\r\n\x1a\n"),
    "notes.txt": lambda p: p.write_text("hello"),
}
"""Files that no command can use; each is named and nothing is left behind."""

BAD_LINES = {
    "cut": '{"word": "cat", "drawing": [[[1, 2',
    "deep": "[" * 20_000,
    "latin-1": b'{"word": "caf\xe9", "drawing": []}'.decode("latin-1"),
}
"""Lines that are not JSON: the file is damaged."""

BAD_JSON_DRAWINGS = {
    "no-drawing": '{"word": "cat"}',
    "null": '{"drawing": null}',
    "a-number": "42",
    "a-list": "[1, 2]",
    "uneven": '{"drawing": [[[1, 2, 3], [1, 2]]]}',
    "one-list": '{"drawing": [[[1, 2]]]}',
    "nested": '{"drawing": [[[[1]], [[1]]]]}',
    "words": '{"drawing": [[["a"], ["b"]]]}',
    "nan": '{"drawing": [[[NaN, 1], [1, 2]]]}',
    "infinite": '{"drawing": [[[1e999, 1], [1, 2]]]}',
    "null-in-a-list": '{"drawing": [[[null, 1], [1, 2]]]}',
}
"""Lines that are JSON but no drawing: left out when a corpus is built."""


def lines_with(path: Path, line: str) -> Path:
    """Write good lines with ``line`` as the third of them."""
    path.write_text("\n".join([LINE, LINE, line, LINE]) + "\n", encoding="latin-1")
    return path


@pytest.fixture
def bad_file(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    name: str = request.param
    BAD_FILES[name](tmp_path / name)
    return tmp_path / name


COMMANDS = {
    "info": ("data", "info", "{}", "--json"),
    "build": ("build", "{}", "--out", "new/corpus.npz", "--json"),
    "train": ("train", "{}", "--out", "runs/new", "--max-steps", "1"),
    "animate": ("animate", "{}", "--out", "new/x.gif"),
}


@pytest.mark.slow
@pytest.mark.parametrize("command", COMMANDS)
@pytest.mark.parametrize("bad_file", BAD_FILES, indirect=True)
def test_bad_files_are_refused(refused: Refused, bad_file: Path, command: str, work: Path) -> None:
    arguments = [word.format(bad_file) for word in COMMANDS[command]]
    sentence = refused(*arguments, names=bad_file.name)
    assert sentence.startswith("limner: ")
    assert sentence.endswith((".", "#0", "?"))
    assert not (work / TRIPWIRE).exists()


@pytest.mark.slow
@pytest.mark.parametrize("command", ["info", "train"])
@pytest.mark.parametrize("bad", BAD_DRAWINGS)
def test_a_bad_drawing_is_refused(
    refused: Refused, save_npz: SaveNpz, tmp_path: Path, bad: str, command: str
) -> None:
    path = save_npz(tmp_path / "spoilt.npz", train=[drawing(), BAD_DRAWINGS[bad]], test=[drawing()])
    arguments = [word.format(path) for word in COMMANDS[command]]
    assert "drawing 1 of train" in refused(*arguments, names="spoilt.npz")


@pytest.mark.parametrize("split", ["valid", "test"])
def test_a_bad_drawing_is_refused_in_any_split(
    refused: Refused, save_npz: SaveNpz, tmp_path: Path, split: str
) -> None:
    path = save_npz(tmp_path / "spoilt.npz", **{"train": [drawing()], split: [drawing(x=np.nan)]})
    assert f"drawing 0 of {split}" in refused("train", path, "--out", "r", names="spoilt.npz")


@pytest.mark.slow
@pytest.mark.parametrize("bad", BAD_DRAWINGS)
def test_build_leaves_a_bad_drawing_out(limner: Limner, save_npz: SaveNpz, tmp_path: Path, bad: str) -> None:
    path = save_npz(tmp_path / "spoilt.npz", train=[drawing(), BAD_DRAWINGS[bad]], valid=[drawing()])
    report = limner("build", path, "--out", "good.npz", "--json").json
    assert (report["kept"], report["splits"]) == (2, {"train": 1, "valid": 1})
    assert [one["source"] for one in report["dropped"]] == ["spoilt.npz#1"]
    assert report["reasons"] == {report["dropped"][0]["reason"]: 1}
    assert limner("data", "info", "good.npz", "--json").json["splits"]["train"]["n"] == 1


def test_build_says_what_it_left_out(limner: Limner, save_npz: SaveNpz, tmp_path: Path) -> None:
    spoilt = [drawing(), drawing(x=np.nan), drawing(lift=2), drawing(x=np.inf)]
    said = limner("build", save_npz(tmp_path / "spoilt.npz", train=spoilt), "--out", "good.npz")
    assert (said.code, said.err) == (0, "")
    assert "left out 2: an offset is not a finite number" in said.out
    assert "left out 1: a lift is neither 0 nor 1" in said.out


def test_build_refuses_when_nothing_is_left(refused: Refused, save_npz: SaveNpz, tmp_path: Path) -> None:
    path = save_npz(tmp_path / "spoilt.npz", train=[drawing(x=np.nan), drawing(lift=2)])
    assert "2 drawings dropped" in refused("build", path, "--out", "x/good.npz", names="spoilt.npz")


def test_build_does_not_touch_an_older_corpus_when_it_refuses(
    refused: Refused, save_npz: SaveNpz, tmp_path: Path, work: Path
) -> None:
    old = save_npz(work / "corpus.npz", train=[drawing()]).read_bytes()
    bad = save_npz(tmp_path / "spoilt.npz", train=[drawing(x=np.nan)])
    refused("build", bad, "--out", "corpus.npz", names="spoilt.npz")
    assert (work / "corpus.npz").read_bytes() == old


@pytest.mark.parametrize("odd", ODD_DRAWINGS)
def test_odd_drawings_are_fine(limner: Limner, save_npz: SaveNpz, tmp_path: Path, odd: str) -> None:
    path = save_npz(tmp_path / "odd.npz", train=[drawing(), ODD_DRAWINGS[odd]])
    info = limner("data", "info", path, "--json").json
    assert info["splits"]["train"]["n"] == (1 if odd == "no-points" else 2)
    assert "The file has no test split." in info["notes"]


def test_stray_members_are_ignored_even_traps(limner: Limner, tmp_path: Path, work: Path) -> None:
    path = tmp_path / "stray.npz"
    np.savez(path, train=objects(drawing()), std=np.array(3.0), name=np.array("x"), trap=objects(Trap()))
    info = limner("data", "info", path, "--json").json
    assert info["splits"]["train"]["n"] == 1
    assert any("std" in note and "name" in note and "trap" in note for note in info["notes"])
    assert not (work / TRIPWIRE).exists()


def test_python_2_files_load(limner: Limner, tmp_path: Path) -> None:
    old = pickle.dumps(objects(drawing().astype("i2"), drawing().astype("i2")), protocol=2)
    pickled(tmp_path / "old.npz", old.replace(b"numpy._core", b"numpy.core"), shape=(2,))
    assert limner("data", "info", tmp_path / "old.npz", "--json").json["splits"]["train"]["n"] == 2


# One drawing a line ------------------------------------------------------------------------------


@pytest.mark.parametrize("command", ["info", "build", "train"])
@pytest.mark.parametrize("bad", BAD_LINES)
def test_a_damaged_line_is_refused(refused: Refused, tmp_path: Path, bad: str, command: str) -> None:
    path = lines_with(tmp_path / "cats.ndjson", BAD_LINES[bad])
    assert "line 3" in refused(*[word.format(path) for word in COMMANDS[command]], names="cats.ndjson")


def test_a_file_that_was_cut_short_is_refused(refused: Refused, tmp_path: Path) -> None:
    (tmp_path / "cats.ndjson").write_text("\n".join([LINE] * 5)[:-20])
    assert "line 5" in refused("data", "info", tmp_path / "cats.ndjson", names="cats.ndjson")


@pytest.mark.slow
@pytest.mark.parametrize("bad", BAD_JSON_DRAWINGS)
def test_a_line_without_a_drawing(limner: Limner, refused: Refused, tmp_path: Path, bad: str) -> None:
    path = lines_with(tmp_path / "cats.ndjson", BAD_JSON_DRAWINGS[bad])
    assert "line 3" in refused("data", "info", path, names="cats.ndjson")
    assert "line 3" in refused("train", path, "--out", "r", names="cats.ndjson")
    report = limner("build", path, "--out", "good.npz", "--json").json
    assert (report["kept"], len(report["dropped"])) == (3, 1)


def test_odd_lines_are_fine(limner: Limner, tmp_path: Path) -> None:
    path = tmp_path / "cats.ndjson"
    path.write_bytes(b"\xef\xbb\xbf" + "\r\n".join([LINE, "", LINE, '{"drawing": []}']).encode())
    info = limner("data", "info", path, "--json").json
    assert sum(split["n"] for split in info["splits"].values()) == 2
    assert info["labels"] == {"cat": 2}


def test_unrecognised_drawings_can_be_left_out(limner: Limner, tmp_path: Path) -> None:
    path = lines_with(tmp_path / "cats.ndjson", LINE.replace("true", "false"))
    assert limner("build", path, "--out", "all.npz", "--json").json["kept"] == 4
    assert limner("build", path, "--out", "some.npz", "--json", "--recognized-only").json["kept"] == 3


# Folders -----------------------------------------------------------------------------------------


def test_a_damaged_svg_in_a_folder(limner: Limner, refused: Refused, tmp_path: Path) -> None:
    folder = tmp_path / "drawings"
    folder.mkdir()
    for i in range(4):
        (folder / f"{i}.svg").write_text(SVG.format(PATH))
    (folder / "damaged.svg").write_text("<svg")
    info = limner("data", "info", folder, "--json").json
    assert sum(split["n"] for split in info["splits"].values()) == 4
    assert "1 file that cannot be read left out." in info["notes"]
    assert any("damaged.svg is damaged" in note for note in info["notes"])
    refused("train", folder, "--out", "r", names="damaged.svg")
    report = limner("build", folder, "--out", "good.npz", "--json").json
    assert (report["kept"], [one["source"] for one in report["dropped"]]) == (4, ["damaged.svg#0"])


def test_a_folder_of_several_kinds_is_read(limner: Limner, save_npz: SaveNpz, tmp_path: Path) -> None:
    folder = tmp_path / "mixed"
    folder.mkdir()
    save_npz(folder / "a.npz", train=[drawing()])
    (folder / "b.svg").write_text(SVG.format(PATH))
    assert limner("data", "info", folder, "--json").json["splits"]["train"]["n"] == 2


def test_entities_that_name_namespaces_load(limner: Limner, tmp_path: Path) -> None:
    head = '<!DOCTYPE svg [<!ENTITY ns_svg "http://www.w3.org/2000/svg">]>'
    body = SVG.format(PATH).replace("http://www.w3.org/2000/svg", "&ns_svg;")
    (tmp_path / "illustrator.svg").write_text(head + body)
    info = limner("data", "info", tmp_path / "illustrator.svg", "--json").json
    assert info["splits"]["train"] == {"n": 1, "points_mean": 3.0, "points_max": 3, "strokes_mean": 1.0}


# Outputs -----------------------------------------------------------------------------------------


def test_a_corpus_can_only_be_written_where_and_as_what_it_can_be(
    refused: Refused, save_npz: SaveNpz, tmp_path: Path
) -> None:
    good = save_npz(tmp_path / "good.npz", train=[drawing()])
    (tmp_path / "folder.npz").mkdir()
    refused("build", good, "--out", "corpus.csv", names="corpus.csv")
    refused("build", good, "--out", good / "corpus.npz", names="corpus.npz")
    refused("build", good, "--out", tmp_path / "folder.npz", names="folder.npz")
    refused("build", good, tmp_path / "no.npz", "--out", "new/corpus.npz", names="no.npz")


def test_the_report_is_json(limner: Limner, save_npz: SaveNpz, tmp_path: Path) -> None:
    good = save_npz(tmp_path / "good.npz", train=[drawing()] * 3)
    said = limner("build", good, "--out", "new/folder/corpus.parquet", "--json")
    assert said.err == ""
    assert set(said.json) == {
        *("kept", "dropped", "reasons", "splits", "n_max", "scale_factor", "notes"),
        *("recipe", "steps", "failures", "files"),
    }
    assert json.loads(said.out)["n_max"] == 5
    assert Path("new/folder/corpus.parquet").is_file()
