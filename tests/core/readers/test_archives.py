"""Archives: honest ones are read, hostile ones refused whole."""

from __future__ import annotations

import gzip
import io
import os
import signal
import stat
import subprocess
import sys
import tarfile
import time
import zipfile

import pytest

from deepzoo.errors import DataError, UnsafeFileError
from deepzoo.readers import archives
from deepzoo.readers.archives import extract, members, read_member, read_members

FILES = {"a/one.txt": b"1" * 10, "a/two.txt": b"2" * 2000, "three.txt": b""}


def make_tar(path, files=FILES, mode="w:gz", extra=()):
    with tarfile.open(path, mode) as archive:
        for name, data in files.items():
            info = tarfile.TarInfo(name)
            info.size = len(data)
            archive.addfile(info, io.BytesIO(data))
        for info in extra:
            archive.addfile(info)
    return path


def make_zip(path, files=FILES, extra=()):
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in (*files.items(), *extra):
            archive.writestr(name, data)
    return path


@pytest.fixture(params=["w", "w:gz", "w:bz2", "w:xz", "zip"])
def archive(request, tmp_path):
    if request.param == "zip":
        return make_zip(tmp_path / "archive")
    return make_tar(tmp_path / "archive", mode=request.param)


def test_an_honest_archive_is_listed_read_and_unpacked(archive, tmp_path):
    assert [(one.name, one.size) for one in members(archive)] == [
        (name, len(data)) for name, data in FILES.items()
    ]
    assert dict(read_members(archive)) == FILES
    assert dict(read_members(archive, lambda name: name.startswith("a/"))).keys() == {
        "a/one.txt",
        "a/two.txt",
    }
    assert read_member(archive, "a/one.txt") == FILES["a/one.txt"]
    folder = extract(archive, tmp_path / "out")
    assert (folder / "a" / "two.txt").read_bytes() == FILES["a/two.txt"]


def test_a_missing_member_and_a_missing_archive_are_named(archive, tmp_path):
    with pytest.raises(DataError, match=r"no member 'nowhere\.txt'"):
        read_member(archive, "nowhere.txt")
    with pytest.raises(DataError, match="does not exist"):
        members(tmp_path / "nothing.zip")


def link(name, kind, target=""):
    info = tarfile.TarInfo(name)
    info.type, info.linkname = kind, target
    return info


HOSTILE_TARS = {
    "../x": ({"../x": b"!"}, ()),
    "a/../../x": ({"a/../../x": b"!"}, ()),
    "/tmp/x": ({"/tmp/x": b"!"}, ()),
    "C:/x": ({"C:/x": b"!"}, ()),
    "a\\..\\x": ({"a\\..\\x": b"!"}, ()),
    "symbolic": ({}, (link("symbolic", tarfile.SYMTYPE, "/etc/passwd"),)),
    "hard": ({}, (link("hard", tarfile.LNKTYPE, "../../x"),)),
    "device": ({}, (link("device", tarfile.CHRTYPE),)),
    "pipe": ({}, (link("pipe", tarfile.FIFOTYPE),)),
    "A/ONE.txt": ({"A/ONE.txt": b"!"}, ()),
    "./a//one.txt": ({"./a//one.txt": b"!"}, ()),
}


@pytest.mark.parametrize("name", HOSTILE_TARS)
def test_one_hostile_member_refuses_a_tar(tmp_path, name):
    files, extra = HOSTILE_TARS[name]
    path = make_tar(tmp_path / "hostile.tar.gz", {**FILES, **files}, extra=extra)
    with pytest.raises(UnsafeFileError) as caught:
        extract(path, tmp_path / "folder" / "out")
    assert caught.value.exit_code == 9
    assert repr(name) in caught.value.message
    assert list((tmp_path / "folder").glob("out*")) == []
    assert [one for one in (tmp_path / "folder").iterdir() if one.suffix != ".lock"] == []
    assert sorted(one.name for one in tmp_path.iterdir()) == ["folder", "hostile.tar.gz"]


@pytest.mark.parametrize("name", ["../x", "/x", "a/../../x", "C:x", "..\\x", "a/one.TXT"])
def test_one_hostile_member_refuses_a_zip(tmp_path, name):
    path = make_zip(tmp_path / "hostile.zip", extra=[(name, b"!")])
    with pytest.raises(UnsafeFileError, match="refused"):
        members(path)


def test_a_link_in_a_zip_is_refused(tmp_path):
    info = zipfile.ZipInfo("link")
    info.external_attr = (stat.S_IFLNK | 0o777) << 16
    path = make_zip(tmp_path / "hostile.zip", extra=[(info, b"/etc/passwd")])
    with pytest.raises(UnsafeFileError, match="'link' is a link"):
        extract(path, tmp_path / "out")


