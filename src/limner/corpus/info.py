"""Figures about a corpus."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from limner.corpus.scale import OFFSET_LIMIT, moves_of, settled_blocks
from limner.corpus.text import counted

if TYPE_CHECKING:
    from limner.corpus.corpus import Corpus, Split


def corpus_info(corpus: Corpus) -> dict[str, Any]:
    """Describe a corpus in figures, ready for JSON.

    Returns
    -------
    dict
        ``splits`` ``{name: {n, points_mean, points_max, strokes_mean}}``, ``n_max``, ``scale_factor`` and
        lengths in units of the corpus, ``dtype``, ``notes``, and if there are labels, ``labels``
        ``{name: number of drawings}``.
    """
    info: dict[str, Any] = {
        "splits": {name: _split_info(split) for name, split in corpus.splits.items()},
        "n_max": corpus.n_max,
        "scale_factor": corpus.scale_factor,
        "dtype": corpus.dtype,
        "notes": [*corpus.notes, *_clip_note(corpus)],
    }
    if corpus.label_names:
        labels = np.concatenate([split.labels for split in corpus.splits.values()])
        counts = np.bincount(labels[labels >= 0], minlength=len(corpus.label_names))
        info["labels"] = dict(zip(corpus.label_names, counts.tolist(), strict=True))
    return info


def _split_info(split: Split) -> dict[str, Any]:
    lengths = split.lengths
    return {
        "n": len(split),
        "points_mean": float(lengths.mean()) if len(split) else 0.0,
        "points_max": int(lengths.max()) if len(split) else 0,
        "strokes_mean": split.strokes_mean,
    }


def _clip_note(corpus: Corpus) -> list[str]:
    moves = moves_of(corpus.splits)
    beyond = sum(
        int((np.abs(rows) > OFFSET_LIMIT).sum())
        for name, split in corpus.splits.items()
        for rows in settled_blocks(split, moves[name])
    )
    return (
        [f"Training clips {counted(beyond, 'offset')} beyond +-1000, as sketch-rnn does."] if beyond else []
    )
