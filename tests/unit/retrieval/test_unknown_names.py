"""Names in filters and facets that no product has."""

from dataclasses import dataclass, field

import pytest

from retrieval import NameCheck, parse_filter
from retrieval.unknown_names import doubtful_names, near_names
from search_core import Facet, FacetValue, Hit, SearchEngineTimeoutError, TextFilter
from search_engine import MissingNames


@dataclass
class Catalogue:
    """Knows some names, and remembers what it was asked."""

    present: tuple[str, ...] = ("colour", "display size")
    columns: dict[str, str] = field(default_factory=dict)
    failure: Exception | None = None
    asked: list[str] = field(default_factory=list)

    async def missing(self, index, names, *, headers, timeout_seconds) -> MissingNames:
        self.asked += names
        if self.failure is not None:
            raise self.failure
        return MissingNames(
            missing=tuple(each for each in names if each not in self.present),
            present=self.present,
            columns=self.columns,
        )


def filters(*texts):
    return tuple(map(parse_filter, texts))


def hit(*names):
    document = {"attributes": [{"name": name, "value": "x"} for name in names]}
    return Hit(
        product_id="1", rank=1, fused_score=None, legs=(), contributions=(), document=document,
        explanation=(),
    )  # fmt: skip


async def unknown(catalogue, *texts, found=False, facets=()):
    check = NameCheck(catalogue, 1.0)
    return await check.unknown(
        "shop", filters=filters(*texts), facets=facets, found=found, headers={}
    )


async def test_a_name_that_no_product_has_is_told_with_those_like_it():
    (told,) = await unknown(Catalogue(), "colr=red")
    assert (told.name, told.near) == ("colr", ("colour",))
    assert told.sentence == "no product has an attribute 'colr'; perhaps colour?"


async def test_the_name_of_a_column_leads_to_the_field_that_it_became():
    columns = {"hersteller": "brand", "verweis": "url", "artikel_nr": "id"}
    told = await unknown(Catalogue(columns=columns), "Hersteller=x", "Verweis=x", "Artikel-Nr.=1")
    assert [(each.name, each.near) for each in told] == [
        ("Hersteller", ("brand",)),
        ("Verweis", ()),  # nothing that filters can name
        ("Artikel-Nr.", ("id",)),
    ]


async def test_a_name_like_no_other_is_told_without_a_guess():
    (told,) = await unknown(Catalogue(), "qqqqqq=1")
    assert told.near == ()
    assert told.sentence == "no product has an attribute 'qqqqqq'"


async def test_an_attribute_without_a_value_among_the_hits_is_known_all_the_same():
    assert await unknown(Catalogue(), "colour=purple") == ()


async def test_product_fields_are_never_asked_for():
    catalogue = Catalogue()
    assert await unknown(catalogue, "brand=Nobody", "price<1", "Available=true") == ()
    assert catalogue.asked == []


async def test_where_the_node_does_not_answer_nothing_is_claimed():
    catalogue = Catalogue(failure=SearchEngineTimeoutError("late"))
    assert await unknown(catalogue, "colr=red") == ()


@pytest.mark.parametrize(
    ("text", "doubtful"),
    [("colr=red", ()), ("colr<3", ()), ("colr!=red", ("colr",))],
)
def test_products_that_passed_a_filter_prove_its_name_unless_it_lets_others_pass(text, doubtful):
    assert doubtful_names(filters(text), (), (), found=True) == doubtful


def test_a_product_shown_or_a_value_counted_proves_a_name():
    counted = Facet(field="size", values=(FacetValue(value="M", count=2),))
    empty = Facet(field="siez", values=())
    assert doubtful_names((), (counted, empty), (), found=True) == ("siez",)
    assert doubtful_names(filters("Colour!=red"), (), (hit("colour"),), found=True) == ()


def test_each_name_is_asked_for_once_in_the_order_of_the_request():
    asked = (*filters("b1=1", "a1=2", "B1=3"), TextFilter(phrases=("x",)))
    assert doubtful_names(asked, (Facet(field="a1", values=()),), (), found=False) == ("b1", "a1")


@pytest.mark.parametrize(
    ("name", "near"),
    [
        ("color", ("colour",)),
        ("RAM", ("minimum ram", "ram capacity")),
        ("brnd", ("brand",)),
        ("颜", ("颜色",)),
        ("frame", ()),
    ],
)
def test_names_are_alike_by_letters_or_by_whole_words(name, near):
    known = ("brand", "colour", "jumbo support", "minimum ram", "ram capacity", "颜色")
    assert near_names(name, known) == near
