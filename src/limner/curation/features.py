"""``Features``: feature vectors of many items, and the parquet file that holds them.

Letters: ``n`` items, ``d`` numbers of each.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from limner.curation.whitening import Whitening
from limner.errors import DataError, LimnerError
from limner.files import whole_file

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from limner.curation.items import Items

    Matrix = NDArray[np.float32]

FACTS_KEY = b"limner"
GROUP = 10_000
"""Rows that are written together."""


@dataclass(frozen=True, eq=False)
class Features:
    """Feature vectors of items.

    Parameters
    ----------
    matrix : float32 array of shape ``(n, d)``
    ids : tuple of n str
    splits, labels : tuples of n str or None
    facts : dict
        ``name``, ``version`` and ``settings`` of the embedder.
    whitening : Whitening, optional
        How later items are brought to the same ``d`` numbers.
    """

    matrix: Matrix  # (n, d)
    ids: tuple[str, ...]
    splits: tuple[str | None, ...]
    labels: tuple[str | None, ...]
    facts: dict[str, Any]
    whitening: Whitening | None = None

    def __len__(self) -> int:
        """Return the number of items."""
        return len(self.ids)

    def of(self, items: Items, path: Path) -> Features:
        """Return the features of these items, in their order.

        Raises
        ------
        DataError
            If one of them is missing; ``path`` is named.
        """
        if self.ids == items.ids:
            return self
        index = {name: i for i, name in enumerate(self.ids)}
        missing = [name for name in items.ids if name not in index]
        if missing:
            raise DataError(f"{path} has no features of {missing[0]}; make them with limner curate embed.")
        matrix = self.matrix[[index[name] for name in items.ids]]
        return Features(matrix, items.ids, items.splits, items.labels, self.facts, self.whitening)


def check_features_path(path: str | Path) -> None:
    """Refuse another suffix than ``.parquet`` before any work is done.

    Raises
    ------
    LimnerError
    """
    if not str(path).lower().endswith(".parquet"):
        raise LimnerError(f"{path}: features are written as .parquet; give a name that ends so.")


def write_features(features: Features, path: str | Path) -> None:
    """Write ``.parquet`` with ``id``, ``split``, ``label`` and ``features``, whole or not at all.

    What the features are stands under ``limner`` in the file's metadata, as JSON; the principal components,
    if there are any, under ``limner.mean`` and ``limner.components`` as float32.
    """
    import pyarrow as pa
    import pyarrow.parquet as pq

    width = features.matrix.shape[1]
    schema = pa.schema(
        [
            ("id", pa.string()),
            ("split", pa.string()),
            ("label", pa.string()),
            ("features", pa.list_(pa.float32(), width)),
        ],
        metadata={FACTS_KEY: json.dumps(features.facts), **_packed(features.whitening)},
    )
    with (
        whole_file(path) as draft,
        draft.open("wb") as file,  # arrow takes no names that are not UTF-8
        pq.ParquetWriter(file, schema, compression="zstd") as writer,
    ):
        for begin in range(0, max(1, len(features)), GROUP):
            some = slice(begin, begin + GROUP)
            numbers = pa.array(features.matrix[some].reshape(-1), pa.float32())
            rows = pa.FixedSizeListArray.from_arrays(numbers, width)
            texts = [list(column[some]) for column in (features.ids, features.splits, features.labels)]
            writer.write_table(pa.table([*texts, rows], schema=schema))


def read_features(path: str | Path) -> Features:
    """Read a file of :func:`write_features`.

    Raises
    ------
    DataError
        If the file cannot be read, or holds no features.
    """
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        with Path(path).open("rb") as stream:
            table = pq.read_table(stream)
    except (pa.ArrowException, OSError) as error:
        raise DataError(f"{path} is not a whole .parquet file; it may have been cut short.") from error
    metadata = table.schema.metadata or {}
    columns = ("id", "split", "label", "features")
    if FACTS_KEY not in metadata or not set(columns) <= set(table.column_names):
        raise DataError(f"{path} holds no features; limner curate embed writes them.")
    kind = table.schema.field("features").type
    if not pa.types.is_fixed_size_list(kind) or kind.value_type != pa.float32():
        raise DataError(f"{path}: the column features does not hold lists of float32 of one length.")
    numbers = table.column("features").combine_chunks().flatten().to_numpy(zero_copy_only=False)
    matrix = numbers.reshape(len(table), kind.list_size)
    if not np.isfinite(matrix).all():
        raise DataError(f"{path} holds features that are not finite numbers.")
    ids, splits, labels = (tuple(table.column(name).to_pylist()) for name in columns[:3])
    return Features(matrix, ids, splits, labels, *_facts(metadata, path))


def _packed(whitening: Whitening | None) -> dict[bytes, bytes]:
    if whitening is None:
        return {}
    return {
        FACTS_KEY + b".mean": whitening.mean.astype("<f4").tobytes(),
        FACTS_KEY + b".components": whitening.components.astype("<f4").tobytes(),
    }


def _facts(metadata: dict[bytes, bytes], path: str | Path) -> tuple[dict[str, Any], Whitening | None]:
    try:
        facts = json.loads(metadata[FACTS_KEY])
        if not isinstance(facts, dict) or not isinstance(facts["name"], str):
            raise ValueError("no facts")
        if FACTS_KEY + b".mean" not in metadata:
            return facts, None
        mean = np.frombuffer(metadata[FACTS_KEY + b".mean"], "<f4")
        components = np.frombuffer(metadata[FACTS_KEY + b".components"], "<f4").reshape(len(mean), -1)
    except (KeyError, ValueError) as error:
        raise DataError(f"{path} does not say what its features are; make it again.") from error
    return facts, Whitening(mean, components)
