import json
import math

import pytest
from shop import rewritten

from query_understanding import (
    CLASSES,
    Intent,
    TransformerIntents,
    default_intent_model,
    encode_intent_model,
    intent_teller,
)
from query_understanding.intents.intent_rewriter import IntentRewriter
from query_understanding.intents.transformer_intents import IntentDescription
from query_understanding.testing import write_word_classifier
from query_understanding.trained_models import INTENTS_FOLDER
from search_core import ConfigurationError

SUPPORT = CLASSES.index(Intent.SUPPORT)
VOTES = {"parcel": tuple(9.0 if place == SUPPORT else 0.0 for place in range(len(CLASSES)))}


def written(folder, share, temperature=1.0):
    write_word_classifier(folder, VOTES, (None,) * len(CLASSES))
    IntentDescription(
        features=("kind:is",), temperature=temperature, max_tokens=8, share=share
    ).write(folder)
    (folder / "intent.json").write_bytes(encode_intent_model(default_intent_model()))
    return folder


@pytest.fixture
def folder(tmp_path):
    return written(tmp_path / INTENTS_FOLDER, share=1.0)


def told(folder, text, features=()):
    return TransformerIntents(folder).guess(features, text)


def test_alone_it_says_what_the_network_says(folder):
    guess = told(folder, "parcel")
    assert guess.intent is Intent.SUPPORT
    assert guess.confidence == pytest.approx(math.exp(9) / (math.exp(9) + 5))
    assert sum(guess.shares.values()) == pytest.approx(1.0)


def test_the_regression_counts_what_the_network_leaves_it(tmp_path):
    features = ("words:red", "kind:ends")
    half = told(written(tmp_path / "half", share=0.5), "parcel", features)
    regression = default_intent_model().guess(features)
    network = math.exp(9) / (math.exp(9) + 5)
    assert half.shares[Intent.SUPPORT] == pytest.approx(
        0.5 * network + 0.5 * regression.shares[Intent.SUPPORT]
    )


def test_a_higher_temperature_is_less_sure(tmp_path):
    warm = told(written(tmp_path / "warm", share=1.0, temperature=3.0), "parcel")
    assert warm.confidence == pytest.approx(math.exp(3) / (math.exp(3) + 5))


def test_where_nothing_is_likely_the_intent_is_unknown(folder):
    assert told(folder, "zzyzx").intent is Intent.UNKNOWN


def test_features_are_told_in_the_order_of_training():
    described = IntentDescription(
        features=("codes:all", "kind:is"), temperature=1.0, max_tokens=8, share=1.0
    )
    assert described.numbers(["kind:is", "words:red"]) == (0.0, 1.0)


def test_the_rewriter_asks_what_was_trained(folder):
    teller = intent_teller(folder.parent)
    plan = rewritten(IntentRewriter(teller), "PARCEL")
    assert plan.intent == Intent.SUPPORT
    assert intent_teller(folder.parent) is teller


def test_without_one_the_regression_is_asked(tmp_path):
    assert intent_teller(tmp_path) is default_intent_model()
    assert intent_teller(None) is default_intent_model()


@pytest.mark.parametrize("missing", ["model.onnx", "tokenizer.json", "intents.json", "intent.json"])
def test_a_folder_that_lacks_a_file_says_what_to_do(folder, missing):
    (folder / missing).unlink()
    with pytest.raises(ConfigurationError, match="does not load") as caught:
        told(folder, "parcel")
    assert "--method transformer" in caught.value.remedy


@pytest.mark.parametrize("damaged", ["model.onnx", "tokenizer.json", "intents.json", "intent.json"])
@pytest.mark.parametrize("content", [b"", b"{}", b"\xff\xfe no such file"])
def test_a_folder_with_a_damaged_file_says_what_to_do(folder, damaged, content):
    (folder / damaged).write_bytes(content)
    with pytest.raises(ConfigurationError, match="does not load") as caught:
        told(folder, "parcel")
    assert "--method transformer" in caught.value.remedy


def test_a_model_of_other_classes_is_refused(folder):
    path = folder / "intents.json"
    path.write_text(json.dumps(json.loads(path.read_text()) | {"classes": ["buy"]}))
    with pytest.raises(ConfigurationError, match="another version"):
        told(folder, "parcel")
