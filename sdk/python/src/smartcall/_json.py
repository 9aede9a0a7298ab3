"""Reads JSON that others wrote: what is not of the type that it should be is as if absent."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

JsonObject = Mapping[str, Any]
"""An object as it came."""


def parse_object(text: str | bytes) -> dict[str, Any] | None:
    """Read an object; none where it is no JSON, or other JSON than an object."""
    try:
        value = json.loads(text)
    except (ValueError, RecursionError):
        return None
    return value if isinstance(value, dict) else None


def write(value: JsonObject) -> str:
    """Write an object, in one line. Raises ValueError or TypeError where JSON cannot say it."""
    return json.dumps(value, ensure_ascii=False, allow_nan=False, separators=(",", ":"))


def text_at(value: JsonObject, key: str) -> str:
    """Give the text that stands there, or none."""
    found = value.get(key)
    return found if isinstance(found, str) else ""


def number_at(value: JsonObject, key: str) -> int:
    """Give the whole number that stands there, or 0."""
    found = value.get(key)
    return found if isinstance(found, int) and not isinstance(found, bool) else 0


def object_at(value: JsonObject, key: str) -> dict[str, Any] | None:
    """Give the object that stands there."""
    found = value.get(key)
    return found if isinstance(found, dict) else None


def list_at(value: JsonObject, key: str) -> list[dict[str, Any]]:
    """Give the objects of the list that stands there."""
    found = value.get(key)
    return [each for each in found if isinstance(each, dict)] if isinstance(found, list) else []


def texts_at(value: JsonObject, key: str) -> tuple[str, ...]:
    """Give the texts of the list that stands there."""
    found = value.get(key)
    return tuple(each for each in found if isinstance(each, str)) if isinstance(found, list) else ()
