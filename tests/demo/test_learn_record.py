"""Whether a folder can be gone on with."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from limner.demo.learn_record import NAME, LearnRecord, read_record, record_to_go_on
from limner.errors import LimnerError

RECORD = LearnRecord(("/a/sketchbook",), ("sketchbook",), "sketchbook", "hand", 0, 10.0)


def test_a_new_folder(tmp_path: Path) -> None:
    assert record_to_go_on(tmp_path / "new", RECORD) is None
    assert record_to_go_on(tmp_path, RECORD) is None


def test_what_was_broken_off_goes_on(tmp_path: Path) -> None:
    done = replace(RECORD, trained_s=61.5, pages=3, unread={"a.png": "A is blank."}, drawings=4)
    done.write(tmp_path)
    assert read_record(tmp_path) == done
    assert record_to_go_on(tmp_path, replace(RECORD, minutes=2.0)) == done
    assert record_to_go_on(tmp_path, replace(RECORD, preset="")) == done


def test_other_drawings_and_finished_work_are_refused(tmp_path: Path) -> None:
    RECORD.write(tmp_path)
    with pytest.raises(LimnerError, match="was begun with sketchbook, recipe sketchbook, preset hand"):
        record_to_go_on(tmp_path, replace(RECORD, sources=("/a/other",)))
    replace(RECORD, finished=True).write(tmp_path)
    with pytest.raises(LimnerError, match=r"is done: open .*index\.html"):
        record_to_go_on(tmp_path, RECORD)


def test_folders_of_other_things(tmp_path: Path) -> None:
    (tmp_path / "thesis.txt").write_text("all of it")
    with pytest.raises(LimnerError, match="is not empty, and nothing is learnt there"):
        record_to_go_on(tmp_path, RECORD)
    with pytest.raises(LimnerError, match="is a file; name a folder"):
        record_to_go_on(tmp_path / "thesis.txt", RECORD)


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"sources": 3}', '{"sources": ["a"], "recipe": "b"}'])
def test_a_record_that_is_damaged_is_none(tmp_path: Path, text: str) -> None:
    (tmp_path / NAME).write_text(text)
    assert read_record(tmp_path) is None
