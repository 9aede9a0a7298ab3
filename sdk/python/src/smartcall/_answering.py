"""Follows the events of one answer, from the first to the last, and holds them to the contract."""

from __future__ import annotations

from smartcall._json import JsonObject, object_at, text_at
from smartcall._own_errors import broken
from smartcall._refusal import read_event_error
from smartcall.answers import Answer, Piece, read_usage
from smartcall.errors import SmartCallError


class Answering:
    """An answer that comes event by event."""

    def __init__(self) -> None:
        """Begin before the first event."""
        self.request_id = ""
        self.answer: Answer | None = None
        self._pieces: list[str] = []
        self._sequence = 0
        self._call_id = ""

    @property
    def text(self) -> str:
        """What was answered so far."""
        if len(self._pieces) > 1:
            self._pieces = ["".join(self._pieces)]
        return self._pieces[0] if self._pieces else ""

    def take(self, event: JsonObject) -> Piece | None:
        """Take the next event; none that says nothing is a piece. Raises how the answer failed."""
        if self.answer is not None:
            raise self.failed(broken("an event came after the last one."))
        self._sequence += 1
        sequence = event.get("sequence")
        if sequence != self._sequence:
            raise self.failed(
                broken(f"event {self._sequence} is missing, and {sequence} came in its place.")
            )
        self._call_id = text_at(event, "callId") or self._call_id
        error = object_at(event, "error")
        if error is not None:
            raise self.failed(read_event_error(error, request_id=self.request_id))
        done = object_at(event, "done")
        if done is not None:
            self.answer = Answer(
                text=self.text,
                message={"role": "assistant", "content": self.text},
                finish_reason=text_at(done, "finishReason"),
                usage=read_usage(done),
                call_id=self._call_id,
                request_id=self.request_id,
            )
            return None
        delta = object_at(event, "delta")
        if delta is None:
            return None
        text = text_at(delta, "content")
        if not text:
            return None
        self._pieces.append(text)
        return Piece(text)

    def failed(self, error: SmartCallError) -> SmartCallError:
        """Say in the error what was answered until then, and in which request."""
        self.answer = None
        error.text_so_far = self.text
        error.request_id = error.request_id or self.request_id
        return error
