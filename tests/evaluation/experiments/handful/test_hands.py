"""Hands: what is learned from and what is set aside."""

from __future__ import annotations

from pathlib import Path

import pytest

from limner.corpus.corpus import Corpus, Split
from limner.corpus.doodles.make import make_doodles
from limner.corpus.npz_writer import write_npz
from limner.errors import DataError
from limner.evaluation.experiments.handful.hands import CLASSES, Hand, read_hands
from limner.evaluation.experiments.run import DATA_VARIABLE
from limner.evaluation.protocol.set_aside import ASIDE
from limner.render.png import draw_image
from limner.strokes.drawing import Drawing


def _split(n: int, seed: int) -> Split:
    return Split.from_arrays([drawing.to_stroke3() for drawing in make_doodles(n, seed=seed)])


def _line(drawing: Drawing) -> str:
    strokes = [[stroke[:, 0].tolist(), stroke[:, 1].tolist()] for stroke in drawing.strokes]
    return f'{{"word": "x", "recognized": true, "drawing": {strokes}}}\n'


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """Return a folder with toys under the names of what the experiment reads."""
    folder = tmp_path / "data"
    (folder / "simplified").mkdir(parents=True)
    for k, name in enumerate(CLASSES):
        lines = [_line(drawing) for drawing in make_doodles(25, seed=k)]
        (folder / "simplified" / f"{name}.ndjson").write_text("".join(lines))
    whole = Corpus({"train": _split(40, 1), "valid": _split(6, 2), "test": _split(7, 3)})
    write_npz(whole, folder / "aaron_sheep.npz")
    write_npz(whole, folder / "look_i16__minn10_epsilon1.npz")
    (folder / "scans" / "sketchbook").mkdir(parents=True)
    for k, drawing in enumerate(make_doodles(4, seed=9)):
        draw_image(drawing, 300).save(folder / "scans" / "sketchbook" / f"page_{k:02d}.png")
    return folder


def _apart(hand: Hand) -> bool:
    own = {rows.tobytes() for rows in hand.learned}
    return not own & {rows.tobytes() for rows in hand.judged}


@pytest.mark.slow
def test_what_is_set_aside_is_not_learned(data: Path, tmp_path: Path) -> None:
    hands = read_hands(data, tmp_path / "cache")
    assert all(map(_apart, hands))
    classes = [hand for hand in hands if hand.label in CLASSES]
    assert [hand.size for hand in classes] == [20] * 5 + [5] * 5
    assert {len(hand.judged) for hand in classes} == {ASIDE}
    assert [len(hand.judged) for hand in hands if hand.name in ("sheep", "look")] == [7] * 3 + [6] * 3
    assert len({hand.folder for hand in classes}) == 10
    [pages] = [hand for hand in hands if hand.name == "sketchbook"]
    assert pages.label is None
    assert len(pages.judged) >= 2


def test_missing_data_is_a_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(DATA_VARIABLE, str(tmp_path / "nowhere"))
    with pytest.raises(DataError, match=r"airplane.ndjson is in none of .*--data"):
        read_hands(tmp_path, tmp_path / "cache")
