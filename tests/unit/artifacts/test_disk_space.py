import errno
import os

import pytest

from artifacts import disk_full_reported, format_bytes, require_free_space
from search_core import DiskFullError


@pytest.mark.parametrize(
    ("count", "text"),
    [
        (0, "0 bytes"),
        (999, "999 bytes"),
        (1_000, "1.0 kB"),
        (35_400_000, "35.4 MB"),
        (193_764_775, "193.8 MB"),
        (2_500_000_000_000, "2500.0 GB"),
    ],
)
def test_sizes_are_shown_in_powers_of_1000(count, text):
    assert format_bytes(count) == text


def test_work_that_fits_may_begin(tmp_path):
    require_free_space(tmp_path, 1, "copying")


def test_work_that_does_not_fit_is_refused_with_what_is_needed_and_missing(tmp_path):
    with pytest.raises(DiskFullError) as caught:
        require_free_space(tmp_path, 10**18, "unpacking engine.zip")
    assert "unpacking engine.zip needs 1000000000.0 GB" in caught.value.message
    assert str(tmp_path) in caught.value.message
    assert "local_stack.cache_dir" in (caught.value.remedy or "")


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EDQUOT])
def test_a_disk_that_fills_up_during_the_work_is_reported(tmp_path, number):
    with (
        pytest.raises(DiskFullError, match=r"during the download of x \(it needs 5\.0 MB in all\)"),
        disk_full_reported(tmp_path, "the download of x", 5_000_000),
    ):
        raise OSError(number, os.strerror(number))


def test_a_size_that_is_not_known_is_not_claimed(tmp_path):
    with (
        pytest.raises(DiskFullError, match=r"during the download of x, in "),
        disk_full_reported(tmp_path, "the download of x", None),
    ):
        raise OSError(errno.ENOSPC, "No space left on device")


def test_another_error_of_the_system_is_left_as_it_is(tmp_path):
    with pytest.raises(PermissionError), disk_full_reported(tmp_path, "the download of x", None):
        raise PermissionError(errno.EACCES, "Permission denied")
