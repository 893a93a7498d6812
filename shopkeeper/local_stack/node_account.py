"""Which account the node runs under: OpenSearch refuses to run as root."""

import os
import pwd
import subprocess
from dataclasses import dataclass
from pathlib import Path

from search_core import LocalStackError

_UNPRIVILEGED_NAME = "nobody"


@dataclass(frozen=True, slots=True, kw_only=True)
class NodeAccount:
    """An unprivileged account that root starts the node as."""

    name: str
    uid: int
    gid: int


def account_for(folder: Path) -> NodeAccount | None:
    """Return the account to start the node as, or `None`: the one that asks is unprivileged.

    Root uses the owner of an existing node folder, so that `sudo` does not lock its owner out of
    the data, and `nobody` otherwise.

    Raises:
        LocalStackError: this is root, and there is no account `nobody`.
    """
    if os.geteuid() != 0:
        return None
    owner_uid = folder.stat().st_uid if folder.exists() else 0
    if owner_uid != 0:
        return _account_of(owner_uid)
    try:
        return _from_entry(pwd.getpwnam(_UNPRIVILEGED_NAME))
    except KeyError as error:
        raise LocalStackError(
            "OpenSearch does not run as root, and this machine has no account 'nobody' to run as.",
            remedy="Run the command as an ordinary user.",
        ) from error


def can_reach(account: NodeAccount | None, path: Path) -> bool:
    """Tell whether an account may enter a folder or execute a file.

    Tried as that account, since permissions, access lists and mounts all have a say in it.
    """
    if account is None:
        return os.access(path, os.X_OK)
    answer = subprocess.run(  # noqa: S603 - fixed program, path as an argument
        ["/bin/sh", "-c", 'test -x "$1"', "sh", str(path)],
        user=account.uid,
        group=account.gid,
        extra_groups=[],
        cwd="/",
        check=False,
    )
    return answer.returncode == 0


def give_to(account: NodeAccount | None, path: Path) -> None:
    """Make an account the owner of a file or folder (not of what a folder holds)."""
    if account is not None:
        os.chown(path, account.uid, account.gid)


def _account_of(uid: int) -> NodeAccount:
    try:
        return _from_entry(pwd.getpwuid(uid))
    except KeyError:
        # An owner without a name, as in containers that map accounts.
        return NodeAccount(name=str(uid), uid=uid, gid=uid)


def _from_entry(entry: pwd.struct_passwd) -> NodeAccount:
    return NodeAccount(name=entry.pw_name, uid=entry.pw_uid, gid=entry.pw_gid)
