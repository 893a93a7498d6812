import hashlib
import random

import pytest

from artifacts.resuming_download import ResumingDownload
from search_core import ChecksumError, DiskFullError, DownloadError, SilentProgress

CONTENT = random.Random(7).randbytes(3_000_000)
CHUNK = 65_536
"""The bytes that are written at a time: what a broken answer brought is kept in whole chunks."""
SHA256 = hashlib.sha256(CONTENT).hexdigest()


@pytest.fixture
def waits():
    return []


@pytest.fixture
def download(tmp_path, waits):
    return ResumingDownload(
        target=tmp_path / "engine.zip",
        sha256=SHA256,
        label="engine",
        progress=SilentProgress(),
        sleep=waits.append,
    )


@pytest.fixture
def part(tmp_path):
    return tmp_path / "engine.zip.part"


@pytest.fixture
def address(server):
    server.files["/engine.zip"] = CONTENT
    return server.url("/engine.zip")


def assert_downloaded(tmp_path):
    assert (tmp_path / "engine.zip").read_bytes() == CONTENT
    assert not (tmp_path / "engine.zip.part").exists()


def test_a_file_is_downloaded_in_one_go(download, server, address, tmp_path, waits):
    download.run([address])
    assert_downloaded(tmp_path)
    assert server.ranges_asked == [None]
    assert waits == []


def test_a_broken_download_goes_on_where_it_stopped(download, server, address, tmp_path):
    server.breaks_after = [10 * CHUNK, 5 * CHUNK]
    download.run([address])
    assert_downloaded(tmp_path)
    assert server.ranges_asked == [None, f"bytes={10 * CHUNK}-", f"bytes={15 * CHUNK}-"]


def test_what_an_earlier_run_left_is_used(download, server, address, part, tmp_path):
    part.write_bytes(CONTENT[:2_000_000])
    download.run([address])
    assert_downloaded(tmp_path)
    assert server.ranges_asked == ["bytes=2000000-"]


def test_a_part_that_is_whole_already_is_not_fetched_again(download, address, part, tmp_path):
    part.write_bytes(CONTENT)
    download.run([address])
    assert_downloaded(tmp_path)


def test_a_part_of_another_file_is_thrown_away(download, server, address, part, tmp_path):
    part.write_bytes(b"another file, cut short")
    download.run([address])
    assert_downloaded(tmp_path)
    assert server.ranges_asked == ["bytes=23-", None]


def test_a_part_that_is_longer_than_the_file_is_thrown_away(download, address, part, tmp_path):
    part.write_bytes(CONTENT + b"more")
    download.run([address])
    assert_downloaded(tmp_path)


def test_a_server_that_cannot_resume_starts_again(download, server, address, tmp_path):
    server.supports_range = False
    server.breaks_after = [10 * CHUNK]
    download.run([address])
    assert_downloaded(tmp_path)
    assert server.ranges_asked == [None, f"bytes={10 * CHUNK}-"]


def test_a_server_that_tells_no_length_is_fine(download, server, address, tmp_path):
    server.tells_length = False
    download.run([address])
    assert_downloaded(tmp_path)


def test_a_server_that_is_busy_is_asked_again_after_a_growing_wait(
    download, server, address, tmp_path, waits
):
    server.statuses = [503, 503, 429]
    download.run([address])
    assert_downloaded(tmp_path)
    assert waits == [0.5, 1.0, 2.0]


def test_a_server_that_stays_busy_is_given_up(download, server, address):
    server.statuses = [503] * 20
    with pytest.raises(DownloadError, match="the server answered 503") as caught:
        download.run([address])
    assert len(server.ranges_asked) == 5
    assert "goes on where the download stopped" in (caught.value.remedy or "")


def test_what_was_downloaded_before_giving_up_is_kept(download, server, address, part):
    server.breaks_after = [4 * CHUNK] * 20
    with pytest.raises(DownloadError, match="the connection broke"):
        download.run([address])
    assert part.read_bytes() == CONTENT[: 5 * 4 * CHUNK]


def test_a_slow_but_steady_download_is_not_given_up(download, server, address, tmp_path):
    server.breaks_after = [1_100_000, 1_100_000]
    download.run([address])
    assert_downloaded(tmp_path)


def test_a_file_that_is_not_there_is_not_asked_for_twice(download, server, tmp_path):
    with pytest.raises(DownloadError, match=r"does not have engine \(404\)"):
        download.run([server.url("/nothing.zip")])
    assert len(server.ranges_asked) == 1


def test_the_next_mirror_is_tried_after_a_404(download, server, address, tmp_path):
    download.run([server.url("/nothing.zip"), address])
    assert_downloaded(tmp_path)


def test_a_refusal_is_explained_without_showing_the_login(download, server):
    server.statuses = [401]
    address = server.url("/engine.zip").replace("http://", "http://ada:secret@")
    with pytest.raises(DownloadError, match=r"refused engine \(401\)") as caught:
        download.run([address])
    assert "secret" not in str(caught.value)
    assert "netrc" in str(caught.value)


def test_a_wrong_file_is_refused_and_deleted(download, server, tmp_path):
    server.files["/engine.zip"] = b"<html>Please log in</html>"
    with pytest.raises(ChecksumError, match="not the pinned"):
        download.run([server.url("/engine.zip")])
    assert list(tmp_path.glob("engine.zip*")) == []


def test_without_a_network_the_address_is_named(download, server, waits):
    address = server.url("/engine.zip")
    unused = address.replace("127.0.0.1", "127.0.0.2")
    with pytest.raises(DownloadError, match=r"could not be fetched from http://127\.0\.0\.2"):
        download.run([unused])
    assert waits == [0.5, 1.0, 2.0, 4.0]


def on(folder):
    return ResumingDownload(
        target=folder / "engine.zip", sha256=SHA256, label="engine", progress=SilentProgress()
    )


def test_a_file_larger_than_the_disk_is_refused_before_it_is_fetched(tiny_disk, address):
    with pytest.raises(DiskFullError, match=r"downloading engine needs 3\.0 MB"):
        on(tiny_disk).run([address])
    assert not (tiny_disk / "engine.zip.part").exists()


def test_a_disk_that_fills_up_during_the_download_is_reported(tiny_disk, server, address):
    server.tells_length = False
    with pytest.raises(DiskFullError, match="filled up during the download of engine"):
        on(tiny_disk).run([address])
