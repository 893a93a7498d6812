import numpy as np
import orjson
import pytest

from query_understanding import (
    CLASSES,
    Intent,
    IntentModel,
    decode_intent_model,
    default_intent_model,
    encode_intent_model,
    intent_model,
    read_intent_model,
)
from query_understanding.intents.intent_features import SAYS_NOTHING_ENGLISH
from search_core import ConfigurationError


def row(**weights):
    return np.array([weights.get(each.value, 0.0) for each in CLASSES], dtype=np.float32)


MODEL = IntentModel(
    weights={
        "words:return": row(support=4.0),
        "kind:is": row(buy=3.0),
        "length:1": row(support=-0.5, buy=0.5),
    },
    bias=row(),
    temperature=1.0,
)


def test_the_class_with_the_greatest_sum_of_weights_is_guessed():
    guess = MODEL.guess(["words:return", "words:never seen"])
    assert guess.intent is Intent.SUPPORT
    # e^4 against the five other classes' e^0 each
    assert guess.confidence == pytest.approx(np.e**4 / (np.e**4 + 5))
    assert guess.because == ("words:return",)


def test_shares_add_up_to_one():
    assert sum(MODEL.guess(["words:return", "kind:is"]).shares.values()) == pytest.approx(1.0)


def test_no_class_likelier_than_all_others_is_unknown():
    guess = MODEL.guess([])
    assert guess.intent is Intent.UNKNOWN
    assert guess.confidence == pytest.approx(1 / 6)


def test_a_higher_temperature_is_less_sure():
    warm = IntentModel(weights=MODEL.weights, bias=MODEL.bias, temperature=2.0)
    features = ["words:return"]
    assert warm.guess(features).confidence < MODEL.guess(features).confidence


def test_reasons_that_speak_against_are_not_given():
    assert "length:1" not in MODEL.guess(["words:return", "length:1"]).because


def test_a_model_is_read_as_it_was_written():
    read = decode_intent_model(encode_intent_model(MODEL), "test")
    assert {name: list(each) for name, each in read.weights.items()} == {
        name: list(each) for name, each in MODEL.weights.items()
    }


def changed(**fields):
    return orjson.dumps({**orjson.loads(encode_intent_model(MODEL)), **fields})


@pytest.mark.parametrize(
    ("data", "problem"),
    [
        (b"", "damaged"),
        (b"[]", "damaged"),
        (b"{}", "damaged"),
        (changed(weights={"kind:is": [1.0]}), "damaged"),
        (changed(weights={"kind:is": ["a"] * 6}), "damaged"),
        (changed(bias=[None] * 6), "damaged"),
        (changed(format=99), "another version"),
        (changed(classes=["buy"]), "another version"),
    ],
)
def test_what_is_no_model_is_refused(data, problem):
    with pytest.raises(ConfigurationError, match=problem):
        decode_intent_model(data, "intent.json")


def test_a_missing_file_is_named(tmp_path):
    with pytest.raises(ConfigurationError, match=r"nothing\.json"):
        read_intent_model(tmp_path / "nothing.json")


def test_a_trained_model_takes_the_place_of_the_shipped_one(tmp_path):
    assert intent_model(None) is default_intent_model()
    assert intent_model(tmp_path) is default_intent_model()
    (tmp_path / "intent.json").write_bytes(encode_intent_model(MODEL))
    assert set(intent_model(tmp_path).weights) == set(MODEL.weights)


@pytest.mark.parametrize(
    ("lacks", "intent"),
    [
        ("none", Intent.UNKNOWN),
        ("less than half", Intent.UNKNOWN),
        ("half or more", Intent.OUT_OF_CATALOGUE),
        ("all", Intent.OUT_OF_CATALOGUE),
    ],
)
def test_a_catalogue_that_has_most_of_the_words_is_not_said_to_lack_them(lacks, intent):
    foreign = IntentModel(weights={"head in:no": row(out_of_catalogue=4.0)}, bias=row())
    guess = foreign.guess(["head in:no", f"catalogue lacks:{lacks}"])
    assert guess.intent is intent
    # How likely it is stays as the model says.
    assert guess.confidence == pytest.approx(np.e**4 / (np.e**4 + 5))


_SOME = "titles have together:none, catalogue lacks:less than half"


@pytest.mark.parametrize(
    ("weight", "features", "intent"),
    [
        (4.0, (_SOME,), Intent.OUT_OF_CATALOGUE),  # e^4 / (e^4 + 5) = .92
        (1.7, (_SOME,), Intent.UNKNOWN),  # .52, less than .6
        (1.7, ("catalogue lacks:all",), Intent.OUT_OF_CATALOGUE),
        (4.0, ("catalogue lacks:all", SAYS_NOTHING_ENGLISH), Intent.UNKNOWN),
    ],
)
def test_what_the_catalogue_lacks_in_part_needs_more_and_another_language_is_not_lacking(
    weight, features, intent
):
    foreign = IntentModel(weights={"head in:no": row(out_of_catalogue=weight)}, bias=row())
    assert foreign.guess(["head in:no", *features]).intent is intent
