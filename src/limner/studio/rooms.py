"""The rooms of the studio: one router each, in the order in which they were added.

A room is a module here, or a folder with a module ``room``, that has a ``router`` (its routes begin with
``/api/``), one line in this list, a folder of ES modules in ``static/rooms``, and one line in
``static/shell/rooms.js``. Routes reach models, folders and workers through a parameter of type
:data:`limner.studio.context.HouseHere`.
"""

from __future__ import annotations

from fastapi import APIRouter

from limner.studio import info, morph
from limner.studio.draw import room as draw
from limner.studio.keep import export
from limner.studio.keep import room as keep
from limner.studio.map import room as map_room
from limner.studio.runs import room as runs
from limner.studio.scan import room as scan

ROUTERS: tuple[APIRouter, ...] = (
    info.router,
    draw.router,
    morph.router,
    keep.router,
    export.router,
    scan.router,
    runs.router,
    map_room.router,
)
