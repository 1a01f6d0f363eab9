"""The rooms of the studio: one router each, in the order in which they were added.

A room is a module here with a ``router`` (its routes begin with ``/api/``), one line in this list, a folder
of ES modules in ``static/rooms``, and one line in ``static/shell/rooms.js``. Routes reach models, folders and
workers through a parameter of type :data:`limner.studio.house.HouseHere`.
"""

from __future__ import annotations

from fastapi import APIRouter

from limner.studio import draw, export, keep, lobby, map_room, morph, runs, scan

ROUTERS: tuple[APIRouter, ...] = (
    lobby.router,
    draw.router,
    morph.router,
    keep.router,
    export.router,
    scan.router,
    runs.router,
    map_room.router,
)
