"""Messages of the drawing WebSocket ``/api/draw``, in both directions.

The page sends JSON objects, distinguished by ``type``. A turn is one request to continue a drawing; each
``turn`` is a number that the page chooses, greater than those before:

``prime``
    Read a drawing that is still being drawn, so that the turn that follows begins sooner. Is not answered.
``begin``
    Continue a drawing in one or more ways (futures). Ends any earlier turn.
``steer``
    Change temperature, pace or class (``label``) of the turn while it draws.
``take``
    Continue with one of the futures alone.
``stop``
    End the turn.

The server answers with JSON objects

``hello`` (once, first), ``begun``, ``finished``, ``done`` and ``refused``,

and with binary messages that carry points (:func:`points_frame`), little-endian:

    u8 kind (1), u8 unused, u16 n, u32 turn, then n times: u8 future, u8 pen, f32 x, f32 y

with coordinates in the units of the page. Pen 0: the stroke goes on; 1: the pen is lifted after this point;
2: the future has ended, and its coordinates are meaningless. The first point of a future starts a new
stroke, unless ``lift`` was false; then it continues the last one.
"""

from __future__ import annotations

import struct
from collections.abc import Sequence
from typing import Annotated, Literal

from pydantic import Field, TypeAdapter

from limner.studio.draw.session import Dot, Reason
from limner.studio.limits import Limits
from limner.studio.schemas import Name, Schema, Seed, Sketch, Temperature

Turn = Annotated[int, Field(ge=0, lt=2**32)]
Pace = Annotated[float, Field(ge=1, le=100_000, allow_inf_nan=False)]
MOST_FUTURES = Limits().futures
HEAD, DOT = struct.Struct("<BBHI"), struct.Struct("<BBff")
POINTS_KIND = 1
FRAME_DOTS = 65_535


class Beginning(Schema):
    """A drawing on a page, for a model."""

    model: Name
    sketch: Sketch
    page: Annotated[float, Field(gt=0, le=1e6)] = 1000.0
    """Shorter side of the page, in units of the sketch."""
    label: Name | None = None


class PrimeBeginning(Beginning):
    """Read a drawing whose last stroke is still being drawn."""

    type: Literal["prime"]


class BeginTurn(Beginning):
    """Start a turn: continue a drawing."""

    type: Literal["begin"]
    turn: Turn
    futures: Annotated[int, Field(ge=1, le=MOST_FUTURES)] = 1
    seed: Seed = 0
    temperature: Temperature | None = None
    """That at which the model draws best unless given."""
    pace: Pace = 40.0
    """Points per second of each future."""
    lift: bool = True
    """Whether the pen was lifted after the last point; else its stroke goes on."""
    new_points: Annotated[int, Field(ge=1, le=2_000)] = 2_000


class SteerTurn(Schema):
    """Change a turn while it draws; omitted settings stay as they are."""

    type: Literal["steer"]
    turn: Turn
    temperature: Temperature | None = None
    pace: Pace | None = None
    label: Name | None = None
    """A class; the empty name removes the class."""


class SelectFuture(Schema):
    """Continue with one future alone."""

    type: Literal["take"]
    turn: Turn
    future: Annotated[int, Field(ge=0, lt=MOST_FUTURES)]


class StopTurn(Schema):
    """End a turn."""

    type: Literal["stop"]
    turn: Turn


class ServerHello(Schema):
    """The first message to a page."""

    type: Literal["hello"] = "hello"
    protocol: int = 1
    futures: int = MOST_FUTURES


class TurnBegun(Schema):
    """A turn has started."""

    type: Literal["begun"] = "begun"
    turn: int
    seed: int
    points: int
    """Points of the beginning, which the model reads first."""


class BeginningFinished(Schema):
    """The model takes the drawing for finished: its end is likelier than all else. Futures follow as ever."""

    type: Literal["finished"] = "finished"
    turn: int
    probability: float
    """Of the end."""


class TurnDone(Schema):
    """A turn has ended: by itself, at the limit of points or time, by ``stop``, or by an error."""

    type: Literal["done"] = "done"
    turn: int
    reason: Reason


class MessageRefused(Schema):
    """A message is malformed, or its request cannot be carried out."""

    type: Literal["refused"] = "refused"
    turn: int | None = None
    detail: str


FromPage = PrimeBeginning | BeginTurn | SteerTurn | SelectFuture | StopTurn
ToServer = Annotated[FromPage, Field(discriminator="type")]
READ: TypeAdapter[FromPage] = TypeAdapter(ToServer)
ToPage = ServerHello | TurnBegun | BeginningFinished | TurnDone | MessageRefused


def points_frame(turn: int, dots: Sequence[Dot]) -> bytes:
    """Pack points into a binary message; the module's docstring gives its layout.

    Parameters
    ----------
    turn : int
    dots : sequence of Dot
        At most 65535.
    """
    head = HEAD.pack(POINTS_KIND, 0, len(dots), turn)
    return head + b"".join(DOT.pack(*dot) for dot in dots)
