"""Archives: honest ones are read, hostile ones refused whole."""

from __future__ import annotations

import gzip
import io
import os
import stat
import tarfile
import zipfile

import pytest

from deepzoo.errors import DataError, UnsafeFileError
from deepzoo.readers import archives, open_text, read_member, read_members
from deepzoo.runs.packing import unpack

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


def test_an_honest_archive_is_read_in_its_order(archive):
    assert list(read_members(archive)) == list(FILES.items())
    assert dict(read_members(archive, lambda name: name.startswith("a/"))).keys() == {
        "a/one.txt",
        "a/two.txt",
    }
    assert read_member(archive, "a/one.txt") == FILES["a/one.txt"]


def test_a_missing_member_and_a_missing_archive_are_named(archive, tmp_path):
    with pytest.raises(DataError, match=r"no member 'nowhere\.txt'"):
        read_member(archive, "nowhere.txt")
    with pytest.raises(DataError, match="does not exist"):
        list(read_members(tmp_path / "nothing.zip"))


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
        list(read_members(path))
    assert caught.value.exit_code == 9
    assert repr(name) in caught.value.message
    with pytest.raises(UnsafeFileError):
        read_member(path, "three.txt")
    assert [entry.name for entry in tmp_path.iterdir()] == ["hostile.tar.gz"]


@pytest.mark.parametrize("name", ["../x", "/x", "a/../../x", "C:x", "..\\x", "a/one.TXT"])
def test_one_hostile_member_refuses_a_zip(tmp_path, name):
    path = make_zip(tmp_path / "hostile.zip", extra=[(name, b"!")])
    with pytest.raises(UnsafeFileError, match="refused"):
        list(read_members(path))


def test_more_members_than_anyone_packs_are_refused(archive, monkeypatch):
    monkeypatch.setattr(archives, "MAX_MEMBERS", 2)
    with pytest.raises(UnsafeFileError, match="more than 2 members"):
        list(read_members(archive))


def test_a_link_in_a_zip_is_refused(tmp_path):
    info = zipfile.ZipInfo("link")
    info.external_attr = (stat.S_IFLNK | 0o777) << 16
    path = make_zip(tmp_path / "hostile.zip", extra=[(info, b"/etc/passwd")])
    with pytest.raises(UnsafeFileError, match="'link' is a link"):
        list(read_members(path))


def test_a_bomb_is_refused_by_its_declared_size(tmp_path):
    path = make_zip(tmp_path / "bomb.zip", {"zeros": bytes(2**20)})
    with pytest.raises(UnsafeFileError, match=r"more than 100,000 bytes: 1,048,576 or more from"):
        list(read_members(path, most_bytes=100_000))


def test_a_zip_that_lies_about_its_size_gives_no_more_than_it_declared(tmp_path):
    path = make_zip(tmp_path / "bomb.zip", {"zeros": bytes(2**20)})
    true, lie = (2**20).to_bytes(4, "little"), (1000).to_bytes(4, "little")
    path.write_bytes(path.read_bytes().replace(true, lie))
    with pytest.raises((UnsafeFileError, DataError)):
        list(read_members(path, most_bytes=100_000))


@pytest.mark.parametrize("kind", ["zip", "tar", "text", "run"])
def test_all_that_unpacks_is_held_to_the_same_limit(home, tmp_path, monkeypatch, kind):
    monkeypatch.setattr(archives, "FREE_BYTES", 1000)
    path = tmp_path / "bomb.gz"
    if kind == "text":
        path.write_bytes(gzip.compress(b"a\n" * 2**20))
    else:
        (make_tar if kind == "tar" else make_zip)(path, {"run/run.json": b" " * 2**21})
    read = {"text": open_text, "run": unpack}.get(kind, lambda path: list(read_members(path)))
    with pytest.raises(UnsafeFileError, match=r"bomb\.gz unpacks to more than [\d,]+ bytes"):
        read(path)


def test_a_tar_that_goes_on_for_ever_is_stopped_by_counted_bytes(tmp_path):
    path = tmp_path / "bomb.tar.gz"
    header = tarfile.TarInfo("folder")
    header.type = tarfile.DIRTYPE
    with gzip.open(path, "wb", compresslevel=1) as stream:
        for _ in range(400):  # folders have no size, so no header declares these bytes
            stream.write(header.tobuf() * 20)
    with pytest.raises(UnsafeFileError, match="refused"):
        list(read_members(path, most_bytes=1000))


def test_a_tar_whose_header_promises_too_much_is_refused_at_once(tmp_path):
    header = tarfile.TarInfo("huge")
    header.size = 10 * 2**30
    path = tmp_path / "bomb.tar"
    path.write_bytes(header.tobuf() + bytes(1024))
    with pytest.raises(UnsafeFileError, match="10,737,418,240"):
        list(read_members(path))


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
