"""Server-sent events: from bytes, however they are cut, to the JSON objects that they carry."""

from __future__ import annotations

import re
from typing import Any

from smartcall._json import parse_object

LONGEST = 16 * 1024 * 1024
"""The most bytes that an event may have."""

_LINE_END = re.compile(rb"\r\n|\n|\r")


class BadEvent(Exception):
    """What came is no event of a stream of ours."""


class EventReader:
    """Takes bytes, gives the events that are whole."""

    def __init__(self) -> None:
        """Begin with nothing."""
        self._rest = bytearray()
        self._read = 0
        self._seen = 0
        self._data: list[bytes] = []
        self._size = 0

    def feed(self, chunk: bytes) -> None:
        """Take more, once there is no next event."""
        del self._rest[: self._read]
        self._seen = max(0, self._seen - self._read)
        self._read = 0
        self._rest += chunk

    def next(self) -> dict[str, Any] | None:
        """Give the next event that is whole; none where more must come first. Raises BadEvent."""
        while (line := self._line()) is not None:
            if line:
                self._field(line)
            elif self._data:
                return self._event()
        if len(self._rest) + self._size > LONGEST:
            raise BadEvent(f"an event has more than {LONGEST} bytes.")
        return None

    def _line(self) -> bytes | None:
        end = _LINE_END.search(self._rest, max(self._read, self._seen))
        if end is None or (end.group() == b"\r" and end.end() == len(self._rest)):
            # Of what is there only a last carriage return may be an end: its line feed may come.
            self._seen = max(self._read, len(self._rest) - 1)
            return None
        line = bytes(self._rest[self._read : end.start()])
        self._read = end.end()
        return line

    def _field(self, line: bytes) -> None:
        name, _, value = line.partition(b":")
        if name == b"data":  # all else is a comment, or a field that says nothing to us
            self._data.append(value.removeprefix(b" "))
            self._size += len(value)

    def _event(self) -> dict[str, Any]:
        text = b"\n".join(self._data)
        self._data.clear()
        self._size = 0
        event = parse_object(text)
        if event is None:
            raise BadEvent(f"an event is no JSON object: {text[:200].decode(errors='replace')}")
        return event
