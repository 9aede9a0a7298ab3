"""Why a WebSocket was closed, as an error."""

from __future__ import annotations

from smartcall._io import WireClosed
from smartcall._own_errors import broken
from smartcall.errors import (
    Fault,
    InvalidRequest,
    LimitReached,
    SmartCallError,
    Unauthenticated,
    Unavailable,
)

_KNOWN: dict[int, tuple[type[SmartCallError], int, str, Fault, str]] = {
    1001: (Unavailable, 503, "GATEWAY_ENDING", "agent", "The gateway went away: connect again."),
    1008: (
        InvalidRequest,
        400,
        "INVALID_REQUEST",
        "client",
        "A message came in too many or too small frames: send it in one.",
    ),
    1009: (
        InvalidRequest,
        413,
        "REQUEST_TOO_LARGE",
        "client",
        "A frame was larger than the gateway takes: send less.",
    ),
    1011: (SmartCallError, 500, "INTERNAL", "agent", "The gateway has a bug: tell its operator."),
    1013: (
        Unavailable,
        503,
        "TOO_MANY_SOCKETS",
        "policy",
        "The gateway has no room for more at present: connect again after some seconds.",
    ),
    4400: (
        InvalidRequest,
        400,
        "INVALID_REQUEST",
        "client",
        "The gateway did not understand a frame.",
    ),
    4401: (
        Unauthenticated,
        401,
        "TOKEN_NOT_ACCEPTED",
        "client",
        "The token of the WebSocket is not taken any more: connect again with another.",
    ),
    4429: (
        LimitReached,
        429,
        "RATE_LIMITED",
        "policy",
        "Too much was asked for again and again: ask for less.",
    ),
}
_TOKEN_REASONS = (("expired", "TOKEN_EXPIRED"), ("any more", "TOKEN_REVOKED"))


def error_of_close(closed: WireClosed) -> SmartCallError:
    """Tell why it was closed, and what to do."""
    known = _KNOWN.get(closed.code)
    if known is None:
        said = f" {closed.reason}" if closed.reason else ""
        return broken(f"the WebSocket was closed with {closed.code}{said}.")
    kind, status, reason, fault, message = known
    if closed.code == 4401:
        reason = next((name for words, name in _TOKEN_REASONS if words in closed.reason), reason)
    return kind(
        f"{message} ({closed.code}: {closed.reason})" if closed.reason else message,
        status=status,
        reason=reason,
        retryable=closed.code in {1001, 1013},
        fault=fault,
    )
