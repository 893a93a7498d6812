import re

import pytest
from shop import CATALOGUE, NOTHING_KNOWN, rewritten

from query_understanding import Intent
from query_understanding.intents.intent_rewriter import IntentRewriter


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("red leather case", Intent.BUY),
        ("novaphone 12 case", Intent.BUY),
        ("蓝牙耳机 降噪", Intent.BUY),
        ("where is my parcel", Intent.SUPPORT),
        ("I want to return my order", Intent.SUPPORT),
        ("退款多久到账", Intent.SUPPORT),
        ("怎么联系人工客服", Intent.SUPPORT),
        ("does it fit the novaphone 12?", Intent.INFORM),
        ("novaphone 11 vs novaphone 12", Intent.INFORM),
        ("蓝牙耳机防水吗", Intent.INFORM),
        ("nova", Intent.NAVIGATE),
        ("gift cards", Intent.NAVIGATE),
        ("KX-470B", Intent.IDENTIFIER),
        ("2900980847160", Intent.IDENTIFIER),
    ],
)
def test_intents_are_told_in_english_and_chinese(text, intent):
    plan = rewritten(IntentRewriter(), text)
    assert plan.intent == intent
    assert 0.5 <= plan.intent_confidence <= 1.0


@pytest.mark.parametrize("text", ["where is my parcel", "garden hose", "KX-470B", "red case"])
def test_an_intent_changes_nothing_that_is_searched(text):
    plan = rewritten(IntentRewriter(), text)
    assert (plan.text, plan.filters, plan.inferred_filters, plan.boosts, plan.variants) == (
        text, (), (), (), (),
    )  # fmt: skip


def test_the_log_says_which_words_spoke_for_it():
    text = "where is my parcel"
    (step,) = rewritten(IntentRewriter(), text).log
    assert step.rewriter == "intent"
    assert step.message.startswith("asks for help with an order or an account (")
    named = re.findall(r"'(.+?)'", step.message)
    assert named
    assert all(each in text for each in named)
    # `my` is not said beside `where is my`.
    assert not any(one in other for one in named for other in named if one != other)


def test_buying_goes_without_saying():
    assert rewritten(IntentRewriter(), "red leather case").log == ()


def test_no_words_have_no_intent():
    plan = rewritten(IntentRewriter(), " \u200b ")
    assert (plan.intent, plan.intent_confidence) == (None, None)


def test_intents_are_told_without_a_catalogue():
    assert rewritten(IntentRewriter(), "track my order", NOTHING_KNOWN).intent == Intent.SUPPORT
    assert rewritten(IntentRewriter(), "garden hose", NOTHING_KNOWN).intent == Intent.BUY


def test_what_the_catalogue_lacks_may_be_out_of_it_only_where_there_is_one():
    assert rewritten(IntentRewriter(), "zzyzx qwfp", CATALOGUE).intent in (
        Intent.OUT_OF_CATALOGUE, Intent.UNKNOWN,
    )  # fmt: skip
