import os
import pwd

import pytest

from search_core import LocalStackError
from shopkeeper.local_stack.node_account import account_for, can_reach, give_to


def test_an_ordinary_user_runs_the_node_as_itself(tmp_path, monkeypatch):
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    assert account_for(tmp_path) is None


def test_root_runs_a_new_node_as_nobody(tmp_path, monkeypatch):
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    account = account_for(tmp_path / "new")
    assert account is not None
    assert account.name == "nobody"
    assert account.uid == pwd.getpwnam("nobody").pw_uid


def test_root_runs_a_users_node_as_that_user(tmp_path, monkeypatch):
    entry = pwd.struct_passwd(("ada", "x", 1234, 1235, "", "/home/ada", "/bin/sh"))
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    monkeypatch.setattr(pwd, "getpwuid", lambda _: entry)
    monkeypatch.setattr(
        type(tmp_path),
        "stat",
        lambda *_, **__: os.stat_result([0o755] + [0] * 3 + [1234] + [0] * 5),
    )
    account = account_for(tmp_path)
    assert account is not None
    assert (account.name, account.uid, account.gid) == ("ada", 1234, 1235)


def test_root_without_the_account_nobody_is_told_what_to_do(tmp_path, monkeypatch):
    def missing(name: str):
        raise KeyError(name)

    monkeypatch.setattr(os, "geteuid", lambda: 0)
    monkeypatch.setattr(pwd, "getpwnam", missing)
    with pytest.raises(LocalStackError, match="no account 'nobody'") as caught:
        account_for(tmp_path / "new")
    assert caught.value.remedy == "Run the command as an ordinary user."


def test_this_account_reaches_its_own_folders_only_if_they_exist(tmp_path):
    assert can_reach(None, tmp_path)
    assert not can_reach(None, tmp_path / "missing")


def test_nothing_changes_hands_without_another_account(tmp_path):
    before = tmp_path.stat().st_uid
    give_to(None, tmp_path)
    assert tmp_path.stat().st_uid == before