def test_a_bomb_is_refused_by_its_declared_size(tmp_path):
    path = make_zip(tmp_path / "bomb.zip", {"zeros": bytes(2**20)})
    with pytest.raises(UnsafeFileError, match=r"unpacks to 1,048,576 bytes or more, 100,000 are"):
        members(path, most_bytes=100_000)


def test_a_zip_that_lies_about_its_size_gives_no_more_than_it_declared(tmp_path):
    path = make_zip(tmp_path / "bomb.zip", {"zeros": bytes(2**20)})
    true, lie = (2**20).to_bytes(4, "little"), (1000).to_bytes(4, "little")
    path.write_bytes(path.read_bytes().replace(true, lie))
    with pytest.raises((UnsafeFileError, DataError)):
        list(read_members(path, most_bytes=100_000))


def test_a_tar_that_goes_on_for_ever_is_stopped_by_counted_bytes(tmp_path):
    path = tmp_path / "bomb.tar.gz"
    header = tarfile.TarInfo("folder")
    header.type = tarfile.DIRTYPE
    with gzip.open(path, "wb", compresslevel=1) as stream:
        for _ in range(400):  # folders have no size, so no header declares these bytes
            stream.write(header.tobuf() * 20)
    with pytest.raises(UnsafeFileError, match="refused"):
        members(path, most_bytes=1000)


def test_a_tar_whose_header_promises_too_much_is_refused_at_once(tmp_path):
    header = tarfile.TarInfo("huge")
    header.size = 10 * 2**30
    path = tmp_path / "bomb.tar"
    path.write_bytes(header.tobuf() + bytes(1024))
    with pytest.raises(UnsafeFileError, match="10,737,418,240"):
        members(path)


@pytest.mark.parametrize("cut", [0, 10, 30])
def test_a_damaged_archive_is_an_error_with_its_path(archive, cut):
    data = archive.read_bytes()
    archive.write_bytes(data[: len(data) * cut // 100])
    with pytest.raises(DataError, match="archive"):
        list(read_members(archive))


def test_a_flipped_byte_in_a_zip_is_found(tmp_path):
    path = make_zip(tmp_path / "a.zip", {"a": os.urandom(2000)})
    data = bytearray(path.read_bytes())
    data[500] ^= 1
    path.write_bytes(data)
    with pytest.raises(DataError, match="damaged"):
        list(read_members(path))


def test_damage_inside_what_is_compressed_is_an_error_with_its_path(tmp_path):
    path = tmp_path / "packed.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("a", bytes(range(256)) * 40)
    data = bytearray(path.read_bytes())
    data[40:60] = b"\xff" * 20
    path.write_bytes(data)
    with pytest.raises(DataError, match=r"packed\.zip is damaged"):
        list(read_members(path))


def test_a_failure_while_unpacking_leaves_nothing_and_the_next_try_succeeds(tmp_path, monkeypatch):
    path = make_tar(tmp_path / "a.tar.gz")
    original = archives.read_members

    def failing(*arguments, **options):
        yield from list(original(*arguments, **options))[:1]
        raise DataError("stopped")

    monkeypatch.setattr(archives, "read_members", failing)
    with pytest.raises(DataError, match="stopped"):
        extract(path, tmp_path / "out")
    assert sorted(one.name for one in tmp_path.iterdir()) == [".out.lock", "a.tar.gz"]
    monkeypatch.undo()
    assert (extract(path, tmp_path / "out") / "three.txt").exists()


CHILD = """
import sys, time
from deepzoo import archives
original = archives.read_members
def slow(*arguments, **options):
    for item in original(*arguments, **options):
        yield item
        print("one", flush=True)
        time.sleep(60)
archives.read_members = slow
archives.extract(sys.argv[1], sys.argv[2])
"""


@pytest.mark.skipif(os.name == "nt", reason="Windows has no SIGKILL")
def test_a_process_killed_while_unpacking_leaves_no_folder(tmp_path):
    path = make_tar(tmp_path / "a.tar.gz")
    arguments = [sys.executable, "-c", CHILD, str(path), str(tmp_path / "out")]
    with subprocess.Popen(arguments, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout.readline() == "one\n"
        process.send_signal(signal.SIGKILL)
    assert not (tmp_path / "out").exists()
    started = time.monotonic()
    extract(path, tmp_path / "out")
    assert time.monotonic() - started < 10
    left = [one.name for one in tmp_path.iterdir() if not one.name.endswith(".lock")]
    assert sorted(left) == ["a.tar.gz", "out"]
