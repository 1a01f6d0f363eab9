"""The formats that come along. What a reader needs is imported when it reads."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from limner.corpus.formats.csv_file import is_csv, read_csv
from limner.corpus.formats.format import Findings, Format, ReadOptions, bare
from limner.corpus.formats.iam import is_iam, read_iam
from limner.corpus.formats.inkml import is_inkml, read_inkml, write_inkml
from limner.corpus.formats.json_file import is_json, is_lines, read_json, write_json
from limner.corpus.formats.omniglot import is_omniglot, read_omniglot
from limner.corpus.formats.quickdraw_bin import is_bin, read_bin
from limner.corpus.formats.unipen import is_unipen, read_unipen
from limner.corpus.formats.xml_tree import root_tag
from limner.scan.files import SUFFIXES as PICTURE_SUFFIXES

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from limner.corpus.collector import Collector
    from limner.corpus.corpus import Corpus
    from limner.corpus.reading import Reading

_ZIP = b"PK\x03\x04"
_NAME_AT = 30  # bytes before the name of the first member


def _is_npz(head: bytes) -> bool:
    length = int.from_bytes(head[26:28], "little")
    return head.startswith(_ZIP) and head[_NAME_AT : _NAME_AT + length].endswith(b".npy")


def _is_svg(head: bytes) -> bool:
    return root_tag(bare(head)) == b"svg" or (bare(head)[:1] == b"<" and b"<svg" in head)


def _read_npz(path: Path, collector: Collector, options: ReadOptions, _: Any) -> Iterator[Reading]:
    from limner.corpus.npz import read_npz

    yield read_npz(path, collector, options)


def _write_npz(corpus: Corpus, path: Path) -> tuple[str, ...]:
    from limner.corpus.npz_writer import write_npz

    return write_npz(corpus, path)


def _read_npy(path: Path, collector: Collector, options: ReadOptions, _: Any) -> Iterator[Reading]:
    from limner.corpus.npz import read_npy

    yield read_npy(path, collector, options)


def _read_lines(path: Path, collector: Collector, options: ReadOptions, piece: Any) -> Iterator[Reading]:
    from limner.corpus.ndjson import ndjson_readings

    yield from ndjson_readings(path, collector, options, piece)


def _line_pieces(path: Path) -> Iterator[tuple[Any, int]]:
    from limner.corpus.ndjson import ndjson_pieces

    yield from ndjson_pieces(path)


def _write_lines(corpus: Corpus, path: Path) -> tuple[str, ...]:
    from limner.corpus.ndjson import write_ndjson

    return write_ndjson(corpus, path)


def _read_parquet(path: Path, collector: Collector, options: ReadOptions, piece: Any) -> Iterator[Reading]:
    from limner.corpus.parquet import parquet_readings

    yield from parquet_readings(path, collector, piece, options)


def _parquet_pieces(path: Path) -> Iterator[tuple[Any, int]]:
    from limner.corpus.parquet import parquet_groups

    yield from parquet_groups(path)


def _write_parquet(corpus: Corpus, path: Path) -> tuple[str, ...]:
    from limner.corpus.parquet_writer import write_parquet

    return write_parquet(corpus, path)


def _read_zip(path: Path, collector: Collector, options: ReadOptions, _: Any) -> Iterator[Reading]:
    from limner.corpus.formats.archive import read_zip

    yield from read_zip(path, collector, options)


def _svg(path: Path, options: ReadOptions) -> Findings:
    from limner.corpus.folder import svg_drawings

    del options
    yield from svg_drawings(path)


def _picture(path: Path, options: ReadOptions) -> Findings:
    from limner.corpus.folder import scanned

    assert options.scan is not None  # noqa: S101 - opening a source sees to it
    yield from scanned(path, options.scan)


BUILT_IN = (
    Format(
        "npz",
        "stroke-3 or stroke-5 arrays by split, as sketch-rnn has them",
        (".npz",),
        _is_npz,
        readings=_read_npz,
        write=_write_npz,
    ),
    Format(
        "npy",
        "one array of stroke-3 or stroke-5 arrays",
        (".npy",),
        lambda head: head.startswith(b"\x93NUMPY"),
        readings=_read_npy,
    ),
    Format(
        "ndjson",
        "a drawing a line, as QuickDraw has them, raw or simplified",
        (".ndjson", ".jsonl"),
        is_lines,
        readings=_read_lines,
        pieces=_line_pieces,
        write=_write_lines,
    ),
    Format(
        "parquet",
        "rows of stroke3, label, source and split: limner's own",
        (".parquet",),
        lambda head: head.startswith(b"PAR1"),
        readings=_read_parquet,
        pieces=_parquet_pieces,
        write=_write_parquet,
    ),
    Format("svg", "vector drawings", (".svg", ".svgz"), _is_svg, drawings=_svg),
    Format(
        "json",
        "drawings or strokes as lists, points or objects, Creative Birds among them",
        (),
        is_json,
        shared=(".json",),
        drawings=read_json,
        write=write_json,
    ),
    Format(
        "csv",
        "a drawing in a cell, as Kaggle's edition of QuickDraw, or points in rows",
        (),
        is_csv,
        shared=(".csv", ".tsv"),
        drawings=read_csv,
    ),
    Format("bin", "QuickDraw's binary form", (), is_bin, shared=(".bin",), drawings=read_bin),
    Format(
        "inkml",
        "W3C's digital ink",
        (".inkml",),
        is_inkml,
        shared=(".xml",),
        drawings=read_inkml,
        write=write_inkml,
    ),
    Format("iam", "lines of handwriting of IAM-OnDB", (), is_iam, shared=(".xml",), drawings=read_iam),
    Format(
        "unipen",
        "handwriting; its y grows upward and is turned",
        (".unp", ".upn", ".unipen"),
        is_unipen,
        shared=(".dat", ".txt"),
        drawings=read_unipen,
    ),
    Format(
        "omniglot",
        "Omniglot's stroke files; their y grows upward and is turned",
        (),
        is_omniglot,
        shared=(".txt",),
        drawings=read_omniglot,
    ),
    Format(
        "zip",
        "any of these, or pictures, of one kind",
        (".zip",),
        lambda head: head.startswith(_ZIP),
        readings=_read_zip,
    ),
    Format(
        "picture",
        "scans and photographs, by the step scan of a recipe",
        tuple(sorted(PICTURE_SUFFIXES)),
        lambda _: False,
        drawings=_picture,
        for_pictures=True,
    ),
)
