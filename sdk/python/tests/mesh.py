"""Starts the mesh of the shared cases, through real Envoy."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[3]
"""The repository."""


@dataclass(frozen=True)
class Mesh:
    """A running mesh."""

    url: str
    ca: str
    nobody: str
    tokens: dict[str, str]
    folder: str


@contextmanager
def start_mesh() -> Iterator[Mesh]:
    """Start it, and end it with the block."""
    with subprocess.Popen(
        ["node", "test/dist/sdk/mesh.js"],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as child:
        assert child.stdin is not None
        assert child.stdout is not None
        try:
            line = child.stdout.readline()
            assert line, "The mesh did not start: run `make build`, and see what it said."
            told: dict[str, Any] = json.loads(line)
            yield Mesh(**{name: told[name] for name in Mesh.__dataclass_fields__})
        finally:
            child.stdin.close()
            child.wait(30)
