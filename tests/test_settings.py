"""Settings to dictionaries and back."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from limner.errors import DataError, quote_list
from limner.settings import did_you_mean, flatten, from_dict, renamed, to_dict


@dataclass(frozen=True)
class Pen:
    """A part."""

    width_mm: float = 0.5
    colour: Literal["black", "red"] = "black"

    def __post_init__(self) -> None:
        if self.width_mm <= 0:
            raise ValueError(f"width_mm must be above 0, not {self.width_mm}")


@dataclass(frozen=True)
class Page:
    """The whole."""

    copies: int = 1
    title: str | None = None
    framed: bool = False
    margin: float | None = None
    pen: Pen = field(default_factory=Pen)


pages = st.builds(
    Page,
    copies=st.integers(),
    title=st.none() | st.text(),
    framed=st.booleans(),
    margin=st.none() | st.floats(allow_nan=False),
    pen=st.builds(Pen, width_mm=st.floats(1e-3, 1e3), colour=st.sampled_from(["black", "red"])),
)


@given(pages)
def test_round_trip(page: Page) -> None:
    assert from_dict(Page, to_dict(page), where="page.toml") == page


def test_what_is_none_is_left_out() -> None:
    assert to_dict(Page()) == {"copies": 1, "framed": False, "pen": {"width_mm": 0.5, "colour": "black"}}


def test_the_rest_comes_from_the_defaults() -> None:
    assert from_dict(Page, {}, where="x") == Page()
    assert from_dict(Page, {"pen": {"colour": "red"}}, where="x") == Page(pen=Pen(colour="red"))


def test_the_rest_comes_from_the_base() -> None:
    base = Page(copies=3, title="a", pen=Pen(width_mm=2.0))
    found = from_dict(Page, {"title": "b", "pen": {"colour": "red"}}, where="x", base=base)
    assert found == Page(copies=3, title="b", pen=Pen(width_mm=2.0, colour="red"))
    assert base == Page(copies=3, title="a", pen=Pen(width_mm=2.0))


def test_a_whole_number_will_do_for_a_number() -> None:
    found = from_dict(Page, {"margin": 3, "pen": {"width_mm": 2}}, where="x")
    assert (found.margin, found.pen.width_mm) == (3.0, 2.0)
    assert isinstance(found.margin, float)
    assert isinstance(found.pen.width_mm, float)


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ({"copeis": 2}, "page.toml: there is no setting 'copeis'; did you mean 'copies'?"),
        ({"pen": {"widht_mm": 2}}, "page.toml: there is no setting 'widht_mm'; did you mean 'width_mm'?"),
        (
            {"zzz": 2},
            "page.toml: there is no setting 'zzz'; known are copies, framed, margin, pen and title.",
        ),
        ({"copies": "two"}, "page.toml: copies is 'two'; a whole number is wanted."),
        ({"copies": True}, "page.toml: copies is True; a whole number is wanted."),
        ({"copies": 2.0}, "page.toml: copies is 2.0; a whole number is wanted."),
        ({"framed": 1}, "page.toml: framed is 1; true or false is wanted."),
        ({"margin": True}, "page.toml: margin is True; a number is wanted."),
        ({"margin": "wide"}, "page.toml: margin is 'wide'; a number is wanted."),
        ({"title": 3}, "page.toml: title is 3; a text is wanted."),
        ({"pen": 3}, "page.toml: pen is 3; a table is wanted."),
        ({"pen": {"colour": "blue"}}, "page.toml: colour is 'blue'; 'black' or 'red' is wanted."),
        ({"pen": {"colour": ["red"]}}, "page.toml: colour is ['red']; 'black' or 'red' is wanted."),
        ({"pen": {"width_mm": 0}}, "page.toml: width_mm must be above 0, not 0.0"),
    ],
)
def test_refusals(values: dict[str, Any], sentence: str) -> None:
    with pytest.raises(DataError) as refusal:
        from_dict(Page, values, where="page.toml")
    assert str(refusal.value) == sentence


def test_nearest_name() -> None:
    assert did_you_mean("sampel", ["sample", "train"]) == "did you mean 'sample'?"
    assert did_you_mean("x", ["sample", "train"]) == "known are sample and train."


@pytest.mark.parametrize(
    ("names", "words"), [([], ""), (["a"], "a"), (["a", "b"], "a and b"), (("a", "b", "c"), "a, b and c")]
)
def test_lists_in_sentences(names: list[str], words: str) -> None:
    assert quote_list(names) == words


def test_names_of_earlier_versions() -> None:
    values = {"train": {"start": "a", "rate": 1}, "seed": 3}
    assert renamed(values, {"train.start": "init_from", "model.kindd": "kind"}) == {
        "train": {"init_from": "a", "rate": 1},
        "seed": 3,
    }
    assert values["train"] == {"start": "a", "rate": 1}
    assert renamed({"train": 3, "seed": 4}, {"train.start": "x", "seed": "root"}) == {"train": 3, "root": 4}


@dataclass(frozen=True)
class Free:
    options: dict[str, int] = field(default_factory=dict)


def test_a_dictionary_stands_as_it_is() -> None:
    settings = from_dict(Free, {"options": {"width": 3}}, where="x")
    assert settings == Free({"width": 3})
    assert to_dict(settings) == {"options": {"width": 3}}
    with pytest.raises(DataError, match="options is 3; a table is wanted"):
        from_dict(Free, {"options": 3}, where="x")


def test_flattened_settings_have_full_names() -> None:
    assert flatten({"a": 1, "b": {"c": {"d": [2]}, "e": {}}}) == {"a": 1, "b.c.d": [2]}
    assert flatten({"size": 3}, "decoder.") == {"decoder.size": 3}
