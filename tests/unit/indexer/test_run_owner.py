import subprocess
import sys
from dataclasses import replace

import psutil

from indexer.run_owner import RunOwner


def test_this_process_lives() -> None:
    assert RunOwner.this_process().lives() is True


def test_two_runs_of_one_process_differ() -> None:
    assert RunOwner.this_process() != RunOwner.this_process()


def test_an_owner_survives_its_record() -> None:
    owner = RunOwner.this_process()
    assert RunOwner.from_record(owner.as_record()) == owner


def test_a_process_that_has_ended_does_not_live() -> None:
    child = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE)
    started_at = psutil.Process(child.pid).create_time()
    owner = replace(RunOwner.this_process(), pid=child.pid, started_at=started_at)
    assert owner.lives() is True
    child.communicate()
    assert owner.lives() is False


def test_another_process_with_the_same_number_is_not_taken_for_it() -> None:
    owner = RunOwner.this_process()
    assert replace(owner, started_at=owner.started_at - 60).lives() is False


def test_a_process_on_another_machine_cannot_be_seen() -> None:
    assert replace(RunOwner.this_process(), machine="elsewhere").lives() is None


def test_the_message_names_process_and_host_only() -> None:
    owner = RunOwner(machine="shop-1/pid:[4026]", pid=7, started_at=0.0, token="t")
    assert str(owner) == "process 7 on shop-1"
