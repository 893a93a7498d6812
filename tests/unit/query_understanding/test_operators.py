import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from shop import CATALOGUE, NOTHING_KNOWN, document, products, rewritten

from query_understanding import KnownCatalogue, create_chain, learn_lexicon
from query_understanding.grammar_phrases import grammar_phrases
from query_understanding.quantities.price_expressions import price_expressions
from query_understanding.spelling.general_words import english_words
from query_understanding.spelling.operators import OPERATORS, OperatorRewriter
from query_understanding.spelling.spelling import MOST_READ
from search_core import QueryPlan, RangeFilter
from search_core.settings import QueryUnderstandingSettings

PATIENT = QueryUnderstandingSettings(budget_ms=60_000, unit_budget_ms=60_000)
WITHOUT_AND_BOUNDS = ("without leather", "under 100", "between 20 and 50", "cheaper than 30")


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("case betwen 100 and 200", "case between 100 and 200"),
        ("case undr 500", "case under 500"),
        ("case wihtout leather", "case without leather"),
        ("headset cheeper than 50", "headset cheaper than 50"),
        ("headset less then 50", "headset less than 50"),
        ("headset les then 50", "headset less than 50"),
        ("phone minimun 8 gb", "phone minimum 8 gb"),
        ("phone at lest 8 gb", "phone at least 8 gb"),
        ("phone atleast 8 gb", "phone at least 8 gb"),
        ("case arround $20 wihtout leather", "case around $20 without leather"),
        ("500元一下的耳机", "500元以下的耳机"),
        ("100到200只间 耳机", "100到200之间 耳机"),
        ("不超果500元的耳机", "不超过500元的耳机"),
    ],
)
def test_a_misspelt_operator_is_read_as_what_it_stands_for(typed, meant):
    plan = rewritten(OperatorRewriter(), typed)
    assert (plan.text, plan.original_text) == (meant, typed)
    assert plan.log[0].message == f"{typed!r} is read as {meant!r}"


@pytest.mark.parametrize(
    "text",
    [
        "case without leather",
        "undr case",  # no number follows
        "novaphone 12",
        "ender 3 case",
        "flash rom 1gb",
        "round 80 cm table",
        "then and now",
        "less then more",
        "100元一下午茶",
        "lander 500",
        "cover 50",
        "",
    ],
)
def test_what_completes_no_phrase_or_is_a_likely_word_stays(text):
    plan = rewritten(OperatorRewriter(), text)
    assert (plan.text, plan.log) == (text, ())


@pytest.mark.parametrize("where", ["title", "brand", "product_type"])
def test_a_name_of_the_catalogue_is_no_operator(where):
    named = {"title": "Plain shoe", where: "Undr"}
    shop = KnownCatalogue(learn_lexicon([*products(), document(named.pop("title"), **named)]))
    assert rewritten(OperatorRewriter(), "undr 500", shop).text == "undr 500"
    assert rewritten(OperatorRewriter(), "undr 500").text == "under 500"


def test_characters_that_the_catalogue_has_side_by_side_are_its_own():
    shop = KnownCatalogue(learn_lexicon([*products(), document("一下 贴纸", language="zh")]))
    assert rewritten(OperatorRewriter(), "500元一下", shop).text == "500元一下"
    assert rewritten(OperatorRewriter(), "500元一下").text == "500元以下"


def test_nothing_is_read_where_nothing_is_known():
    assert rewritten(OperatorRewriter(), "undr 500", NOTHING_KNOWN).text == "undr 500"


def test_the_chain_reads_a_price_behind_a_misspelt_operator():
    plan = create_chain(PATIENT).run(QueryPlan.plain("headset undr 55"), CATALOGUE).plan
    assert plan.text == "headset"
    assert [each.filter for each in plan.inferred_filters] == [
        RangeFilter(field="price", less_than=55)
    ]


def test_only_the_first_words_are_read():
    filler = " ".join(["case"] * MOST_READ)
    assert rewritten(OperatorRewriter(), f"{filler} undr 500").text == f"{filler} undr 500"
    assert rewritten(OperatorRewriter(), f"undr 500 {filler}").text == f"under 500 {filler}"


@pytest.mark.parametrize("operator", OPERATORS)
def test_every_operator_is_a_word_of_the_grammar(operator):
    phrases = [
        f"case {operator} 500",
        f"case {operator} 20 kg",
        f"case {operator} than 500",
        f"case {operator} than 20 kg",
        f"case {operator} 20 and 50",
        f"case at {operator} 500",
        f"case {operator} under 500",
        f"case {operator} of 500",
        f"case {operator} at 500",
        f"case more {operator} 500",
        f"case {operator} leather",
    ]
    assert any(
        low <= phrase.index(operator) and phrase.index(operator) + len(operator) <= high
        for phrase in phrases
        for low, high in grammar_phrases(phrase, CATALOGUE)
    )


@given(
    st.sampled_from(("between", "under", "without", "cheaper", "minimum", "around", "maximum")),
    st.data(),
)
def test_two_letters_swapped_within_an_operator_are_always_put_right(operator, data):
    at = data.draw(st.integers(1, len(operator) - 2))
    swapped = operator[:at] + operator[at + 1] + operator[at] + operator[at + 2 :]
    assume(swapped not in english_words())
    phrase = {
        "between": "{} 20 and 50", "without": "{} leather", "cheaper": "{} than 50",
    }.get(operator, "{} 50")  # fmt: skip
    plan = rewritten(OperatorRewriter(), f"case {phrase.format(swapped)}")
    assert plan.text == f"case {phrase.format(operator)}"


@given(st.text(alphabet="abcdefghijklmnopqrstuvwxyz 0123456789元以下一", max_size=60))
def test_any_text_is_read_and_what_is_changed_has_a_phrase_of_the_grammar(text):
    plan = rewritten(OperatorRewriter(), text)
    if plan.text != " ".join(text.split()):
        assert list(grammar_phrases(plan.text, CATALOGUE))


@pytest.mark.parametrize("phrase", WITHOUT_AND_BOUNDS)
def test_a_right_phrase_is_left_alone(phrase):
    assert not rewritten(OperatorRewriter(), f"red case {phrase}").log


def test_a_catalogue_without_prices_reads_none():
    shop = KnownCatalogue(learn_lexicon([document("Red mug") for _ in range(5)]))
    assert price_expressions("mug under 500")
    assert rewritten(OperatorRewriter(), "mug undr 500", shop).text == "mug undr 500"
