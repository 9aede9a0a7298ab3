"""What both kinds of connection say alike to httpx and websockets, and read from them."""

from __future__ import annotations

import ssl
from collections.abc import Mapping
from typing import Any

import httpx
from websockets.exceptions import ConnectionClosed, InvalidStatus

from smartcall._io import Head, Refused, Request, WireClosed
from smartcall._options import Verify
from smartcall._own_errors import unreached
from smartcall.errors import ConnectionFailed

CONNECT_TIMEOUT = 10.0
"""Seconds that opening a connection may take."""

UNREACHED = (httpx.ConnectError, httpx.ConnectTimeout, httpx.ProxyError)
"""With these nothing was sent."""

LARGEST_FRAME = 16 * 1024 * 1024
"""Bytes that a frame of a WebSocket may have."""

LIMITS = httpx.Limits(max_connections=None, max_keepalive_connections=20)
"""Calls never wait for a place: the gateway says how many there may be."""


def trust(verify: Verify) -> ssl.SSLContext:
    """Make the context that says whom to trust. Raises OSError where there is no such file."""
    if isinstance(verify, ssl.SSLContext):
        return verify
    if verify is None:
        return httpx.create_ssl_context()
    return ssl.create_default_context(cafile=verify)


def is_own(left: float | None) -> bool:
    """Tell whether the call's own time ends before that of opening a connection."""
    return left is not None and left <= CONNECT_TIMEOUT


def opening_time(left: float | None) -> float:
    """Give the seconds that opening a connection may take where so much is left."""
    return CONNECT_TIMEOUT if left is None else min(left, CONNECT_TIMEOUT)


def timeouts_of(left: float | None) -> dict[str, float | None]:
    """Give httpx's timeouts where so much is left."""
    return {"connect": opening_time(left), "read": left, "write": left, "pool": left}


def build(client: httpx.Client | httpx.AsyncClient, request: Request) -> httpx.Request:
    """Make httpx's request."""
    return client.build_request(
        request.method, request.url, headers=dict(request.headers), content=request.body
    )


def head_of(response: httpx.Response) -> Head:
    """Read the head of a response."""
    return Head(response.status_code, dict(response.headers))


def connect_options(
    headers: Mapping[str, str], context: ssl.SSLContext | None, left: float | None
) -> dict[str, Any]:
    """Give the options that a WebSocket is opened with."""
    others = {name: value for name, value in headers.items() if name != "user-agent"}
    return {
        "ssl": context,
        "additional_headers": others,
        "user_agent_header": headers.get("user-agent"),
        "compression": None,
        "open_timeout": opening_time(left),
        "close_timeout": 2,
        "ping_interval": None,  # who pauses reading hears no answer
        "max_size": LARGEST_FRAME,
    }


def refused_by(error: InvalidStatus) -> Refused:
    """Read the response that a WebSocket was answered with."""
    response = error.response
    headers = {name.lower(): value for name, value in response.headers.raw_items()}
    return Refused(Head(response.status_code, headers), bytes(response.body or b""))


def closed_by(error: ConnectionClosed) -> WireClosed:
    """Read how a WebSocket was closed."""
    frame = error.rcvd
    return WireClosed(1006, "") if frame is None else WireClosed(int(frame.code), frame.reason)


def unreached_by(url: str, error: Exception) -> ConnectionFailed:
    """Tell why no connection came about; a certificate does not get better by itself."""
    causes: list[BaseException] = []
    cause: BaseException | None = error
    while cause is not None and cause not in causes:
        causes.append(cause)
        cause = cause.__cause__ or cause.__context__
    certificate = any(isinstance(each, ssl.SSLError) for each in causes)
    return unreached(url, str(error) or type(error).__name__, retryable=not certificate)
