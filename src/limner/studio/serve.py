"""Runs the studio: loads what it was given, binds the port, opens the browser."""

from __future__ import annotations

import os
import secrets
import signal
import socket
import sys
import threading
import webbrowser
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import torch

from limner.errors import LimnerError
from limner.studio.addresses import address_for_others, bracketed, is_loopback, own_names
from limner.studio.app import create_app
from limner.studio.context import Folders, House
from limner.studio.guard import Entry
from limner.studio.server import INTERRUPTED, LATEST_SECONDS, Server, config_for, end_after
from limner.studio.shelf import Shelf, books_for

TOKEN_BYTES = 24
BACKLOG = 256
OPEN_LINE = (
    "The line is not encrypted: whoever can listen to this network sees what is drawn, and the token in the "
    "address. Pass it on only to those who shall come in."
)


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
    _heed_signals()
    torch.set_num_threads(1)  # steps are small; two threads would only wait for each other
    house = open_house(settings)
    local = is_loopback(settings.host)
    token = None if local else secrets.token_urlsafe(TOKEN_BYTES)
    entry = Entry(settings.host, token, house.limits, names=frozenset() if local else own_names())
    with bound(settings.host, settings.port) as listening:
        address = address_of(settings.host, listening.getsockname()[1], token)
        server = Server(config_for(create_app(house, entry), house.limits), house.hurry)
        warming = threading.Thread(target=_warm_up, args=(house,), daemon=True)
        with suppress(KeyboardInterrupt):  # the way to close it, from the moment that it is said to be open
            for sentence in sentences_about(address, local=local):
                say(sentence)
            warming.start()
            if open_page:
                webbrowser.open(address)
            server.heed()  # an interrupt in between would leave a loop that was never begun
            server.run(sockets=[listening])
    signal.signal(signal.SIGINT, lambda *_: os._exit(INTERRUPTED))
    end_after(LATEST_SECONDS, house.hurry)  # whatever a thread still does
    if warming.ident is not None:
        warming.join()  # torch aborts where the interpreter ends under a thread of its


def _heed_signals() -> None:
    """Let Ctrl-C end this process even where a script has begun it in the background, and its children too.

    Shells begin what runs in the background with SIGINT ignored, and children inherit that.
    """
    signal.signal(signal.SIGINT, signal.default_int_handler)


def sentences_about(address: str, *, local: bool) -> list[str]:
    """Return what is said when the studio is open: where, and how safe that is where others can come."""
    opened = f"The studio is open at {address}  (Ctrl-C closes it)"
    if local:
        return [opened]
    code = qr_code(address)
    return [opened, OPEN_LINE, *([code] if _can_print(code) else [])]


def qr_code(text: str) -> str:
    """Return a QR code in half blocks, for a terminal."""
    import io

    import segno

    stream = io.StringIO()
    segno.make(text, micro=False, error="l").terminal(stream, compact=True)
    return stream.getvalue().rstrip("\n")


def _can_print(text: str) -> bool:
    try:
        text.encode(sys.stdout.encoding or "ascii")
    except UnicodeEncodeError:
        return False
    return True


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
    """Return the page's address as others can open it, with the token."""
    name = bracketed(host) if is_loopback(host) else address_for_others(host)
    return f"http://{name}:{port}/" + (f"?token={token}" if token else "")


def _warm_up(house: House) -> None:
    """Take one step with each model, and read the corpus, before anybody waits for it."""
    for loaded in house.shelf:
        state = loaded.model.begin()
        loaded.model.step(next(loaded.model.network.parameters()).new_zeros(1, 5), state)
    if house.shelf.books.name is not None:
        house.shelf.books.corpus()
