from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from limner.corpus.corpus import Corpus, Split
from limner.corpus.info import corpus_info
from limner.corpus.load import load_corpus


def test_figures() -> None:
    train = Split.from_arrays([np.array([[1, 2, 0], [3, 4, 1], [5, 6, 1]]), np.array([[0, 0, 1]])], [0, 2])
    info = corpus_info(Corpus({"train": train}, ("cat", "dog", "owl"), "int16", ("A note.",)))
    assert info["splits"] == {"train": {"n": 2, "points_mean": 2.0, "points_max": 3, "strokes_mean": 1.5}}
    assert info["n_max"] == 3
    assert info["scale_factor"] == pytest.approx(np.std([1, 2, 3, 4, 5, 6, 0, 0]))
    assert (info["dtype"], info["notes"]) == ("int16", ["A note."])
    assert info["labels"] == {"cat": 1, "dog": 0, "owl": 1}
    assert json.loads(json.dumps(info)) == info


def test_there_are_no_labels_without_names() -> None:
    assert set(corpus_info(Corpus({}))) == {"splits", "n_max", "scale_factor", "dtype", "notes"}


def test_offsets_that_training_clips_are_noted() -> None:
    rows = np.array([[0, 0, 0], [1001, -1000, 0], [-1500, 2000, 1]], np.float32)
    info = corpus_info(Corpus({"train": Split.from_arrays([rows])}))
    assert info["notes"] == ["Training clips 3 offsets beyond +-1000, as sketch-rnn does."]


def test_a_page_position_is_not_clipped() -> None:
    rows = np.array([[5000, 5000, 0], [10, 10, 1]], np.float32)
    assert corpus_info(Corpus({"train": Split.from_arrays([rows])}))["notes"] == []


@pytest.mark.slow
def test_sheep(data_dir: Path) -> None:
    info = corpus_info(load_corpus(data_dir / "stroke3" / "aaron_sheep.npz"))
    assert info["splits"]["train"]["points_mean"] == pytest.approx(125.2, abs=0.05)
    assert info["splits"]["train"]["strokes_mean"] == pytest.approx(11.6, abs=0.05)
    assert (info["n_max"], info["notes"]) == (250, [])
