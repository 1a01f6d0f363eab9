"""The table of the studio's rooms, in the order of the navigation; server and page both read it.

Other packages add a :class:`.Room` by an entry point of the group ``limner.rooms``; the page
``docs/adding/studio_room.md`` describes how.
"""

from __future__ import annotations

from limner.registry import Registry
from limner.studio.room import Room, is_room

ROOMS: Registry[Room] = Registry(
    "limner.rooms",
    "room",
    {
        "draw": "limner.studio.draw.room:ROOM",
        "morph": "limner.studio.morph:ROOM",
        "map": "limner.studio.map.room:ROOM",
        "keep": "limner.studio.keep.room:ROOM",
        "scan": "limner.studio.scan.room:ROOM",
        "runs": "limner.studio.runs.room:ROOM",
    },
    is_room,
)
