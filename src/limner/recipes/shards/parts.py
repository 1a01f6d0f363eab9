"""``ShardPart``: the input of one shard of the corpus: several small files, or a piece of a large one."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby, pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any

from limner.corpus.ndjson import LONGEST, Chunk, ndjson_chunks, rest_of_line
from limner.corpus.shard import Shard

if TYPE_CHECKING:
    from limner.corpus.source import Source

PART_BYTES = 16 << 20
"""What is read for one shard, about: some ten thousand drawings."""
_BLOCK = 1 << 20
_UNKNOWN = 0  # line at which a piece begins, until the lines before it are counted


@dataclass(frozen=True)
class ShardPart:
    """Input shards that become one output shard. It can be pickled.

    Parameters
    ----------
    name : str
        Of the output shard, without suffix.
    shards : tuple of Shard
        In the order in which they are read.
    piece_of : str
        The file, if that is larger than a part; else empty: then all files are here as a whole.
    """

    name: str
    shards: tuple[Shard, ...]
    piece_of: str = ""

    @property
    def size(self) -> int:
        """In bytes."""
        return sum(shard.size for shard in self.shards)

    @property
    def origin(self) -> list[dict[str, Any]]:
        """Return the input as a text for the manifest."""
        return [_origin(shard) for shard in self.shards]

    def small_shards(self) -> Iterator[Shard]:
        """Divide large inputs into shards that are read at once."""
        for shard in self.shards:
            if not isinstance(shard.piece, Chunk):
                yield shard
                continue
            for chunk in ndjson_chunks(shard.files[0], whole=shard.piece):
                yield replace(shard, size=chunk.size, piece=chunk)


def parts_of(sources: Sequence[Source], size: int = PART_BYTES) -> list[ShardPart]:
    """Divide sources into parts; the same files always make the same parts.

    Nothing is read but where the pieces of large ``.ndjson`` files meet, so the number of the first line of
    such a piece is not known yet; see :func:`with_lines`.
    """
    bundles = [bundle for source in sources for bundle in _bundles(_files(source, size), size)]
    return [ShardPart(f"part-{i:05d}", tuple(shards), name) for i, (shards, name) in enumerate(bundles)]


def uncounted(parts: Iterable[ShardPart]) -> list[tuple[Path, Chunk]]:
    """Return the pieces of files whose lines must be counted to number the lines of those behind."""
    return [
        (shard.files[0], shard.piece)
        for part in parts
        for shard in part.shards
        if isinstance(shard.piece, Chunk) and shard.piece.line == _UNKNOWN
    ]


def count_lines(piece: tuple[Path, Chunk]) -> int:
    """Count the lines of a piece of a file."""
    path, chunk = piece
    left, found = chunk.size, 0
    with path.open("rb") as file:
        file.seek(chunk.begin)
        while left and (block := file.read(min(left, _BLOCK))):
            left -= len(block)
            found += block.count(b"\n")
    return found


def with_lines(parts: Sequence[ShardPart], counts: Iterable[int]) -> list[ShardPart]:
    """Set the first line numbers of pieces, given the numbers of lines of those of :func:`uncounted`."""
    lines, found, line = iter(counts), [], 1
    for part in parts:
        chunk = part.shards[0].piece
        if not isinstance(chunk, Chunk) or chunk.line != _UNKNOWN:
            found.append(part)
            continue
        line = line if chunk.begin else 1
        shard = replace(part.shards[0], piece=chunk._replace(line=line))
        found.append(replace(part, shards=(shard,)))
        line += next(lines)
    return found


def _files(source: Source, size: int) -> Iterator[list[Shard]]:
    """Yield the shards of each file, or of each group of small files that are read together."""
    if source.kind == "ndjson":
        for file in source.files:
            place = source.place_of(file)
            yield [replace(piece, within=place, options=source.options) for piece in _pieces(file, size)]
        return
    for _, shards in groupby(source.shards(), key=lambda shard: shard.path):
        yield list(shards)


def _pieces(file: Path, size: int) -> Iterator[Shard]:
    """Divide a file of lines into pieces that end at the ends of lines."""
    whole = file.stat().st_size
    ends, line = [0], 1 if whole <= size else _UNKNOWN
    with file.open("rb") as lines:
        while ends[-1] < whole:
            lines.seek(min(ends[-1] + size, whole) - 1)
            rest = rest_of_line(lines)
            ends.append(
                lines.tell() if len(rest) <= LONGEST else whole
            )  # a line too long: reading it says so
    for begin, end in pairwise(ends):
        yield Shard("ndjson", (file,), end - begin, piece=Chunk(begin, end - begin, line))


def _bundles(files: Iterable[list[Shard]], size: int) -> Iterator[tuple[list[Shard], str]]:
    """Group whole files until they are large enough; divide files that are too large."""
    waiting: list[Shard] = []
    for shards in files:
        if _size(shards) > size and len(shards) > 1:
            yield from [(waiting, "")] if waiting else []
            yield from ((run, shards[0].path) for run in _runs(shards, size))
            waiting = []
        elif waiting and _size(waiting) + _size(shards) > size:
            yield waiting, ""
            waiting = shards
        else:
            waiting = waiting + shards
    if waiting:
        yield waiting, ""


def _runs(shards: list[Shard], size: int) -> Iterator[list[Shard]]:
    """Divide the shards of a file into runs of limited size."""
    run: list[Shard] = []
    for shard in shards:
        if run and _size(run) + shard.size > size:
            yield run
            run = []
        run.append(shard)
    yield run


def _size(shards: Iterable[Shard]) -> int:
    return sum(shard.size for shard in shards)


def _origin(shard: Shard) -> dict[str, Any]:
    files = [str(file) for file in shard.files]
    where: dict[str, Any] = {"file": files[0]} if len(files) == 1 else {"files": files}
    if isinstance(shard.piece, Chunk):
        where |= {"begin": shard.piece.begin, "size": shard.piece.size}
    elif shard.piece is not None:
        where |= {"row_groups": [shard.piece.begin, shard.piece.end]}
    return where
