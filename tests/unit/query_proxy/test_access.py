import pytest

from query_proxy.guards.access import Access, Caller
from search_core import ForbiddenError
from search_core.settings import CallerSettings, QueryProxySettings, Role


def access(**settings):
    return Access(QueryProxySettings(indices=("products",), **settings))


@pytest.mark.parametrize(
    ("index", "is_open"),
    [
        ("products", True),
        ("logs-2024", True),
        ("products-2", False),
        ("prod*", False),
        ("*", False),
        ("_all", False),
        ("", False),
        ("logs-*", True),
        ("remote:products", False),
        ("<products-{now/d}>", False),
        ("-products", False),
    ],
)
def test_only_what_is_listed_is_open(index, is_open):
    assert access(open_indices=("logs-*",)).is_open(index) is is_open


def test_a_star_opens_everything():
    assert access(open_indices=("*",)).is_open("*")
    assert access(open_indices=("*",)).is_open("any")


def test_an_admin_has_every_role_and_every_index():
    callers = {"ops": CallerSettings(key="x" * 16, roles=(Role.ADMIN,))}
    admin = Caller(name="ops", roles=frozenset({Role.ADMIN}))
    assert admin.may(Role.EVENTS)
    access(callers=callers).check_indices(admin, ("any",))


def test_without_callers_nobody_has_every_index_unless_that_is_set():
    anybody = Caller(name=None, roles=frozenset(Role))
    with pytest.raises(ForbiddenError, match="'any' is not open"):
        access().check_indices(anybody, ("any",))
    access(allow_admin=True).check_indices(anybody, ("any",))


@pytest.mark.parametrize("secrets", [{}, {"key": "short"}, {"password": "short"}])
def test_a_caller_needs_a_secret_that_cannot_be_guessed(secrets):
    with pytest.raises(ValueError, match=r"needs a key|shorter than"):
        CallerSettings(**secrets)
