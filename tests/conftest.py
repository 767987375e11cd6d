"""Fixtures of all tests: an empty home, no network, and plugins that come and go."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import types
from pathlib import Path

import pytest

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ["TF_NUM_INTEROP_THREADS"] = "1"  # as deepzoo sets it, unless a test initialises first

FAKE = Path(__file__).parent / "support" / "fake_plugin"
DATA = os.environ.get("DEEPZOO_DATA")
LOOPBACK = ("127.0.0.1", "::1", "localhost", "")


def pytest_configure(config):
    """Lets pass what Keras does with the variables of TensorFlow, which is theirs to mend."""
    config.addinivalue_line(
        "filterwarnings",
        "ignore:__array__ implementation doesn't accept a copy keyword:DeprecationWarning",
    )


@pytest.fixture(autouse=True)
def home(monkeypatch, tmp_path):
    """Gives every test a DEEPZOO_HOME of its own and the plugins of a fresh process."""
    from deepzoo.plugins import loader as plugins

    for name in ("DEEPZOO_DATA", "DEEPZOO_PLUGINS", "DEEPZOO_STRICT"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("DEEPZOO_HOME", str(tmp_path / "home"))
    plugins.reset()
    yield tmp_path / "home"
    plugins.reset()


@pytest.fixture(autouse=True)
def no_network(monkeypatch):
    """Makes the machine look offline: only this machine itself can be reached."""
    connect, resolve = socket.socket.connect, socket.getaddrinfo

    def guarded_connect(self, address):
        if isinstance(address, tuple) and address[0] not in LOOPBACK:
            raise ConnectionRefusedError(f"The tests have no network: {address[0]}")
        return connect(self, address)

    def guarded_resolve(host, *arguments, **options):
        if host is not None and host not in LOOPBACK:
            raise socket.gaierror(socket.EAI_NONAME, f"The tests have no network: {host}")
        return resolve(host, *arguments, **options)

    monkeypatch.setattr(socket.socket, "connect", guarded_connect)
    monkeypatch.setattr(socket, "getaddrinfo", guarded_resolve)


@pytest.fixture
def real_data(monkeypatch):
    """Gives the folder of real data files that DEEPZOO_DATA named outside the tests."""
    if not DATA or not Path(DATA).is_dir():
        pytest.skip("needs real data files: set DEEPZOO_DATA to their folder")
    monkeypatch.setenv("DEEPZOO_DATA", DATA)
    return Path(DATA)


@pytest.fixture
def install(monkeypatch, tmp_path):
    """Installs a distribution for this process and its children.

    Call it with the text of the modules, or with `path=` of a folder that holds them:
    `install("deepzoo-haiku", haiku="import deepzoo")`. Entry points default to one per module.
    """
    from deepzoo.plugins import loader as plugins

    def install(distribution, version="1.0", *, points=None, path=None, **modules):
        folder = tmp_path / "site" / distribution
        record = folder / f"{distribution.replace('-', '_')}-{version}.dist-info"
        record.mkdir(parents=True)
        (record / "METADATA").write_text(
            f"Metadata-Version: 2.1\nName: {distribution}\nVersion: {version}\n"
        )
        points = points or {name: name for name in modules}
        lines = [f"{name} = {value}" for name, value in points.items()]
        (record / "entry_points.txt").write_text("\n".join(["[deepzoo]", *lines, ""]))
        for name, text in modules.items():
            (folder / f"{name}.py").write_text(text, encoding="utf-8")
            monkeypatch.delitem(sys.modules, name, raising=False)
        added = [str(folder), *([str(path)] if path else [])]
        children = [*added, *os.environ.get("PYTHONPATH", "").split(os.pathsep)]
        monkeypatch.setenv("PYTHONPATH", os.pathsep.join(filter(None, children)))
        for one in reversed(added):
            monkeypatch.syspath_prepend(one)
        plugins.reset()
        return folder

    yield install
    for folder in (tmp_path / "site").glob("*"):
        for module in folder.glob("*.py"):
            sys.modules.pop(module.stem, None)


@pytest.fixture
def fake(install):
    """Installs the fake plugin and gives its package."""
    install("deepzoo-fake", "0.1", points={"fake": "deepzoo_fake"}, path=FAKE)
    import deepzoo_fake

    return deepzoo_fake


@pytest.fixture
def plugin():
    """Registers a plugin made of functions: `plugin(register_datasets=lambda: [Haiku])`."""
    from deepzoo import hookimpl
    from deepzoo.plugins.loader import load_plugins

    added = []

    def register(name="inline", distribution="deepzoo-inline", version="1.0", **functions):
        module = types.SimpleNamespace(
            **{
                key: hookimpl(value) if callable(value) else value
                for key, value in functions.items()
            }
        )
        added.append((load_plugins(), load_plugins().register(module, name, distribution, version)))
        return added[-1][1]

    yield register
    for plugins, one in added:
        plugins.unregister(one)


@pytest.fixture
def command():
    """Runs `deepzoo ...` in a process of its own; gives what `subprocess.run` returns."""

    def run(*arguments, input=None, timeout=300, **environment):
        return subprocess.run(
            [sys.executable, "-m", "deepzoo", *map(str, arguments)],
            input=input,
            capture_output=True,
            text=True,
            timeout=timeout,
            env={**os.environ, **environment},
            check=False,
        )

    return run
