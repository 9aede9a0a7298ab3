"""Opens a WebSocket: connects, and awaits that the gateway is ready."""

from __future__ import annotations

from dataclasses import dataclass

from smartcall import _http
from smartcall._caller import Caller
from smartcall._clock import Deadline
from smartcall._closes import error_of_close
from smartcall._io import Refused, Wire, WireClosed
from smartcall._json import number_at, object_at, parse_object, text_at
from smartcall._own_errors import TooLate, bad_answer, unreached
from smartcall._plan import Plan
from smartcall._refusal import read_response
from smartcall._tokens import Token


@dataclass(frozen=True)
class Opening:
    """A WebSocket whose gateway is ready."""

    wire: Wire
    token: Token | None
    turn_bytes: int
    """The most bytes that a turn may have; 0 where the gateway does not say."""


async def open_socket(
    caller: Caller, agent: str, plan: Plan, token: Token | None, deadline: Deadline
) -> Opening:
    """Try it once. Raises SmartCallError, TooLate."""
    left = deadline.left()
    opening = Deadline(caller.clock, _http.opening_time(left))
    url = f"ws{caller.settings.url.removeprefix('http')}{caller.path_of(agent)}:converse"
    try:
        wire = await caller.io.connect(url, plan.headers_for(token), deadline)
    except Refused as refused:
        head = refused.head
        raise read_response(head.status, head.headers, refused.body) from refused
    try:
        ready = parse_object(await wire.receive(opening)) or {}
        if text_at(ready, "type") != "ready":
            raise bad_answer("no frame `ready`", request_id="")
    except WireClosed as closed:
        raise error_of_close(closed) from closed
    except BaseException as error:
        await wire.close()
        if isinstance(error, TooLate) and not _http.is_own(left):
            raise unreached(url, "it did not say `ready`", retryable=True) from error
        raise
    return Opening(wire, token, number_at(object_at(ready, "limits") or {}, "turnBytes"))
