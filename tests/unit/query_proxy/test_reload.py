import asyncio

import pytest

from query_proxy.reload import Reload, file_states
from query_proxy.settings_state import SettingsState
from search_core import ConfigurationError


class Source:
    """Gives what it is told to, and counts how often it was asked."""

    def __init__(self, *files):
        self._files = files
        self.failure = None
        self.asked = 0

    def load(self):
        self.asked += 1
        if self.failure is not None:
            raise self.failure
        return self.asked

    def files(self):
        return self._files


class Watched:
    """A reload that runs, with everything that became of it."""

    def __init__(self, source, every=0.001):
        self.in_force = []
        self.told = []
        self.state = SettingsState()
        self.reload = Reload(source, self._replace, self.state, every, self.told.append)

    async def _replace(self, backing):
        self.in_force.append(backing)

    async def until(self, condition):
        running = asyncio.create_task(self.reload.run())
        try:
            async with asyncio.timeout(10):
                while not condition():
                    assert not running.done()
                    await asyncio.sleep(0.001)
        finally:
            running.cancel()
            await asyncio.wait((running,))


async def test_asked_for_it_reads_the_settings_whether_or_not_a_file_changed():
    source = Source()
    watched = Watched(source, every=0)
    watched.reload.ask()
    await watched.until(lambda: watched.told == [True])
    assert watched.in_force == [1]
    assert (watched.state.word, watched.state.reloads) == ("current", 1)


async def test_what_cannot_be_used_is_kept_in_mind_until_something_can():
    source = Source()
    source.failure = ConfigurationError("max_sizes is not a setting")
    watched = Watched(source, every=0)
    watched.reload.ask()
    await watched.until(lambda: watched.told == [False])
    assert watched.in_force == []
    assert (watched.state.word, watched.state.failure) == ("stale", source.failure)
    source.failure = None
    watched.reload.ask()
    await watched.until(lambda: watched.told == [False, True])
    assert (watched.state.word, watched.state.failure) == ("current", None)


async def test_a_mistake_of_ours_ends_one_reload_not_the_watch():
    source = Source()
    source.failure = ZeroDivisionError()
    watched = Watched(source, every=0)
    watched.reload.ask()
    await watched.until(lambda: watched.told == [False])
    assert watched.state.failure.code == "shopkeeper_error"


async def test_a_file_that_changes_is_read_once(tmp_path):
    file = tmp_path / "shop.toml"
    file.write_text("a = 1\n", encoding="utf-8")
    source = Source(file)
    watched = Watched(source)
    looked, written = [], []
    files = source.files
    source.files = lambda: looked.append(1) or files()

    def changed_and_read():
        if looked and not written:  # it knows how the file was
            written.append(file.write_text("a = 10\n", encoding="utf-8"))
        return watched.told == [True]

    await watched.until(changed_and_read)
    assert source.asked == 1


@pytest.mark.parametrize("change", ["written", "replaced", "removed", "led elsewhere"])
def test_every_way_in_which_a_file_changes_is_seen(tmp_path, change):
    file, other = tmp_path / "shop.toml", tmp_path / "other.toml"
    other.write_text("a = 2\n", encoding="utf-8")
    if change == "led elsewhere":
        third = tmp_path / "third.toml"
        third.write_text("a = 1\n", encoding="utf-8")
        file.symlink_to(third)
    else:
        file.write_text("a = 1\n", encoding="utf-8")
    before = file_states([file])
    if change == "written":
        file.write_text("a = 10\n", encoding="utf-8")
    elif change == "replaced":
        other.replace(file)
    else:
        file.unlink()
        if change == "led elsewhere":
            file.symlink_to(other)
    assert file_states([file]) != before


def test_a_missing_file_is_a_state_like_any_other(tmp_path):
    assert file_states([tmp_path / "none"]) == (None,)
