"""Reads why the gateway or an agent refused: the envelope of HTTP, and the `error` of an event."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timezone
from email.utils import parsedate_to_datetime
from typing import Any

from smartcall._json import JsonObject, list_at, object_at, parse_object, text_at
from smartcall.errors import (
    BudgetSpent,
    Cancelled,
    DeadlineExceeded,
    Fault,
    FieldViolation,
    Forbidden,
    InvalidRequest,
    LimitReached,
    NotFound,
    SmartCallError,
    StreamBroken,
    Unauthenticated,
    Unavailable,
)

_TYPES = "type.googleapis.com/google.rpc."
_FAULTS: Mapping[str, Fault] = {
    "client": "client",
    "policy": "policy",
    "agent": "agent",
    "provider": "provider",
}
_STATUS_OF_CODE: Mapping[Any, int] = {
    1: 499,
    3: 400,
    4: 504,
    5: 404,
    6: 409,
    7: 403,
    8: 429,
    9: 400,
    10: 409,
    11: 400,
    12: 501,
    14: 503,
    16: 401,
}
"""What AIP-193 gives gRPC's codes; all others are 500."""
_KINDS: Mapping[int, type[SmartCallError]] = {
    401: Unauthenticated,
    403: Forbidden,
    404: NotFound,
    408: DeadlineExceeded,
    429: LimitReached,
    499: Cancelled,
    502: Unavailable,
    503: Unavailable,
    504: DeadlineExceeded,
}
_SHOWN = 200
"""How many characters are shown of a body that is none of ours."""


def read_response(status: int, headers: Mapping[str, str], body: bytes) -> SmartCallError:
    """Read a response that is no answer. The names of headers are in lower case."""
    request_id = headers.get("x-request-id", "")
    waits = _seconds(headers.get("retry-after"))
    envelope = parse_object(body)
    inner = None if envelope is None else object_at(envelope, "error")
    if inner is not None:
        return read_refusal(inner, status=status, request_id=request_id, retry_after=waits)
    shown = body[: _SHOWN * 4].decode("utf-8", "replace")[:_SHOWN].strip()
    return _kind(status, "")(
        f"The gateway answered {status} with no JSON of ours: {shown or '(nothing)'}",
        status=status,
        reason=f"HTTP_{status}",
        request_id=request_id,
        # Something on the way refused it, and said when to come back: no agent had the call.
        retryable=status in {429, 503} and waits is not None,
        retry_after=waits,
    )


def read_event_error(error: JsonObject, *, request_id: str = "") -> SmartCallError:
    """Read the `error` of an event: a google.rpc.Status, whose code is gRPC's."""
    status = _STATUS_OF_CODE.get(error.get("code"), 500)
    return read_refusal(error, status=status, request_id=request_id)


def read_refusal(
    error: JsonObject,
    *,
    status: int | None = None,
    request_id: str = "",
    retry_after: float | None = None,
) -> SmartCallError:
    """Read the inner object of the envelope; its own code is HTTP's where no status is given."""
    if status is None:
        code = error.get("code")
        status = code if isinstance(code, int) else 500
    details = list_at(error, "details")
    info = next(_details(details, "ErrorInfo"), {})
    metadata = object_at(info, "metadata") or {}
    again = next(_details(details, "RetryInfo"), {})
    delay = _duration(text_at(again, "retryDelay"))
    reason = text_at(info, "reason") or text_at(error, "status") or f"HTTP_{status}"
    message = text_at(error, "message") or "The call was refused, and nothing says why."
    return _kind(status, reason)(
        message,
        status=status,
        reason=reason,
        request_id=text_at(metadata, "requestId") or request_id,
        retryable=text_at(metadata, "retry") == "yes",
        retry_after=retry_after if delay is None else delay,
        details=details,
        fault=_FAULTS.get(text_at(metadata, "fault")),
        rule=text_at(metadata, "rule") or None,
        fields=[
            FieldViolation(text_at(each, "field"), text_at(each, "description"))
            for bad in _details(details, "BadRequest")
            for each in list_at(bad, "fieldViolations")
        ],
    )


def _kind(status: int, reason: str) -> type[SmartCallError]:
    if reason == "STREAM_BROKEN":
        return StreamBroken
    if reason == "BUDGET_SPENT":
        return BudgetSpent
    known = _KINDS.get(status)
    if known is not None:
        return known
    return InvalidRequest if 400 <= status < 500 else SmartCallError


def _details(details: Sequence[JsonObject], name: str) -> Iterator[JsonObject]:
    return (each for each in details if each.get("@type") == _TYPES + name)


def _duration(text: str) -> float | None:
    return _number(text[:-1]) if text.endswith("s") else None


def _seconds(header: str | None) -> float | None:
    """Read `retry-after`: seconds, or a date."""
    if header is None:
        return None
    seconds = _number(header)
    if seconds is not None:
        return seconds
    try:
        date = parsedate_to_datetime(header)
    except ValueError:
        return None
    at = date if date.tzinfo else date.replace(tzinfo=timezone.utc)
    return max(0.0, (at - datetime.now(timezone.utc)).total_seconds())


def _number(text: str) -> float | None:
    try:
        number = float(text)
    except ValueError:
        return None
    return number if 0 <= number < float("inf") else None
