"""What tests share: both clients, and one running mesh."""

from __future__ import annotations

from collections.abc import Iterator

import doors
import pytest
from mesh import Mesh, start_mesh


@pytest.fixture(params=["Client", "AsyncClient"])
def door(request: pytest.FixtureRequest) -> Iterator[doors.Door]:
    """Makes clients: of the kind that blocks, and of the one for asyncio."""
    kind = doors.blocking if request.param == "Client" else doors.on_a_loop
    with kind() as made:
        yield made


@pytest.fixture(scope="session")
def mesh() -> Iterator[Mesh]:
    """The running mesh of the shared cases."""
    with start_mesh() as running:
        yield running
