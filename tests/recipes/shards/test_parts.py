from __future__ import annotations

import pickle
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.recipes.shards.lines import write_drawings

from limner.corpus.builder import CorpusBuilder, Splits
from limner.corpus.opening import open_source
from limner.corpus.source import Source
from limner.recipes.shards.parts import ShardPart, count_lines, parts_of, uncounted, with_lines


def numbered(sources: list[Source], size: int) -> list[ShardPart]:
    parts = parts_of(sources, size)
    return with_lines(parts, map(count_lines, uncounted(parts)))


def read(parts: list[ShardPart]) -> list[str]:
    """Return the sources of all drawings in the order of the parts."""
    shards = [shard for part in parts for shard in part.small_shards()]
    sources: list[str] = []

    def remember(splits: Splits, label_names: tuple[str, ...]) -> None:
        del label_names
        sources.extend(source for split in splits.values() for source in split.sources)

    builder = CorpusBuilder(strict=False, sink=remember)
    for shard in shards:
        shard.read(builder)
    return sources


@settings(max_examples=60, deadline=None)
@given(st.lists(st.integers(0, 40), max_size=30), st.integers(1, 200), st.booleans())
def test_pieces_of_a_file_are_whole_lines(lengths: list[int], size: int, ended: bool) -> None:
    import tempfile

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "a.ndjson")
        text = "\n".join("x" * length for length in lengths) + ("\n" if ended else "")
        path.write_text(text)
        parts = numbered([Source(path, "ndjson", (path,))], size)
        chunks = [shard.piece for part in parts for shard in part.shards if shard.piece]
        cut = [text[chunk.begin : chunk.begin + chunk.size] for chunk in chunks]
    assert "".join(cut) == text
    assert all(piece.endswith("\n") for piece in cut[:-1])
    for chunk, piece in zip(chunks, cut, strict=True):
        assert chunk.line == 1 + text[: chunk.begin].count("\n")
        assert piece.find("\n", size - 1) in (-1, len(piece) - 1), "it is no longer than it must be"
    assert all(bool(part.piece_of) == (len(parts) > 1) for part in parts)


def test_drawings_without_keys_are_named_by_their_lines(tmp_path: Path) -> None:
    path = write_drawings(tmp_path / "a.ndjson", 50, keys=False)
    names = read(numbered([open_source(path)], 1000))
    assert len(numbered([open_source(path)], 1000)) > 5
    assert names == [f"a.ndjson#{i}" for i in range(50) if i != 2]


def test_small_files_come_together_and_large_ones_in_pieces(tmp_path: Path) -> None:
    sizes = {name: 8 if name != "d" else 300 for name in "abcdefg"}
    for name, n in sizes.items():
        write_drawings(tmp_path / f"{name}.ndjson", n)
    source = open_source(tmp_path)
    parts = numbered([source], 3 * (tmp_path / "a.ndjson").stat().st_size)
    held = [sorted({Path(shard.path).stem for shard in part.shards}) for part in parts]
    assert held[0] == ["a", "b", "c"]
    assert held[-1] == ["e", "f", "g"]
    pieces = parts[1:-1]
    assert len(pieces) > 5
    assert {part.piece_of for part in pieces} == {str(tmp_path / "d.ndjson")}
    assert sum(part.size for part in parts) == source.size
    assert [part.name for part in parts] == [f"part-{i:05d}" for i in range(len(parts))]
    assert (
        pickle.loads(pickle.dumps(parts)) == parts == numbered([source], 3 * source.files[0].stat().st_size)
    )


def test_the_same_file_twice(tmp_path: Path) -> None:
    path = write_drawings(tmp_path / "a.ndjson", 60, keys=False)
    names = read(numbered([open_source(path), open_source(path)], 1500))
    assert names == read(numbered([open_source(path)], 1500)) * 2


@pytest.mark.slow
def test_row_groups_of_a_large_parquet_file(tmp_path: Path) -> None:
    rows = pa.array([[[float(i), 0.0, 1.0]] for i in range(120_000)], pa.list_(pa.list_(pa.float32())))
    path = tmp_path / "a.parquet"
    pq.write_table(pa.table({"stroke3": rows}), path, row_group_size=10_000)
    source = open_source(path)
    parts = numbered([source], path.stat().st_size // 2)
    assert [part.origin[0]["row_groups"] for part in parts] == [[0, 5], [5, 10], [10, 12]]
    assert sum(part.size for part in parts) == pytest.approx(source.size, abs=3)
    assert read(parts) == [f"a.parquet#{i}" for i in range(120_000)]


def test_a_damaged_file_comes_whole(tmp_path: Path) -> None:
    (tmp_path / "a.parquet").write_bytes(b"PAR1")
    assert [part.piece_of for part in parts_of([open_source(tmp_path / "a.parquet")], 1)] == [""]


@pytest.mark.slow
def test_what_else_there_is(tmp_path: Path) -> None:
    np.savez(tmp_path / "a.npz", train=np.ones((5, 2, 3), "i2"))
    parts = numbered([open_source(tmp_path / "a.npz"), open_source("doodles")], 1 << 20)
    assert len(parts) == 2
    assert parts[0].origin == [{"file": str(tmp_path / "a.npz")}]
    assert len(read(parts)) == 10_005
