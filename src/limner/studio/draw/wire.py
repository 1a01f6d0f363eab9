"""Messages of the drawing WebSocket ``/api/draw``, both ways.

The page sends JSON objects, told apart by ``type``; each ``turn`` is a number that the page chooses, greater
than those before:

``begin``
    Go on from this drawing. It ends any turn before it.
``steer``
    Change temperature, pace or class (``label``) of the turn while it draws.
``take``
    Go on with one of the futures alone.
``stop``
    The pen is down again: no more points.

The server answers with JSON objects

``hello`` (once, at first), ``begun``, ``done`` and ``refused``,

and with binary messages that carry points (:func:`points_frame`), little-endian:

    u8 kind (1), u8 unused, u16 n, u32 turn, then n times: u8 future, u8 pen, f32 x, f32 y

with coordinates in the units of the page. Pen 0: the stroke goes on; 1: the pen lifts after this point; 2:
the future has ended, and its coordinates mean nothing. The first point of a future begins a new stroke,
unless ``lift`` was false: then it goes on with the last one.
"""

from __future__ import annotations

import struct
from collections.abc import Sequence
from typing import Annotated, Literal

from pydantic import Field, TypeAdapter

from limner.studio.draw.session import Dot, Reason
from limner.studio.limits import Limits
from limner.studio.shapes import Name, Seed, Shape, Sketch, Temperature

Turn = Annotated[int, Field(ge=0, lt=2**32)]
Pace = Annotated[float, Field(ge=1, le=100_000, allow_inf_nan=False)]
MOST_FUTURES = Limits().futures
HEAD, DOT = struct.Struct("<BBHI"), struct.Struct("<BBff")
POINTS_KIND = 1
FRAME_DOTS = 65_535


class Begin(Shape):
    """Go on from a drawing."""

    type: Literal["begin"]
    turn: Turn
    model: Name
    sketch: Sketch
    page: Annotated[float, Field(gt=0, le=1e6)] = 1000.0
    """Shorter side of the page, in the units of the sketch."""
    futures: Annotated[int, Field(ge=1, le=MOST_FUTURES)] = 1
    seed: Seed = 0
    temperature: Temperature = 0.4
    pace: Pace = 40.0
    """Points a second."""
    label: Name | None = None
    lift: bool = True
    """Whether the pen was lifted after the last point; else its stroke goes on."""
    new_points: Annotated[int, Field(ge=1, le=2_000)] = 2_000


class Steer(Shape):
    """Change a turn while it draws; what is left out stays."""

    type: Literal["steer"]
    turn: Turn
    temperature: Temperature | None = None
    pace: Pace | None = None
    label: Name | None = None
    """A class; an empty name goes back to none."""


class Take(Shape):
    """Go on with one future alone."""

    type: Literal["take"]
    turn: Turn
    future: Annotated[int, Field(ge=0, lt=MOST_FUTURES)]


class Stop(Shape):
    """End a turn."""

    type: Literal["stop"]
    turn: Turn


class Hello(Shape):
    """The first message to a page."""

    type: Literal["hello"] = "hello"
    protocol: int = 1
    futures: int = MOST_FUTURES


class Begun(Shape):
    """A turn has begun."""

    type: Literal["begun"] = "begun"
    turn: int
    seed: int
    points: int
    """Points of the beginning that the model reads."""


class Done(Shape):
    """A turn is over: by itself, at the limit of points or time, by ``stop``, or through a fault."""

    type: Literal["done"] = "done"
    turn: int
    reason: Reason


class Refused(Shape):
    """A message was not understood, or cannot be followed."""

    type: Literal["refused"] = "refused"
    turn: int | None = None
    detail: str


ToServer = Annotated[Begin | Steer | Take | Stop, Field(discriminator="type")]
READ: TypeAdapter[Begin | Steer | Take | Stop] = TypeAdapter(ToServer)
ToPage = Hello | Begun | Done | Refused


def points_frame(turn: int, dots: Sequence[Dot]) -> bytes:
    """Pack points; see the top of this module.

    Parameters
    ----------
    turn : int
    dots : sequence of Dot
        At most 65535.
    """
    head = HEAD.pack(POINTS_KIND, 0, len(dots), turn)
    return head + b"".join(DOT.pack(*dot) for dot in dots)
