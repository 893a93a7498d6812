import hashlib

import pytest

from artifacts.checksum import sha256_of
from artifacts.resuming_download import ResumingDownload
from search_core import ChecksumError, DiskFullError, DownloadError, SilentProgress

CONTENT = b"the pinned file" * 1000
SHA256 = hashlib.sha256(CONTENT).hexdigest()


@pytest.fixture
def source(tmp_path):
    path = tmp_path / "mirror" / "engine file.zip"
    path.parent.mkdir()
    path.write_bytes(CONTENT)
    return path


@pytest.fixture
def download(tmp_path):
    return ResumingDownload(
        target=tmp_path / "engine.zip", sha256=SHA256, label="engine", progress=SilentProgress()
    )


def test_a_file_of_a_local_mirror_is_copied_and_verified(download, source, tmp_path):
    download.run([source.as_uri()])
    assert (tmp_path / "engine.zip").read_bytes() == CONTENT
    assert not (tmp_path / "engine.zip.part").exists()


def test_a_wrong_file_is_deleted_and_both_checksums_are_named(download, source, tmp_path):
    source.write_bytes(b"another file")
    with pytest.raises(ChecksumError) as caught:
        download.run([source.as_uri()])
    assert SHA256 in caught.value.message
    assert hashlib.sha256(b"another file").hexdigest() in caught.value.message
    assert list(tmp_path.glob("engine.zip*")) == []


def test_the_next_address_is_tried_after_a_wrong_or_missing_file(download, source, tmp_path):
    wrong = tmp_path / "mirror" / "wrong.zip"
    wrong.write_bytes(b"wrong")
    missing = tmp_path / "mirror" / "missing.zip"
    download.run([missing.as_uri(), wrong.as_uri(), source.as_uri()])
    assert sha256_of(tmp_path / "engine.zip") == SHA256


def test_when_no_address_has_it_each_reason_is_given(download, tmp_path):
    missing = [(tmp_path / name).as_uri() for name in ("a.zip", "b.zip")]
    with pytest.raises(DownloadError, match="any of 2 addresses") as caught:
        download.run(missing)
    assert "a.zip" in caught.value.message
    assert "b.zip" in caught.value.message


def test_a_copy_that_does_not_fit_is_refused(download, source, tmp_path, monkeypatch):
    monkeypatch.setattr("shutil.disk_usage", lambda _: type("Usage", (), {"free": 10})())
    with pytest.raises(DiskFullError, match=r"needs 15\.0 kB"):
        download.run([source.as_uri()])
    assert not (tmp_path / "engine.zip").exists()
