"""The wheel, as `make pack` builds it and docs/sdk-python.md says to install it."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path
from zipfile import ZipFile

import pytest
from mesh import ROOT, Mesh
from pages import blocks_of, played

import smartcall

PAGE = ROOT / "docs" / "sdk-python.md"
PINS = ROOT / "requirements-python-sdk.txt"


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel") / "build"
    pip = [sys.executable, "-m", "pip", "--disable-pip-version-check"]
    build = ["wheel", "--quiet", "--no-deps", "--no-build-isolation", "--wheel-dir", str(folder)]
    subprocess.run([*pip, *build, str(ROOT / "sdk" / "python")], check=True)
    (built,) = folder.iterdir()
    return built


def test_the_page_names_the_wheel_that_is_built(wheel: Path) -> None:
    assert f"pip install PATH/build/{wheel.name}\n" in PAGE.read_text()
    assert wheel.name == f"smartcall-{smartcall.__version__}-py3-none-any.whl"


def test_the_wheel_has_the_code_its_types_and_the_licence_and_nothing_else(wheel: Path) -> None:
    with ZipFile(wheel) as opened:
        names = set(opened.namelist())
        licences = [name for name in names if name.endswith("/licenses/LICENSE")]
        assert [b"Apache License" in opened.read(name) for name in licences] == [True]
    assert {"smartcall/__init__.py", "smartcall/py.typed"} <= names
    about = f"smartcall-{smartcall.__version__}.dist-info/"
    others = {name for name in names if not name.startswith((about, "smartcall/"))}
    assert others == set()


def test_the_wheel_installs_and_works_in_an_empty_folder(
    wheel: Path, mesh: Mesh, tmp_path: Path
) -> None:
    python = str(tmp_path / ".venv" / "bin" / "python")
    pins = tmp_path / "pins.txt"
    pins.write_text("\n".join(re.findall(r"^[\w-]+==[^ ]+", PINS.read_text(), re.MULTILINE)))
    lines = re.findall(r"^```sh\n(.*?)^```", PAGE.read_text(), re.MULTILINE | re.DOTALL)[0]
    quietly = {"PIP_CONSTRAINT": str(pins), "PIP_QUIET": "1", "PIP_DISABLE_PIP_VERSION_CHECK": "1"}
    subprocess.run(
        ["sh", "-e", "-c", lines.replace("PATH", str(wheel.parent.parent))],
        check=True,
        cwd=tmp_path,
        env={**os.environ, **quietly},
    )
    program = tmp_path / "program.py"
    program.write_text(played(blocks_of(PAGE)[0], mesh) + "client.close()\n")
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
    done = subprocess.run(
        [python, "-W", "error", "-X", "dev", str(program)],
        cwd=tmp_path,
        env={**kept, "TOKEN": mesh.tokens["user"]},
        capture_output=True,
        text=True,
        check=True,
    )
    assert (done.stdout, done.stderr) == ("Hello stop\n", "")
