"""What a page shows of pages, drawings and a hand."""

from __future__ import annotations

import shlex
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from tests.demo.conftest import draw_page, drawing

from limner.corpus.corpus import Corpus, Split
from limner.demo.learn_exhibits import (
    BEGUN,
    SHOWN_DRAWINGS,
    SHOWN_PAGES,
    beginnings_exhibit,
    learnt_exhibit,
    left_out_exhibit,
    next_exhibit,
    now_exhibit,
    pages_exhibit,
)
from limner.recipes.build import build
from limner.sampling.model import Model
from limner.scan.batch import scan_files


def corpus(**sizes: int) -> Corpus:
    rows = {name: [drawing(k).to_stroke3() for k in range(n)] for name, n in sizes.items()}
    return Corpus({name: Split.from_arrays(drawings) for name, drawings in rows.items()})


@pytest.mark.slow
def test_a_few_pages_beside_their_strokes(tmp_path: Path) -> None:
    for k in range(SHOWN_PAGES + 2):
        draw_page(tmp_path / f"page-{k}.png", k)
    scan_files([tmp_path], tmp_path / "strokes", jobs=1)
    exhibit = pages_exhibit(tmp_path / "strokes")
    assert len(exhibit.cards) == SHOWN_PAGES
    assert exhibit.text.startswith(f"{SHOWN_PAGES + 2} pages, {SHOWN_PAGES} of them here.")
    photo, strokes = exhibit.cards[0].pictures()
    assert photo.startswith('<img src="data:image/jpeg;base64,')
    assert '<svg viewBox="0 0 160 200"' in strokes  # in the frame of its page
    assert strokes.count("<path") == 1
    assert exhibit.cards[0].caption.startswith("page-0: 1 stroke")


def test_pages_of_one_file(tmp_path: Path) -> None:
    """Each is shown, not the first one twice."""
    papers = [Image.new("L", (160, 200), 250 - 40 * k) for k in range(2)]
    for k, paper in enumerate(papers):
        draw_page(tmp_path / "page.png", 20 * k)
        paper.paste(Image.open(tmp_path / "page.png").point(lambda p, k=k: p - 40 * k if p > 100 else p))
    papers[0].save(tmp_path / "book.tiff", save_all=True, append_images=papers[1:])
    scan_files([tmp_path / "book.tiff"], tmp_path / "strokes")
    first, second = (card.pictures()[0] for card in pages_exhibit(tmp_path / "strokes").cards)
    assert first != second


def test_what_was_left_out_and_why(svgs: Path, tmp_path: Path) -> None:
    (svgs / "empty.svg").write_text('<svg xmlns="http://www.w3.org/2000/svg"/>')
    build([svgs], tmp_path / "corpus.npz", recipe="svg")
    exhibit = left_out_exhibit(tmp_path / "corpus.npz", {"blank.png": "blank.png is blank."})
    assert exhibit.text == "5 drawings came out of 5 that were read, by the recipe svg."
    assert exhibit.notes[0] == "blank.png is blank."
    assert any("left out" in note or "empty.svg" in note for note in exhibit.notes[1:])
    assert not any("shared out" in note for note in exhibit.notes)
    assert [link.name for link in exhibit.links] == ["corpus.report.html"]


def test_drawings_to_learn_from() -> None:
    few = learnt_exhibit(corpus(train=3))
    assert few.text.startswith("3 drawings; none is set aside to judge by. Expect lines like these")
    assert (len(few.cards), few.wall) == (3, "large")
    many = learnt_exhibit(corpus(train=100, valid=5))
    assert many.text == "100 drawings, and 5 more that are set aside to judge by."
    assert (len(many.cards), many.wall) == (SHOWN_DRAWINGS, "small")


def test_beginnings_are_of_drawings_that_were_set_aside(base: Model) -> None:
    exhibit = beginnings_exhibit(base, corpus(train=9, valid=2), 0)
    assert (
        exhibit.text == "The coloured beginning is that of a drawing that was set aside; the rest it made up."
    )
    given = exhibit.cards[0].given
    assert given is not None
    assert np.array_equal(given.points, drawing(0).points[: given.n_points])
    assert len({id(card.given) for card in exhibit.cards}) == 2 < BEGUN


def test_commands_name_these_very_paths() -> None:
    out, sources = Path("my book/mine"), ("my book/pages", "b")

    def lines(longer: float | None) -> list[list[str]]:
        exhibit = next_exhibit(out, out / "corpus.parquet", sources, longer=longer)
        return [shlex.split(command.line) for command in exhibit.commands]

    in_time, late = lines(None), lines(10)
    assert [line[1] for line in late] == ["sample", "sample", "complete", "plot", "studio", "train"]
    assert late[2][2:4] == ["my book/mine/run", "my book/mine/corpus.parquet#0"]
    assert late[5][2:] == [
        "my book/mine/corpus.parquet", "--out", "my book/mine/run", "--resume", "--minutes", "10",
    ]  # fmt: skip
    assert in_time[:5] == late[:5]
    assert in_time[5][1:] == ["learn", *sources, "--out", "my book/mine-again"]


def test_a_class_is_named_where_there_are_several() -> None:
    drawings = [drawing(k).replace(label=label) for k, label in enumerate(("cat", "cat", "bus"))]
    assert [card.caption for card in now_exhibit(drawings, "").cards] == ["cat", "cat", "bus"]
    assert [card.caption for card in now_exhibit(drawings[:2], "").cards] == ["", ""]
