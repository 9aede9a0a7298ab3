"""The pages with examples, and the examples as they run against the mesh of the shared cases."""

from __future__ import annotations

import re
from pathlib import Path

from mesh import Mesh

ASKS = ("Hello", "And again", "one two")


def blocks_of(page: Path) -> list[str]:
    return re.findall(r"^```python\n(.*?)^```$", page.read_text(), re.MULTILINE | re.DOTALL)


def played(block: str, mesh: Mesh) -> str:
    """The same for the agent of the shared cases, which says what it is told to say."""
    for ask in ASKS:
        block = block.replace(f'"{ask}"', f'"page: say {ask}"')
    return (
        block.replace("https://localhost:8443", mesh.url)
        .replace(".smartcall/ca.pem", mesh.ca)
        .replace('"echo"', '"scripted"')
    )
