import os
import socket

import pytest

from search_core import PortInUseError
from shopkeeper.local_stack.ports import LOOPBACK, is_free, reserved_ports


@pytest.fixture
def taken_port():
    with socket.create_server((LOOPBACK, 0)) as server:
        yield server.getsockname()[1]


@pytest.fixture
def free_port():
    with socket.create_server((LOOPBACK, 0)) as server:
        return server.getsockname()[1]


def test_a_port_that_somebody_listens_on_is_not_free(taken_port, free_port):
    assert not is_free(taken_port)
    assert is_free(free_port)


def test_a_port_that_is_taken_at_every_address_is_not_free():
    with socket.create_server(("0.0.0.0", 0)) as server:
        assert not is_free(server.getsockname()[1])


def test_the_port_that_was_asked_for_is_used(free_port):
    with reserved_ports(free_port) as ports:
        assert ports.http == free_port
        assert ports.transport != free_port


def test_a_taken_port_that_was_asked_for_is_an_error_that_names_who_has_it(taken_port):
    with pytest.raises(PortInUseError) as caught, reserved_ports(taken_port):
        pass
    assert f"Port {taken_port} is in use by" in caught.value.message
    assert f"(process {os.getpid()})" in caught.value.message
    assert "local_stack.http_port" in (caught.value.remedy or "")


def test_two_nodes_that_start_at_the_same_time_get_different_ports():
    with reserved_ports(0) as first, reserved_ports(0) as second:
        numbers = {first.http, first.transport, second.http, second.transport}
        assert len(numbers) == 4
        assert min(first.http, second.http) >= 9200


def test_a_port_is_to_be_had_again_after_the_block(free_port):
    for _ in range(2):
        with reserved_ports(free_port) as ports:
            assert ports.http == free_port
