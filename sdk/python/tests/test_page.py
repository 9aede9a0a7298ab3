"""Every example of the page docs/sdk-python.md, and of the package's own, run one after another."""

from __future__ import annotations

import contextlib
import io
import re
from typing import Any

import pytest
from mesh import ROOT, Mesh
from pages import blocks_of, played

PAGE = ROOT / "docs" / "sdk-python.md"


def promised(block: str) -> list[str]:
    """What the block says that it prints, behind what prints it."""
    said = [part for each in re.findall(r"\)  # (.*)", block) for part in each.split(" | ")]
    return [line.replace("echo ", "scripted ") for line in said]


def test_the_examples_of_the_page_print_what_they_say(
    mesh: Mesh, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TOKEN", mesh.tokens["user"])
    blocks = blocks_of(PAGE)
    assert len(blocks) == 6
    names: dict[str, Any] = {}
    clients: list[Any] = []
    for block in blocks:
        printed = io.StringIO()
        with contextlib.redirect_stdout(printed):
            exec(compile(played(block, mesh), PAGE.name, "exec"), names)
        clients.append(names["client"])
        lines = [line.strip() for line in printed.getvalue().splitlines()]
        assert sorted(lines) == sorted(promised(block))
    for client in clients:
        client.close()


def test_the_page_of_the_package_leads_nowhere_outside_of_it() -> None:
    links = re.findall(r"\]\(([^)]*)\)", (ROOT / "sdk" / "python" / "README.md").read_text())
    assert [link for link in links if not link.startswith("https://")] == []


def test_the_example_of_the_package_runs(mesh: Mesh, capsys: pytest.CaptureFixture[str]) -> None:
    (block,) = blocks_of(ROOT / "sdk" / "python" / "README.md")
    trusting = played(block, mesh).replace("token=", f'verify="{mesh.ca}", token=')
    exec(compile(trusting, "README.md", "exec"), {"fetch_token": lambda: mesh.tokens["user"]})
    assert capsys.readouterr().out == "Hello"
