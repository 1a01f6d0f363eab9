"""The catalogue: public datasets that ``limner data get`` fetches by name."""

from __future__ import annotations

from dataclasses import dataclass
from difflib import get_close_matches
from functools import cache
from importlib.resources import files
from urllib.parse import quote

from limner.errors import DataError

_DATASETS = "https://raw.githubusercontent.com/hardmaru/sketch-rnn-datasets/master"
_QUICKDRAW = "https://storage.googleapis.com/quickdraw_dataset/sketchrnn"
_SINGLE_LINE = (
    "https://raw.githubusercontent.com/andrewlook/singleline_models/"
    "f074c0e7632076d5bef4abc069a57d0c1d2ef9f5/data/look"
)
_KANJI_CREDIT = "KanjiVG, (c) 2009-2015 Ulrich Apel"


@dataclass(frozen=True)
class CatalogueEntry:
    """A dataset.

    Parameters
    ----------
    name : str
        As users type it.
    url : str
        Where it is published.
    file : str
        Name of the file, below the cache folder.
    licence : str
    credit : str
        Whom to credit when it is used.
    about : str
        What it contains, in one line.
    sha256 : str, optional
        Of the published file, where known.
    size : int, optional
        Of the published file in bytes, where known.
    noun : str
        What it is, for sentences.
    """

    name: str
    url: str
    file: str
    licence: str
    credit: str
    about: str
    sha256: str | None = None
    size: int | None = None
    noun: str = "dataset"


_SMALL = (
    CatalogueEntry(
        name="sheep",
        url=f"{_DATASETS}/aaron_sheep/aaron_sheep.npz",
        file="aaron_sheep.npz",
        licence="CC BY-NC 4.0",
        credit="The Sheep Market, (c) 2006 Aaron Koblin",
        about="8,000 sheep drawn by a crowd",
        sha256="65f8e51e43587661798ac137a204c9e049e0d11dcd50cba372ae3ca32de8b54c",
        size=2_287_653,
    ),
    CatalogueEntry(
        name="kanji",
        url=f"{_DATASETS}/kanji/short_kanji.npz",
        file="short_kanji.npz",
        licence="CC BY-SA 3.0",
        credit=_KANJI_CREDIT,
        about="11,100 characters, strongly simplified",
        sha256="f6855ba03d58f44830499dd98e7cb99f46c970651f4f16f2d886398f34709914",
        size=1_439_856,
    ),
    CatalogueEntry(
        name="kanji-rdp100",
        url=f"{_DATASETS}/kanji/kanji.rdp100.npz",
        file="kanji.rdp100.npz",
        licence="CC BY-SA 3.0",
        credit=_KANJI_CREDIT,
        about="11,458 characters, 38 points each in the mean",
    ),
    CatalogueEntry(
        name="kanji-rdp200",
        url=f"{_DATASETS}/kanji/kanji.rdp200.npz",
        file="kanji.rdp200.npz",
        licence="CC BY-SA 3.0",
        credit=_KANJI_CREDIT,
        about="11,458 characters, 31 points each in the mean",
    ),
    CatalogueEntry(
        name="omniglot",
        url=f"{_DATASETS}/omniglot/omniglot.npz",
        file="omniglot.npz",
        licence="MIT",
        credit="Omniglot, (c) 2015 Brenden Lake",
        about="32,000 characters of fifty alphabets",
        sha256="bd5277621a8c577919491dfa729a59a8b5c216cff9e4fda9cef532db29f120c7",
        size=2_280_239,
    ),
    CatalogueEntry(
        name="look",
        url=f"{_SINGLE_LINE}/look_i16.npz",
        file="look_i16.npz",
        licence="MIT",
        credit="Single-Line models, (c) 2023 Andrew Look",
        about="1,600 single-line drawings traced from sketchbooks",
        sha256="26a708d4950b16f0628e2170fdd5f9163277f449ac7388bd734ffbebc54d07f0",
        size=1_917_666,
    ),
    CatalogueEntry(
        name="look-minn10",
        url=f"{_SINGLE_LINE}/look_i16__minn10_epsilon1.npz",
        file="look_i16__minn10_epsilon1.npz",
        licence="MIT",
        credit="Single-Line models, (c) 2023 Andrew Look",
        about="the same without short strokes, simplified",
        sha256="3e22614c4a2724e3a4cab894517531352511113424d11f8ca69afe96b71452f2",
        size=1_305_387,
    ),
)


@cache
def catalogue() -> dict[str, CatalogueEntry]:
    """Return all entries by name: the small sets, then the 345 QuickDraw classes as ``quickdraw/cat``."""
    return {entry.name: entry for entry in (*_SMALL, *map(_quickdraw, quickdraw_classes()))}


@cache
def quickdraw_classes() -> tuple[str, ...]:
    """Return the names of the 345 QuickDraw classes."""
    text = files("limner.corpus").joinpath("quickdraw_classes.txt").read_text(encoding="utf-8")
    return tuple(text.splitlines())


def find_entry(name: str) -> CatalogueEntry:
    """Return the entry of a name.

    Raises
    ------
    DataError
        If there is none of that name; the message suggests the nearest one.
    """
    if name in catalogue():
        return catalogue()[name]
    near = _nearest(name)
    advice = f"did you mean {near}?" if near else "limner data list shows what there is."
    raise DataError(f"There is no dataset {name!r}; {advice}")


def _nearest(name: str) -> str | None:
    words = {key.lower().removeprefix("quickdraw/"): key for key in catalogue()}
    words |= {key.lower(): key for key in catalogue()}  # sheep is the small set, not the QuickDraw class
    near = get_close_matches(name.lower(), words, n=1)
    return words[near[0]] if near else None


def _quickdraw(word: str) -> CatalogueEntry:
    return CatalogueEntry(
        name=f"quickdraw/{word}",
        url=f"{_QUICKDRAW}/{quote(word)}.npz",
        file=f"quickdraw/{word}.npz",
        licence="CC BY 4.0",
        credit="Quick, Draw! by Google",
        about="up to 75,000 drawings from the game",
    )
