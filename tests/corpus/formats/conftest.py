"""One drawing in every format: two strokes, 10,20 - 30,40 - 50,90 and 5,5 - 6,50; and real cases."""

from __future__ import annotations

import json
import struct
import zipfile
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageDraw

from limner.corpus.corpus import Corpus, Split
from limner.corpus.parquet_writer import write_parquet

STROKES = [[(10, 20), (30, 40), (50, 90)], [(5, 5), (6, 50)]]
ROWS = [[10, 20, 0], [20, 20, 0], [20, 50, 1], [-45, -85, 0], [1, 45, 1]]
COLUMNS = [[[10, 30, 50], [20, 40, 90]], [[5, 6], [5, 50]]]

SVG = (
    '<svg xmlns="http://www.w3.org/2000/svg" fill="none" stroke="black">'
    '<path d="M10 20L30 40L50 90M5 5L6 50"/></svg>'
)
INKML = (
    '<ink xmlns="http://www.w3.org/2003/InkML"><trace>10 20, 30 40, 50 90</trace>'
    "<trace>5 5, 6 50</trace></ink>"
)
IAM = (
    '<?xml version="1.0"?><WhiteboardCaptureSession><StrokeSet>'
    + "".join(
        "<Stroke>" + "".join(f'<Point x="{x}" y="{y}" time="1.5"/>' for x, y in stroke) + "</Stroke>"
        for stroke in STROKES
    )
    + "</StrokeSet></WhiteboardCaptureSession>"
)
UNIPEN = ".VERSION 1.0\n.COORD X Y\n.PEN_DOWN\n10 -20\n30 -40\n50 -90\n.PEN_UP\n.PEN_DOWN\n5 -5\n6 -50\n"
OMNIGLOT = "START\n10,-20,0\n30,-40,1\n50,-90,2\nBREAK\n5,-5,3\n6,-50,4\nBREAK\n"


def binary(*drawings: list[list[list[int]]], key: int = 7) -> bytes:
    """Spell drawings out as QuickDraw's binary form."""
    parts = []
    for number, strokes in enumerate(drawings):
        parts.append(struct.pack("<Q2sBIH", key + number, b"DE", 1, 1_490_000_000, len(strokes)))
        for xs, ys in strokes:
            parts.append(struct.pack(f"<H{2 * len(xs)}B", len(xs), *xs, *ys))
    return b"".join(parts)


def _npz(path: Path) -> None:
    np.savez(path, train=np.array([ROWS], np.int16))


def _npy(path: Path) -> None:
    drawings = np.empty(1, object)
    drawings[0] = np.array(ROWS, np.int16)
    np.save(path, drawings, allow_pickle=True)


def _parquet(path: Path) -> None:
    write_parquet(Corpus({"train": Split.from_arrays([np.array(ROWS, np.float32)])}), path)


def _zip(path: Path) -> None:
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("in/a.svg", SVG)
        archive.writestr("__MACOSX/in/._a.svg", "no drawing")


def _picture(path: Path) -> None:
    image = Image.new("L", (120, 120), 255)
    for stroke in STROKES:
        ImageDraw.Draw(image).line(stroke, fill=0, width=3)
    image.save(path)


SAMPLES: dict[str, tuple[str, Callable[[Path], object]]] = {
    "npz": ("a.npz", _npz),
    "npy": ("a.npy", _npy),
    "ndjson": ("a.ndjson", lambda path: path.write_text(json.dumps({"drawing": COLUMNS}) + "\n")),
    "parquet": ("a.parquet", _parquet),
    "svg": ("a.svg", lambda path: path.write_text(SVG)),
    "json": ("a.json", lambda path: path.write_text(json.dumps([{"drawing": COLUMNS}]))),
    "csv": ("a.csv", lambda path: path.write_text(f'key_id,drawing\n7,"{json.dumps(COLUMNS)}"\n')),
    "bin": ("cat.bin", lambda path: path.write_bytes(binary(COLUMNS))),
    "inkml": ("a.inkml", lambda path: path.write_text(INKML)),
    "iam": ("a.xml", lambda path: path.write_text(IAM)),
    "unipen": ("a.unp", lambda path: path.write_text(UNIPEN)),
    "omniglot": ("a.txt", lambda path: path.write_text(OMNIGLOT)),
    "zip": ("a.zip", _zip),
    "picture": ("a.png", _picture),
}
"""By the name of the format: a file's name, and what writes it."""


@pytest.fixture
def cases(data_dir: Path) -> Path:
    """Return the folder of small real cases, which lies beside the data, or skip."""
    folder = data_dir.parent / "cases"
    if not folder.is_dir():
        pytest.skip(f"{folder} is missing: this test reads small files that are not part of the repository")
    return folder
