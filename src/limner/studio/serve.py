"""Runs the studio: loads what it was given, binds the port, opens the browser."""

from __future__ import annotations

import secrets
import socket
import threading
import webbrowser
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import torch
import uvicorn

from limner.errors import LimnerError
from limner.studio.app import create_app
from limner.studio.guard import Entry, is_loopback
from limner.studio.house import Folders, House
from limner.studio.limits import Limits
from limner.studio.shelf import Shelf, books_for

TOKEN_BYTES = 24
GRACE_SECONDS = 3
BACKLOG = 256


@dataclass(frozen=True)
class Settings:
    """What a studio is given at start."""

    models: Sequence[str]
    corpus: str | None
    runs: Path | None
    kept: Path
    host: str
    port: int
    """0 takes any port that is free."""


def serve(settings: Settings, *, open_page: bool, say: Callable[[str], None]) -> None:
    """Serve until interrupted.

    Parameters
    ----------
    settings : Settings
    open_page : bool
        Whether a browser is opened.
    say : callable
        Is told the address.

    Raises
    ------
    LimnerError
        If a model, the corpus, a folder or the port cannot be used.
    """
    torch.set_num_threads(1)  # steps are small; two threads would only wait for each other
    house = open_house(settings)
    token = None if is_loopback(settings.host) else secrets.token_urlsafe(TOKEN_BYTES)
    entry = Entry(settings.host, token, house.limits)
    with bound(settings.host, settings.port) as listening:
        address = address_of(settings.host, listening.getsockname()[1], token)
        server = uvicorn.Server(config_for(create_app(house, entry), house.limits))
        say(f"The studio is open at {address}  (Ctrl-C closes it)")
        threading.Thread(target=_warm_up, args=(house,), daemon=True).start()
        if open_page:
            webbrowser.open(address)
        with suppress(KeyboardInterrupt):  # the way to close it
            server.run(sockets=[listening])


def open_house(settings: Settings) -> House:
    """Load the models and check the folders.

    Raises
    ------
    LimnerError
        If one of them cannot be used.
    """
    if settings.runs is not None and not settings.runs.is_dir():
        raise LimnerError(f"{settings.runs} is no folder; --runs names the folder that holds runs.")
    if settings.kept.exists() and not settings.kept.is_dir():
        raise LimnerError(f"{settings.kept} is a file; --keep names a folder.")
    books = books_for(settings.corpus, settings.models)
    if settings.corpus is not None:
        books.corpus()  # refused now rather than later
    runs = None if settings.runs is None else settings.runs.resolve()
    return House(Shelf(settings.models, books), Folders(settings.kept.resolve(), runs))


def config_for(app: object, limits: Limits) -> uvicorn.Config:
    """Settings of the server: quiet, without compression of small messages, bounded."""
    return uvicorn.Config(
        app,  # type: ignore[arg-type]
        ws="websockets-sansio",
        ws_max_size=limits.message_bytes,
        ws_per_message_deflate=False,
        log_level="warning",
        access_log=False,
        server_header=False,
        proxy_headers=False,
        timeout_graceful_shutdown=GRACE_SECONDS,
        limit_concurrency=4 * limits.sessions,
    )


def bound(host: str, port: int) -> socket.socket:
    """Take the port; visitors may queue from now on.

    Raises
    ------
    LimnerError
        If it is taken, or the address is not this machine's.
    """
    listening = None
    try:
        family, kind, proto, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        listening = socket.socket(family, kind, proto)
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind(address)
        listening.listen(BACKLOG)  # at once: the address is about to be told, and opened
    except OSError as error:
        if listening is not None:
            listening.close()
        reason = (error.strerror or str(error)).lower()
        raise LimnerError(f"Cannot serve at {host}:{port}: {reason}; choose another --port.") from error
    return listening


def address_of(host: str, port: int, token: str | None) -> str:
    """Give the page's address, with the token that opens it."""
    name = f"[{host}]" if ":" in host else host
    return f"http://{name}:{port}/" + (f"?token={token}" if token else "")


def _warm_up(house: House) -> None:
    """Take one step with each model, and read the corpus, before anybody waits for it."""
    for loaded in house.shelf:
        state = loaded.model.begin()
        loaded.model.step(next(loaded.model.network.parameters()).new_zeros(1, 5), state)
    if house.shelf.books.name is not None:
        house.shelf.books.corpus()
