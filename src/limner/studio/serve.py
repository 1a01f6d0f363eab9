"""Start the studio: load models and corpus, bind the port, open the browser."""

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
from limner.studio.access import AccessPolicy
from limner.studio.addresses import address_for_others, bracketed, is_loopback, own_names
from limner.studio.app import create_app
from limner.studio.context import StudioContext, StudioFolders
from limner.studio.model_library import ModelLibrary, corpus_source_for, opened_by_default
from limner.studio.server import INTERRUPTED, LATEST_SECONDS, Server, config_for, end_after

RUNS = Path("runs")
TOKEN_BYTES = 24
BACKLOG = 256
OPEN_WARNING = (
    "The line is not encrypted: whoever can listen to this network sees what is drawn, and the token in the "
    "address. Pass it on only to those who shall come in."
)


@dataclass(frozen=True)
class StudioSettings:
    """What a studio is started with."""

    models: Sequence[str]
    """Those that ship with limner unless any are named."""
    corpus: str | None
    runs: Path | None
    """The folder ``runs`` unless given, made when a training begins."""
    kept: Path
    host: str
    port: int
    """0 binds any free port."""


def serve(settings: StudioSettings, *, open_page: bool, say: Callable[[str], None]) -> None:
    """Serve until interrupted.

    Parameters
    ----------
    settings : StudioSettings
    open_page : bool
        Whether to open a browser.
    say : callable
        Called with each line that is printed, such as the address.

    Raises
    ------
    LimnerError
        If a model, the corpus, a folder or the port cannot be used.
    """
    _restore_sigint()
    torch.set_num_threads(1)  # steps are too small to be shared by threads
    context = open_context(settings)
    local = is_loopback(settings.host)
    token = None if local else secrets.token_urlsafe(TOKEN_BYTES)
    policy = AccessPolicy(settings.host, token, context.limits, names=frozenset() if local else own_names())
    with listening_socket(settings.host, settings.port) as listening:
        address = address_of(settings.host, listening.getsockname()[1], token)
        server = Server(config_for(create_app(context, policy), context.limits), context.abort)
        warming = threading.Thread(target=_warm_up, args=(context,), daemon=True)
        with suppress(KeyboardInterrupt):  # closes the studio from the moment its address is printed
            for line in announcement(address, local=local):
                say(line)
            warming.start()
            if open_page:
                webbrowser.open(address)
            server.handle_sigint()  # an interrupt in between would leave a loop that was never started
            server.run(sockets=[listening])
    signal.signal(signal.SIGINT, lambda *_: os._exit(INTERRUPTED))
    end_after(LATEST_SECONDS, context.abort)  # even if a thread still runs
    if warming.ident is not None:
        warming.join()  # torch aborts the process if the interpreter exits during its work


def _restore_sigint() -> None:
    """Restore the default handler of SIGINT for this process and its children.

    A shell without job control starts background processes with SIGINT ignored, and children inherit that.
    """
    signal.signal(signal.SIGINT, signal.default_int_handler)


def announcement(address: str, *, local: bool) -> list[str]:
    """Return the lines that announce the studio: its address, and a warning if others can reach it."""
    opened = f"The studio is open at {address}  (Ctrl-C closes it)"
    if local:
        return [opened]
    code = qr_code(address)
    return [opened, OPEN_WARNING, *([code] if _can_print(code) else [])]


def qr_code(text: str) -> str:
    """Return a QR code of half-block characters for a terminal."""
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


def open_context(settings: StudioSettings) -> StudioContext:
    """Load the models, check the folders, and return the context of the studio.

    Raises
    ------
    LimnerError
        If a model, the corpus or a folder cannot be used.
    """
    if settings.runs is not None and not settings.runs.is_dir():
        raise LimnerError(f"{settings.runs} is no folder; --runs names the folder that holds runs.")
    if settings.kept.exists() and not settings.kept.is_dir():
        raise LimnerError(f"{settings.kept} is a file; --keep names a folder.")
    models = settings.models or opened_by_default()
    corpus_source = corpus_source_for(settings.corpus, models)
    if settings.corpus is not None:
        corpus_source.corpus()  # an unreadable corpus is reported now
    folders = StudioFolders(settings.kept.resolve(), (settings.runs or RUNS).resolve())
    return StudioContext(ModelLibrary(models, corpus_source), folders)


def listening_socket(host: str, port: int) -> socket.socket:
    """Return a socket that listens on a port; connections queue from now on.

    Raises
    ------
    LimnerError
        If the port is in use, or the address does not belong to this machine.
    """
    listening = None
    try:
        family, kind, proto, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        listening = socket.socket(family, kind, proto)
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind(address)
        listening.listen(BACKLOG)  # before the address is printed and opened
    except OSError as error:
        if listening is not None:
            listening.close()
        reason = (error.strerror or str(error)).lower()
        raise LimnerError(f"Cannot serve at {host}:{port}: {reason}; choose another --port.") from error
    return listening


def address_of(host: str, port: int, token: str | None) -> str:
    """Return the URL of the page, with the token, as other machines can open it if they may."""
    name = bracketed(host) if is_loopback(host) else address_for_others(host)
    return f"http://{name}:{port}/" + (f"?token={token}" if token else "")


def _warm_up(context: StudioContext) -> None:
    """Run one step of each model and read the corpus, so that the first request does not wait for it."""
    for entry in context.library:
        state = entry.model.begin()
        entry.model.step(next(entry.model.network.parameters()).new_zeros(1, 5), state)
    if context.library.corpus_source.name is not None:
        context.library.corpus_source.corpus()
