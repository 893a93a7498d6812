"""Unpacking zips, jars and wheels without leaving the folder that was chosen for it."""

import shutil
import stat
import zipfile
from collections.abc import Sequence
from fnmatch import fnmatchcase
from pathlib import Path, PurePosixPath

from artifacts.disk_space import disk_full_reported, require_free_space
from search_core import ArtifactError

_FOLDER_MODE = 0o755
_FILE_MODE = 0o644


def unpack_zip(archive: Path, folder: Path, members: Sequence[str] | None = None) -> None:
    """Unpack a zip, jar or wheel into a folder.

    Every account may read the result; files that are executable in the archive are so on disk.

    Args:
        archive: the file to unpack.
        folder: an existing folder.
        members: names inside of the archive, or shell patterns (`*` also matches `/`);
            `None`: all.

    Raises:
        ArtifactError: the file is no zip or is damaged, a member would be written outside of
            `folder`, or a name matches no member.
        DiskFullError: there is no room for the members.
    """
    purpose = f"unpacking {archive.name}"
    try:
        with zipfile.ZipFile(archive) as opened:
            chosen = _choose(opened, archive, members)
            needed_bytes = sum(info.file_size for info in chosen)
            require_free_space(folder, needed_bytes, purpose)
            with disk_full_reported(folder, purpose, needed_bytes):
                for info in chosen:
                    _write_member(opened, info, folder)
    except (zipfile.BadZipFile, EOFError) as error:
        raise ArtifactError(
            f"{archive} cannot be unpacked: {error}.",
            remedy="Delete the file; it is fetched again when it is needed.",
        ) from error


def _choose(
    opened: zipfile.ZipFile, archive: Path, members: Sequence[str] | None
) -> list[zipfile.ZipInfo]:
    infos = opened.infolist()
    for info in infos:
        _refuse_unsafe(info, archive)
    if members is None:
        return infos
    for member in members:
        if not any(_is_chosen(info, (member,)) for info in infos):
            raise ArtifactError(
                f"{archive} has no member {member!r}.",
                remedy="The pinned version and the names taken from it must be changed together.",
            )
    return [info for info in infos if _is_chosen(info, members)]


def _is_chosen(info: zipfile.ZipInfo, members: Sequence[str]) -> bool:
    return any(info.filename == each or fnmatchcase(info.filename, each) for each in members)


def _refuse_unsafe(info: zipfile.ZipInfo, archive: Path) -> None:
    path = PurePosixPath(info.filename.replace("\\", "/"))
    is_link = stat.S_ISLNK(info.external_attr >> 16)
    if path.is_absolute() or ".." in path.parts or is_link:
        raise ArtifactError(
            f"{archive} has the member {info.filename!r}, which would be written outside of its "
            "folder or is a link; nothing was unpacked.",
            remedy="Do not use this file: an archive made in good faith has no such member.",
        )


def _write_member(opened: zipfile.ZipFile, info: zipfile.ZipInfo, folder: Path) -> None:
    target = folder / info.filename
    if info.is_dir():
        _make_folder(target, folder)
        return
    _make_folder(target.parent, folder)
    with opened.open(info) as source, target.open("wb") as sink:
        shutil.copyfileobj(source, sink, length=1 << 20)
    executable = bool((info.external_attr >> 16) & stat.S_IXUSR)
    target.chmod(_FOLDER_MODE if executable else _FILE_MODE)


def _make_folder(target: Path, top: Path) -> None:
    missing = [path for path in (target, *target.parents) if path != top and not path.exists()]
    target.mkdir(parents=True, exist_ok=True)
    for path in missing:
        path.chmod(_FOLDER_MODE)
