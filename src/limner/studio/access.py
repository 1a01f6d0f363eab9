"""Access control: checks of every request before a route sees it, and security headers on every answer.

Plain ASGI middleware, so that it covers pages, the HTTP API and WebSockets alike.
"""

from __future__ import annotations

import asyncio
import json
import secrets
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from http.cookies import CookieError, SimpleCookie
from urllib.parse import parse_qsl, quote, urlencode

from fastapi import HTTPException
from starlette.datastructures import Headers
from starlette.requests import ClientDisconnect
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from limner.studio.addresses import LOOPBACK_NAMES, bracketed, is_loopback
from limner.studio.limits import Limits

COOKIE = "limner-studio"
QUERY = "token"
HEADERS = {
    "Content-Security-Policy": (
        "default-src 'self'; img-src 'self' data: blob:; media-src 'self' blob:; object-src 'none'; "
        "base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(self), microphone=(), geolocation=()",
    "Cache-Control": "no-cache",
}


@dataclass(frozen=True)
class AccessPolicy:
    """Who may send requests, and how large they may be."""

    host: str = "127.0.0.1"
    """Address that the server is bound to."""
    token: str | None = None
    """Secret that every visitor must present; None on the loopback interface."""
    limits: Limits = field(default_factory=Limits)
    uploads: tuple[str, ...] = ("/api/scan", "/api/runs/hand/pictures")
    """Paths that accept bodies of ``upload_bytes``."""
    names: frozenset[str] = frozenset()
    """Host names of this machine that requests may name; its addresses are always accepted."""

    @property
    def local(self) -> bool:
        """Whether only this machine can connect."""
        return is_loopback(self.host)


class AccessMiddleware:
    """ASGI middleware that refuses foreign hosts and origins, missing tokens and oversized bodies.

    Parameters
    ----------
    app : ASGI application
    policy : AccessPolicy

    Raises
    ------
    ValueError
        If the server is bound to anything but the loopback interface and there is no token.
    """

    def __init__(self, app: ASGIApp, policy: AccessPolicy) -> None:
        if not policy.local and not policy.token:
            raise ValueError("a studio that others can reach needs a token")
        self.app, self.policy = app, policy

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on to the application, or refuse it."""
        if scope["type"] not in ("http", "websocket"):
            await self.app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        refusal = self._refusal(scope, headers)
        if refusal is not None:
            await _refuse(scope, send, *refusal)
        elif scope["type"] == "websocket":
            await self.app(scope, receive, send)
        elif self.policy.token and scope["method"] == "GET" and _query_token(scope) == self.policy.token:
            await _store_token(scope, send, self.policy.token)
        else:
            await self._pass(scope, receive, send)

    def _refusal(self, scope: Scope, headers: Headers) -> tuple[int, str] | None:
        host = headers.get("host", "")
        if not self._names_this_machine(_name_of(host), scope):
            own = "the names localhost and 127.0.0.1" if self.policy.local else "this machine's own addresses"
            return 421, f"This studio answers to {own} only."
        if len(headers.getlist("host")) != 1:
            return 400, "A request names one host."
        if _is_foreign(scope, headers, host):
            return 403, "Requests from other pages are refused."
        if self.policy.token and not self._has_token(scope, headers):
            return 401, "Open the address that limner studio printed: it carries the token."
        length = headers.get("content-length", "0")
        if not length.isdecimal() or len(length) > 15 or int(length) > self._max_bytes(scope):
            return 413, f"A request holds {self._max_bytes(scope)} bytes at most."
        return None

    def _names_this_machine(self, name: str, scope: Scope) -> bool:
        """Return whether ``name`` means this machine: one of its names, or the address of the connection."""
        if name in LOOPBACK_NAMES:
            return True
        arrived = bracketed(str((scope.get("server") or ("",))[0]))
        return not self.policy.local and bool(name) and (name == arrived or name in self.policy.names)

    def _has_token(self, scope: Scope, headers: Headers) -> bool:
        bearer = headers.get("authorization", "").removeprefix("Bearer ")
        given = (_query_token(scope) or "", _cookie(headers), bearer)
        expected = (self.policy.token or "").encode()
        return any(secrets.compare_digest(token.encode(), expected) for token in given)

    def _max_bytes(self, scope: Scope) -> int:
        limits = self.policy.limits
        is_upload = scope["path"] in self.policy.uploads
        return limits.upload_bytes if is_upload else limits.body_bytes

    async def _pass(self, scope: Scope, receive: Receive, send: Send) -> None:
        body = _Body(receive, self._max_bytes(scope), self.policy.limits)
        started = False

        async def answer(message: Message) -> None:
            nonlocal started
            if message["type"] == "http.response.start":
                started = True
                message = {**message, "headers": _add_headers(message["headers"], HEADERS)}
            await send(message)

        try:
            await self.app(scope, body, answer)
        except HTTPException as error:  # raised by the body and not handled by the application
            if not started:
                await _refuse(scope, send, error.status_code, error.detail)
        except ClientDisconnect:  # nobody receives an answer
            pass
        except asyncio.CancelledError:  # the studio shuts down
            with suppress(Exception):
                await _refuse(scope, send, 503, "The studio is being closed.")


class _Body:
    """The body of a request as it arrives, limited in size and time.

    The deadline counts from the start of the request and moves by ``1 / body_rate`` seconds per byte.
    """

    def __init__(self, receive: Receive, max_bytes: int, limits: Limits) -> None:
        self._receive, self._left, self._rate = receive, max_bytes, limits.body_rate
        self._until = asyncio.get_running_loop().time() + limits.body_seconds
        self._complete = False

    async def __call__(self) -> Message:
        if self._complete:
            return await self._receive()  # the disconnection, whenever it comes
        try:
            async with asyncio.timeout_at(self._until):
                message = await self._receive()
        except TimeoutError:
            raise HTTPException(408, "The request took too long to arrive.") from None
        size = len(message.get("body", b""))
        self._left -= size
        self._until += size / self._rate
        if self._left < 0:
            raise HTTPException(413, "The request is too large.")
        self._complete = not message.get("more_body", False)
        return message


def _name_of(host: str) -> str:
    """Return ``name:port`` or ``[address]:port`` without the port."""
    name, _, port = host.rpartition(":")
    return (name if port.isdecimal() and name else host).lower().rstrip(".")


def _is_foreign(scope: Scope, headers: Headers, host: str) -> bool:
    origin = headers.get("origin")
    if origin is not None:
        return origin.partition("://")[2].lower() != host.lower()
    is_cross_site = headers.get("sec-fetch-site", "same-origin") in ("cross-site", "same-site")
    is_navigation = headers.get("sec-fetch-mode") == "navigate" and scope.get("method") == "GET"
    return is_cross_site and not is_navigation


def _query_token(scope: Scope) -> str | None:
    return dict(parse_qsl(scope["query_string"].decode("latin-1"))).get(QUERY)


def _cookie(headers: Headers) -> str:
    try:
        jar = SimpleCookie(headers.get("cookie", ""))
    except CookieError:
        return ""
    return jar[COOKIE].value if COOKIE in jar else ""


async def _store_token(scope: Scope, send: Send, token: str) -> None:
    """Store the token of the query string in a cookie, and redirect to the address without it."""
    rest = [(k, v) for k, v in parse_qsl(scope["query_string"].decode("latin-1")) if k != QUERY]
    location = "/" + quote(scope["path"].lstrip("/")) + ("?" + urlencode(rest) if rest else "")
    cookie = f"{COOKIE}={token}; Path=/; HttpOnly; SameSite=Strict; Max-Age=2592000"
    await _answer(send, 303, b"", {"Location": location, "Set-Cookie": cookie})


async def _refuse(scope: Scope, send: Send, status: int, detail: str) -> None:
    if scope["type"] == "websocket":
        await send({"type": "websocket.close", "code": 1008, "reason": detail})
        return
    body = json.dumps({"detail": detail}).encode()
    await _answer(send, status, body, {"Content-Type": "application/json", "Connection": "close"})


async def _answer(send: Send, status: int, body: bytes, extra: Mapping[str, str]) -> None:
    headers = _add_headers([(b"content-length", str(len(body)).encode())], {**HEADERS, **extra})
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})


def _add_headers(headers: list[tuple[bytes, bytes]], more: Mapping[str, str]) -> list[tuple[bytes, bytes]]:
    """Add headers, but keep existing ones as they are."""
    present = {name.lower() for name, _ in headers}
    new = [(name.lower().encode(), value.encode("latin-1")) for name, value in more.items()]
    return [*headers, *((name, value) for name, value in new if name not in present)]
