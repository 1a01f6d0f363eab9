"""``Room``: what a room of the studio consists of; :mod:`limner.studio.rooms` is their table."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from fastapi import APIRouter

from limner.studio.context import StudioContext

SCRIPT, STYLE = "index.js", "style.css"
BUILT_IN = Path(__file__).parent / "static" / "rooms"


def _always(_: StudioContext) -> bool:
    return True


@dataclass(frozen=True)
class Room:
    """A room: an entry of the navigation, its page and the routes that the page calls.

    Parameters
    ----------
    title : str
        Shown in the navigation.
    router : APIRouter
        Routes, whose paths begin with ``/api/``. They reach models, folders and workers by a parameter of
        type :data:`limner.studio.context.ContextDep`.
    static : Path
        Folder that is served at ``/static/rooms/NAME``. It holds ``index.js``, an ES module that exports
        ``mount(place, studio)`` (types in ``static/shell/types.js``), and may hold ``style.css``, whose
        selectors begin with ``.room-NAME``.
    icon : str
        Name of one of the icons in ``static/shell/dom.js``, or path data of SVG in a box of 24 by 24.
    available : function
        Whether a studio shows the room.
    """

    title: str
    router: APIRouter
    static: Path
    icon: str = "more"
    available: Callable[[StudioContext], bool] = _always

    @property
    def has_style(self) -> bool:
        """Whether the room has a style sheet of its own."""
        return (self.static / STYLE).is_file()


def is_room(entry: object) -> bool:
    """Return whether an object is a room whose page exists."""
    return isinstance(entry, Room) and (entry.static / SCRIPT).is_file()
