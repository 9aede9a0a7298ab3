"""A WebSocket to an agent: several conversations, whose turns are told apart here."""

from __future__ import annotations

import threading
from collections import defaultdict, deque
from contextlib import suppress

from smartcall import _ask, _json
from smartcall._caller import Caller
from smartcall._clock import Deadline
from smartcall._closes import error_of_close
from smartcall._event_stream import EventStream, Source
from smartcall._io import Wire, WireClosed
from smartcall._json import JsonObject, object_at, parse_object, text_at
from smartcall._opening import open_socket
from smartcall._options import check_conversation
from smartcall._own_errors import (
    FAULTS,
    Closed,
    Lost,
    TooLate,
    cancelled,
    of_fault,
    too_large,
    turn_runs,
)
from smartcall._plan import Plan
from smartcall._refusal import read_refusal
from smartcall._renewal import Renewal
from smartcall._room import Room
from smartcall._tokens import Token
from smartcall._turn import Turn
from smartcall.errors import SmartCallError, Unavailable

_SILENCE = 30.0
"""Seconds of silence after which the gateway is asked whether it is there, and then given up."""


class Socket:
    """Opens it, reads it, and says on it what turns say."""

    def __init__(self, caller: Caller, agent: str, plan: Plan) -> None:
        """Take whom to talk to; nothing is sent yet."""
        self.draining = False
        self.closed = False
        self.error: SmartCallError | None = None
        self._caller = caller
        self._agent = agent
        self._plan = plan
        self._wire: Wire | None = None
        self._renewal = Renewal(caller, self._say)
        self._turn_bytes = 0
        self._room = Room(caller.io.gate())
        self._leaving = False
        self._guard = threading.Lock()
        self._turns: dict[str, deque[Turn]] = defaultdict(deque)
        self._names = 0

    async def open(self) -> None:
        """Connect, and await that the gateway is ready. Raises SmartCallError."""
        if self._wire is not None:
            raise RuntimeError("This WebSocket was opened before: open another by `converse()`.")
        if self.closed:
            raise cancelled()
        deadline = self._caller.deadline(self._plan)
        try:
            opening = await self._caller.repeatedly(
                lambda token: open_socket(self._caller, self._agent, self._plan, token, deadline),
                self._plan,
                deadline,
                idempotent=True,
            )
        except FAULTS as fault:
            raise of_fault(fault) from fault
        wire = self._wire = opening.wire
        self._turn_bytes = opening.turn_bytes
        if self._leaving:  # while it was opened
            await wire.close()
            raise cancelled()
        self._caller.io.spawn(lambda: self._read(wire))
        self._renewal.begin(opening.token)

    async def close(self) -> None:
        """Close it; turns that run raise Cancelled."""
        self._leaving = True
        self._finish(Closed(), None)
        if self._wire is not None:
            await self._wire.close()

    def name(self, given: str | None) -> str:
        """Check the name, or give one that no conversation has by itself. Raises ValueError."""
        if given is not None:
            return check_conversation(given)
        with self._guard:
            self._names += 1
            return f"conversation-{self._names}"

    def ask(self, conversation: str, ask: _ask.Ask, plan: Plan) -> EventStream:
        """Make the stream of a turn. Raises ValueError or TypeError where it cannot be asked."""
        _ask.turn_of(ask, conversation, None)

        async def begin() -> Source:
            deadline = self._caller.deadline(plan)

            async def attempt(token: Token | None) -> Source:
                await self._renewal.show(token, deadline)
                return await self._begin(conversation, ask, deadline)

            self._check()
            return await self._caller.repeatedly(
                attempt,
                plan,
                deadline,
                idempotent=plan.idempotent,
                may_repeat=lambda: not (self.draining or self.closed),
                expired_unbegun=True,
            )

        return EventStream(begin)

    async def end(self, conversation: str) -> None:
        """Have the gateway forget a conversation."""
        await self._say({"type": "end", "conversation": conversation})

    def _check(self) -> None:
        if self._wire is None:
            raise RuntimeError("The WebSocket is not open: use it by `with`, or call `open()`.")
        if self.closed:
            raise cancelled() if self.error is None else self.error
        if self.draining:
            raise Unavailable(
                "The gateway is going away: open another WebSocket.",
                status=503,
                reason="GATEWAY_ENDING",
                retryable=True,
                fault="agent",
            )

    async def _begin(self, conversation: str, ask: _ask.Ask, deadline: Deadline) -> Turn:
        frame = _ask.turn_of(ask, conversation, deadline.left_ms())
        size = len(frame.encode())
        if 0 < self._turn_bytes < size:
            raise too_large(size, self._turn_bytes)

        async def leave() -> None:
            self._room.leave(turn)
            if not turn.ended:
                await self._say({"type": "cancel", "conversation": conversation})

        gate = self._caller.io.gate()
        with self._guard:
            turn = Turn(gate, deadline, hungry=self._room.changed, leave=leave)
            turns = self._turns[conversation]
            if any(not each.left for each in turns):
                raise turn_runs(conversation)
            if self.closed:
                raise Lost("the WebSocket was closed") from self.error
            turns.append(turn)
            self._room.enter(turn)
        try:
            await self._send(frame)
            await turn.first()
        except BaseException:
            await turn.close()
            raise
        return turn

    async def _read(self, wire: Wire) -> None:
        """Give every frame to whom it is for, until the socket ends."""
        try:
            while True:
                frame = await self._heard(wire)
                said = parse_object(frame)
                if said is None:
                    raise WireClosed(1006, "a frame of the gateway was no JSON object")
                self._take(said, len(frame))
                await self._room.free()
        except WireClosed as closed:
            error = error_of_close(closed)
            lost = Lost(f"the WebSocket was closed with {closed.code} {closed.reason}".rstrip())
            lost.__cause__ = error
            self._finish(lost, error)
            await wire.close()
        except BaseException:
            self._finish(Lost("the WebSocket is not read any more"), None)
            raise

    async def _heard(self, wire: Wire) -> str:
        """Await a frame; after a long silence ask whether anybody is there."""
        try:
            return await wire.receive(Deadline(self._caller.clock, _SILENCE))
        except TooLate:
            await wire.send('{"type":"ping"}')
        try:
            return await wire.receive(Deadline(self._caller.clock, _SILENCE))
        except TooLate as late:
            raise WireClosed(1006, "nothing came, to a ping neither") from late

    def _take(self, frame: JsonObject, size: int) -> None:
        kind = text_at(frame, "type")
        conversation = text_at(frame, "conversation")
        if kind == "event":
            event = object_at(frame, "event") or {}
            last = "done" in event or "error" in event
            turn = self._turn_of(conversation, last=last)
            if turn is not None:
                turn.put(event, size, last=last)
        elif kind == "refused":
            error = read_refusal(object_at(frame, "error") or {})
            if "conversation" not in frame:  # all that turns say names theirs
                self._renewal.answered(error.status)
                return
            turn = self._turn_of(conversation, last=True)
            if turn is not None:
                turn.put(error, last=True)
        elif kind == "token":
            self._renewal.answered()
        elif kind == "draining":
            self.draining = True

    def _turn_of(self, conversation: str, *, last: bool) -> Turn | None:
        """Each turn has one last frame, and they end in the order in which they were asked."""
        with self._guard:
            turns = self._turns.get(conversation)
            if not turns:
                return None
            turn = turns.popleft() if last else turns[0]
            if not turns:
                del self._turns[conversation]
        return turn

    def _finish(self, fault: Exception, error: SmartCallError | None) -> None:
        with self._guard:
            if self.closed:
                return
            self.closed = True
            self.error = error
            running = [turn for turns in self._turns.values() for turn in turns]
            self._turns.clear()
        for turn in running:
            turn.put(fault, last=True)
        self._room.end()
        self._renewal.end()

    async def _say(self, frame: JsonObject) -> None:
        with suppress(Lost):  # what it was to be told is over by itself
            await self._send(_json.write(frame))

    async def _send(self, text: str) -> None:
        if self._wire is None:
            raise RuntimeError("The WebSocket is not open: use it by `with`, or call `open()`.")
        try:
            await self._wire.send(text)
        except WireClosed as closed:
            raise Lost(str(closed)) from error_of_close(closed)
