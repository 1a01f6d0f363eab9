"""After a power cut a file is the old one or the new one, whole, and what a writer has reported lasts."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from unittest import mock

import numpy as np
import pytest
import torch
from tests.trust.disk import Recorder, recording

from limner.corpus.builder import CorpusBuilder
from limner.corpus.corpus import Split
from limner.corpus.formats.registry import write_as
from limner.files import whole_folder, write_text
from limner.models.build import build_model
from limner.models.config import DecoderConfig, EncoderConfig, ModelConfig
from limner.models.weights import Card, save_weights
from limner.render.write import write_drawings
from limner.strokes.drawing import Drawing
from limner.studio.keep.folder import KeepRequest, keep_in
from limner.training.checkpoint_writer import AtomicCheckpointIO
from limner.training.memmap import write_memmap

Write = Callable[[Path, int], None]
"""Writes the first or the second of two different contents below a folder."""


def drawing(k: int) -> Drawing:
    return Drawing.from_polylines([np.array([[0.0, 0.0], [10.0 + k, 5.0], [3.0, 9.0 * k]])])


def weights(folder: Path, k: int) -> None:
    config = ModelConfig(latent_size=2, encoder=EncoderConfig(size=4), decoder=DecoderConfig(size=4))
    torch.manual_seed(k)
    save_weights(
        build_model(config),
        Card(config, 20.0, 40, 200.0, (0.0, 0.0), 30.0, 1.0),
        folder / "model.safetensors",
    )


def checkpoint(folder: Path, k: int) -> None:
    AtomicCheckpointIO().save_checkpoint({"step": torch.full((1000,), k)}, folder / "last.ckpt")


def corpus(name: str) -> Write:
    def write(folder: Path, k: int) -> None:
        builder = CorpusBuilder()
        builder.add({"train": Split.from_arrays([drawing(k).to_stroke3()] * 3)}, ())
        write_as(builder.corpus(), folder / name)

    return write


def memmap(folder: Path, k: int) -> None:
    def read(builder: CorpusBuilder) -> None:
        builder.add({"train": Split.from_arrays([drawing(k).to_stroke3()] * 3)}, ())

    with whole_folder(folder / f"cache{k}") as draft:
        write_memmap(read, draft, k, name="corpus", hold_out=0.0)


def kept(folder: Path, k: int) -> None:
    sketch = {"strokes": [[[0, 0], [10, k]]], "by": ["you"]}
    keep_in(folder, KeepRequest.model_validate({"sketch": sketch, "key": f"key-{k}"}), 10)


WRITERS: dict[str, Write] = {
    "weights": weights,
    "checkpoint": checkpoint,
    "npz": corpus("corpus.npz"),
    "parquet": corpus("corpus.parquet"),
    "ndjson": corpus("corpus.ndjson"),
    "memory-mapped corpus": memmap,
    "folder of drawings": lambda folder, k: write_drawings([drawing(k), drawing(k + 1)], folder / "sheet"),
    "sheet": lambda folder, k: write_drawings([drawing(k)], folder / "sheet.png"),
    "kept drawing": kept,
    "choices": lambda folder, k: write_text(folder / "choices.csv", f"source,choice,label\na,keep,{k}\n"),
}


def files_of(folder: Path) -> dict[str, bytes]:
    return {p.relative_to(folder).as_posix(): p.read_bytes() for p in folder.rglob("*") if p.is_file()}


def torn(recorder: Recorder, before: dict[str, bytes], after: dict[str, bytes]) -> list[str]:
    """Return the names that a power cut can leave neither old nor new."""
    return [
        name
        for state in recorder.states
        for name, content in state.items()
        if content not in (before.get(name), after.get(name))
    ]


@pytest.mark.parametrize("name", WRITERS)
def test_a_power_cut_leaves_the_old_file_or_the_new_one(name: str, tmp_path: Path) -> None:
    WRITERS[name](tmp_path, 1)
    before = files_of(tmp_path)
    with recording(tmp_path) as recorder:
        WRITERS[name](tmp_path, 2)
    after = files_of(tmp_path)
    assert before != after
    assert recorder.states
    assert not torn(recorder, before, after)


@pytest.mark.parametrize("name", WRITERS)
def test_what_is_written_lasts(name: str, tmp_path: Path) -> None:
    with recording(tmp_path) as recorder:
        WRITERS[name](tmp_path, 1)
    assert recorder.settled == files_of(tmp_path)
    assert not recorder.pending


# The harness itself ------------------------------------------------------------------------------


@contextmanager
def without_sync() -> Iterator[None]:
    with mock.patch("limner.files._to_disk"):
        yield


def test_a_writer_that_does_not_sync_is_caught(tmp_path: Path) -> None:
    with recording(tmp_path) as recorder, without_sync():
        write_text(tmp_path / "a.txt", "new")
    assert torn(recorder, {}, files_of(tmp_path)) == ["a.txt", "a.txt"]
    assert recorder.pending


def test_a_name_that_is_not_synced_is_caught(tmp_path: Path) -> None:
    with recording(tmp_path) as recorder, mock.patch("limner.files._name_to_disk"):
        write_text(tmp_path / "a.txt", "new")
    assert [name for name, _ in recorder.pending] == ["a.txt"]
