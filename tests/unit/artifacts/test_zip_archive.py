import stat
import zipfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from artifacts import unpack_zip
from search_core import ArtifactError, DiskFullError


def make_zip(path: Path, members: dict[str, str], modes: dict[str, int] | None = None) -> Path:
    with zipfile.ZipFile(path, "w") as archive:
        for name, text in members.items():
            info = zipfile.ZipInfo(name)
            info.external_attr = (modes or {}).get(name, 0o100640) << 16
            archive.writestr(info, text)
    return path


@pytest.fixture
def target(tmp_path):
    folder = tmp_path / "target"
    folder.mkdir()
    return folder


def files_in(folder: Path) -> set[str]:
    return {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()}


def test_all_members_are_unpacked(tmp_path, target):
    archive = make_zip(tmp_path / "a.zip", {"lib/a.jar": "a", "bin/run": "b"})
    unpack_zip(archive, target)
    assert files_in(target) == {"lib/a.jar", "bin/run"}
    assert (target / "lib/a.jar").read_text() == "a"


def test_only_chosen_members_are_unpacked(tmp_path, target):
    members = {"model/model.onnx": "m", "model/tokenizer.json": "t", "Main.class": "c"}
    unpack_zip(make_zip(tmp_path / "a.jar", members), target, ["model/*.json", "Main.class"])
    assert files_in(target) == {"model/tokenizer.json", "Main.class"}


def test_a_member_is_chosen_by_its_exact_name_even_if_it_looks_like_a_pattern(tmp_path, target):
    unpack_zip(make_zip(tmp_path / "a.jar", {"a[1].txt": "x", "a1.txt": "y"}), target, ["a[1].txt"])
    assert "a[1].txt" in files_in(target)


def test_a_name_that_matches_no_member_is_an_error_that_names_it(tmp_path, target):
    archive = make_zip(tmp_path / "a.jar", {"a.txt": "x"})
    with pytest.raises(ArtifactError, match=r"has no member 'b\.txt'"):
        unpack_zip(archive, target, ["a.txt", "b.txt"])
    assert files_in(target) == set()


def test_every_account_may_read_the_files_and_run_the_programs(tmp_path, target):
    modes = {"bin/java": 0o100700, "conf/secret": 0o100600}
    archive = make_zip(tmp_path / "a.zip", {"bin/java": "j", "conf/secret": "s"}, modes)
    unpack_zip(archive, target)
    assert stat.S_IMODE((target / "bin/java").stat().st_mode) == 0o755
    assert stat.S_IMODE((target / "conf/secret").stat().st_mode) == 0o644
    assert stat.S_IMODE((target / "conf").stat().st_mode) == 0o755


@pytest.mark.parametrize(
    "name", ["../outside", "a/../../outside", "/etc/outside", "..\\outside", "a/.."]
)
def test_a_member_outside_of_the_folder_is_refused_and_nothing_unpacked(tmp_path, target, name):
    archive = make_zip(tmp_path / "a.zip", {"good": "g", name: "evil"})
    with pytest.raises(ArtifactError, match="outside of its folder"):
        unpack_zip(archive, target)
    assert files_in(tmp_path) == {"a.zip"}


def test_a_link_is_refused(tmp_path, target):
    archive = make_zip(tmp_path / "a.zip", {"link": "/etc"}, {"link": stat.S_IFLNK | 0o777})
    with pytest.raises(ArtifactError, match="is a link"):
        unpack_zip(archive, target)


PARTS = st.sampled_from(["a", "b", "..", ".", ""])


@given(parts=st.lists(PARTS, min_size=1, max_size=5), absolute=st.booleans())
def test_nothing_is_ever_written_outside_of_the_folder(tmp_path_factory, parts, absolute):
    top = tmp_path_factory.mktemp("zip")
    name = ("/" if absolute else "") + "/".join(parts) + "/f"
    archive = make_zip(top / "a.zip", {name: "x"})
    target = top / "deep" / "target"
    target.mkdir(parents=True)
    try:
        unpack_zip(archive, target)
    except ArtifactError:
        assert files_in(target) == set()
    assert {path for path in top.rglob("f") if not path.is_relative_to(target)} == set()


def test_a_damaged_archive_is_an_error_that_names_the_file(tmp_path, target):
    archive = tmp_path / "a.zip"
    archive.write_bytes(b"PK\x03\x04 not a zip")
    with pytest.raises(ArtifactError, match=r"a\.zip cannot be unpacked"):
        unpack_zip(archive, target)


def test_an_archive_that_does_not_fit_is_refused_before_it_is_unpacked(
    tmp_path, target, monkeypatch
):
    monkeypatch.setattr("shutil.disk_usage", lambda _: type("Usage", (), {"free": 2})())
    archive = make_zip(tmp_path / "a.zip", {"a.txt": "four"})
    with pytest.raises(DiskFullError, match=r"unpacking a\.zip needs 4 bytes"):
        unpack_zip(archive, target)
    assert files_in(target) == set()
