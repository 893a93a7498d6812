import inspect

import search_core
from search_core import errors
from search_core.errors import ShopkeeperError

TREE = [
    kind
    for _, kind in inspect.getmembers(errors, inspect.isclass)
    if issubclass(kind, ShopkeeperError)
]


def test_every_error_has_a_code_of_its_own():
    codes = [kind.code for kind in TREE]
    assert len(set(codes)) == len(codes)


def test_the_drawn_tree_names_every_error():
    assert all(kind.__name__ in errors.__doc__ for kind in TREE)


def test_every_error_but_the_root_is_exported():
    assert {kind.__name__ for kind in TREE} <= set(search_core.__all__)


def test_the_remedy_stands_below_the_message():
    assert str(ShopkeeperError("it broke", remedy="mend it")) == "it broke\n  → mend it"
    assert str(ShopkeeperError("it broke")) == "it broke"
