"""A transformer of intents: trained, exported, measured, and loaded as it is served."""

import json

import pytest

pytest.importorskip("torch", reason="training needs the extra `train`")
pytest.importorskip("transformers", reason="training needs the extra `train`")

import torch
from click.testing import CliRunner
from tokenizers import Tokenizer, models, normalizers, pre_tokenizers, processors
from transformers import BertConfig, BertModel

from query_understanding import (
    CLASSES,
    Intent,
    IntentModel,
    LabelledQuery,
    TransformerIntents,
    default_intent_model,
    learn_catalogue,
    measure_intents,
    train_transformer_intents,
)
from query_understanding.classifier_training import ClassifierTraining
from shopkeeper.commands.understand import understand

# Libraries that training stands on warn about themselves.
pytestmark = pytest.mark.filterwarnings("ignore")

SPECIAL = ("[PAD]", "[UNK]", "[CLS]", "[SEP]")
SAID = {
    Intent.SUPPORT: ("refund", "parcel", "late", "courier"),
    Intent.INFORM: ("why", "compare", "which", "better"),
}
OPTIONS = ClassifierTraining(
    epochs=20, patience=20, learning_rate=1e-3, head_factor=1.0, batch=16, threads=1
)
KNOWS_NOTHING = IntentModel(weights={}, bias=default_intent_model().bias * 0)


@pytest.fixture
def start(tmp_path):
    """Return a Hugging Face folder of an encoder with two layers that has learned nothing."""
    folder = tmp_path / "untrained"
    words = (*SPECIAL, "lamp", "chair", *(word for each in SAID.values() for word in each))
    tokenizer = Tokenizer(
        models.WordLevel({word: place for place, word in enumerate(words)}, "[UNK]")
    )
    tokenizer.normalizer = normalizers.Lowercase()
    tokenizer.pre_tokenizer = pre_tokenizers.Whitespace()
    tokenizer.post_processor = processors.TemplateProcessing(
        single="[CLS] $A [SEP]", special_tokens=[("[CLS]", 2), ("[SEP]", 3)]
    )
    torch.manual_seed(1)
    config = BertConfig(
        vocab_size=len(words), hidden_size=64, num_hidden_layers=2, num_attention_heads=2,
        intermediate_size=128, max_position_embeddings=64,
    )  # fmt: skip
    BertModel(config, add_pooling_layer=False).save_pretrained(folder)
    tokenizer.save(str(folder / "tokenizer.json"))
    return folder


def queries():
    """Return queries whose words say the intent, but for codes, which only a feature tells."""
    found = [
        LabelledQuery(text=f"{first} {last}", features=("codes:none",), intent=intent, fold=place)
        for intent, words in SAID.items()
        for place, first in enumerate(words)
        for last in words
    ]
    coded = [
        LabelledQuery(text=text, features=("codes:all",), intent=Intent.IDENTIFIER, fold=place)
        for place, text in enumerate(("lamp chair", "chair lamp", "lamp", "chair"))
    ]
    return [*found, *coded * 4]


def test_what_is_trained_tells_queries_that_it_has_not_seen(start, tmp_path):
    train = [each for each in queries() if each.fold > 1]
    held_out = [each for each in queries() if each.fold == 1]
    tested = [each for each in queries() if each.fold == 0]
    trained = train_transformer_intents(
        train, held_out, KNOWS_NOTHING, start, tmp_path / "intents", OPTIONS
    )
    assert trained.share == 1.0
    assert sorted(each.name for each in trained.folder.iterdir()) == [
        "intents.json", "model.onnx", "tokenizer.json",
    ]  # fmt: skip
    report = measure_intents(TransformerIntents(trained.folder, KNOWS_NOTHING), tested)
    assert report.accuracy >= 0.9
    assert set(report.confusion) <= set(CLASSES)


def test_the_command_trains_on_the_shops_queries_and_installs_what_is_better(
    client, index, opensearch_url, start, tmp_path
):
    learn_catalogue(client, index)
    labels = tmp_path / "labelled.csv"
    rows = [f"{one} {other},support" for one in SAID[Intent.SUPPORT] for other in ("lamp", "chair")]
    rows += [f"{one} {two},inform" for one in SAID[Intent.INFORM] for two in ("lamp", "chair")]
    labels.write_text("\n".join(["query,intent", *rows]), encoding="utf-8")
    trained = tmp_path / "trained"
    options = [
        *("--index", index, "--queries", str(labels), "--method", "transformer"),
        *("--start", str(start), "--layers", "2", "--epochs", "0", "--json"),
        *("--set", f"search_engine.url={opensearch_url}"),
        *("--set", f"query_understanding.trained={trained}"),
    ]
    done = CliRunner().invoke(understand, ["train", *options])
    outcome = json.loads(done.stdout)
    assert done.exit_code == (0 if outcome["passed"] else 1), done.output
    assert "a fifth of the shop's labelled queries" in outcome["tested_on"]
    assert 0.0 <= outcome["share"] <= 1.0
    assert (trained / "intents" / "model.onnx").exists() == outcome["passed"]
