"""What is shipped: a wheel and a source archive with the intended files and no others."""

import json
import os
import shlex
import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path

import pytest
from PIL import Image, ImageDraw

import deepzoo

ROOT = Path(__file__).parents[2]
IGNORED = {"__pycache__", ".DS_Store"}
MEGABYTE = 2**20


def run(*arguments, **options):
    done = subprocess.run(
        [sys.executable, *map(str, arguments)],
        capture_output=True,
        text=True,
        check=False,
        **options,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    """Builds both archives without a network, with the hatchling that is installed."""
    pytest.importorskip("build")
    pytest.importorskip("hatchling")
    folder = tmp_path_factory.mktemp("dist")
    run("-m", "build", "--no-isolation", "--outdir", folder, ROOT, cwd=folder)
    return folder


def files_below(*folders):
    """Lists the project's files below its source roots, as the wheel should name them."""
    found = set()
    for folder in folders:
        for path in (ROOT / folder).rglob("*"):
            parts = path.relative_to(ROOT / folder).parts
            if path.is_file() and not IGNORED & set(parts) and ".egg-info" not in str(path):
                found.add("/".join(parts))
    return found


def names_of_wheel(folder):
    (wheel,) = folder.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        return wheel, set(archive.namelist())


def test_the_wheel_holds_core_and_plugins_and_nothing_else(built):
    wheel, names = names_of_wheel(built)
    metadata = {
        name for name in names if name.startswith(f"deepzoo-{deepzoo.__version__}.dist-info/")
    }
    assert names - metadata == files_below("src", "plugins") - {"README.md"}
    assert {Path(name).name for name in metadata} == {
        "METADATA", "WHEEL", "RECORD", "LICENSE", "entry_points.txt"
    }  # fmt: skip
    assert wheel.stat().st_size < 30 * MEGABYTE


def test_the_wheel_is_typed_and_declares_its_plugins(built):
    wheel, names = names_of_wheel(built)
    assert "deepzoo/py.typed" in names
    with zipfile.ZipFile(wheel) as archive:
        (entry,) = (name for name in names if name.endswith("entry_points.txt"))
        entries = archive.read(entry).decode()
    packages = {
        path.name for path in (ROOT / "plugins").iterdir() if (path / "__init__.py").exists()
    }
    for package in packages:
        assert f"= {package}" in entries


def test_the_source_archive_can_be_tested_and_holds_no_litter(built):
    (archive,) = built.glob("*.tar.gz")
    with tarfile.open(archive) as opened:
        names = {member.name.partition("/")[2] for member in opened.getmembers() if member.isfile()}
    for needed in ("pyproject.toml", "README.md", "LICENSE", "Makefile", "CHANGELOG.md"):
        assert needed in names
    for folder in ("src", "plugins", "tests", "docs", "examples", "scripts"):
        assert {name for name in names if name.startswith(f"{folder}/")} == {
            f"{folder}/{name}" for name in files_below(folder)
        }
    hidden = {name for name in names if name.startswith(".") and name != ".gitignore"}
    assert not hidden
    assert not any(".venv" in name or "__pycache__" in name for name in names)


def test_an_index_would_accept_both(built):
    pytest.importorskip("twine")
    assert "FAILED" not in run("-m", "twine", "check", "--strict", *sorted(built.iterdir()))


def test_the_installed_wheel_answers_away_from_the_checkout(built, tmp_path):
    wheel, _ = names_of_wheel(built)
    target = tmp_path / "site"
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(target)
    environment = {**os.environ, "PYTHONPATH": str(target), "DEEPZOO_HOME": str(tmp_path / "home")}
    environment["DEEPZOO_DATA"] = ""
    text = "import deepzoo; print(deepzoo.__file__)"
    assert str(target) in run("-c", text, cwd=tmp_path, env=environment)
    image = Image.new("L", (200, 200), 255)
    ImageDraw.Draw(image).line([(100, 30), (100, 170)], fill=0, width=16)
    for name in ("photo.png", "digit.png", "scan.jpg"):
        image.save(tmp_path / name)
    listed = run("-m", "deepzoo", "tasks", "--json", cwd=tmp_path, env=environment)
    examples = [example for task in json.loads(listed) for example in task["examples"]]
    assert examples
    for example in examples:
        assert run("-m", *shlex.split(example), cwd=tmp_path, env=environment).strip(), example
