"""The errors that are told here, and not by the gateway: no answer, no connection, no time."""

from __future__ import annotations

from smartcall.errors import (
    Cancelled,
    ConnectionFailed,
    DeadlineExceeded,
    InvalidRequest,
    SmartCallError,
    StreamBroken,
)


class Lost(Exception):
    """The connection ended before what was awaited had come."""


class TooLate(Exception):
    """The time was up before what was awaited had come."""


class Closed(Exception):
    """It was closed by its own user while something was awaited."""


def broken(why: str, *, request_id: str = "") -> StreamBroken:
    """Tell that an answer stopped before its end."""
    return StreamBroken(
        f"The answer broke off: {why} What came is a part of it: call again from the beginning.",
        status=503,
        reason="STREAM_BROKEN",
        request_id=request_id,
        retryable=True,
        fault="agent",
    )


def too_late() -> DeadlineExceeded:
    """Tell that the caller's own time was up."""
    return DeadlineExceeded(
        "The answer was not whole within the timeout of the call. Give it longer, or ask for less.",
        status=504,
        reason="DEADLINE_EXCEEDED",
        fault="client",
    )


def cancelled() -> Cancelled:
    """Tell that the caller closed what it was awaiting."""
    return Cancelled(
        "The call was closed while its answer was awaited.",
        status=499,
        reason="CANCELLED",
        fault="client",
    )


def unreached(url: str, why: object, *, retryable: bool) -> ConnectionFailed:
    """Tell that the gateway was not reached."""
    remedy = (
        "Check the address, and that the gateway runs."
        if retryable
        else "Where its certificate is signed by the mesh's own authority, give that as `verify`."
    )
    return ConnectionFailed(
        f"No connection to {url}: {why}. {remedy}",
        reason="CONNECTION_FAILED",
        retryable=retryable,
    )


def bad_answer(what: str, *, request_id: str) -> SmartCallError:
    """Tell that an answer is none of ours."""
    return SmartCallError(
        f"The answer is {what}. Check that the URL is that of a Smart Call gateway.",
        status=200,
        reason="BAD_ANSWER",
        request_id=request_id,
    )


def turn_runs(conversation: str) -> InvalidRequest:
    """Tell that a conversation has one turn at a time."""
    return InvalidRequest(
        f"A turn of the conversation {conversation} runs: await its end, or close it.",
        status=409,
        reason="TURN_RUNNING",
        fault="client",
    )


def too_large(size: int, most: int) -> InvalidRequest:
    """Tell that a turn has more bytes than the gateway takes."""
    return InvalidRequest(
        f"The turn has {size} bytes, and the gateway takes {most}: send less.",
        status=413,
        reason="REQUEST_TOO_LARGE",
        fault="client",
    )


def of_fault(fault: Exception) -> SmartCallError:
    """Tell a fault of the connection as an error of the call."""
    if isinstance(fault, TooLate):
        return too_late()
    if isinstance(fault, Closed):
        return cancelled()
    return broken(f"{fault}.")


FAULTS = (Lost, TooLate, Closed)
"""What a connection may end with."""
