"""The whole way: a small model trained on titles, exported, loaded as it is served."""

import pytest

pytest.importorskip("torch", reason="training needs the extra `train`")
pytest.importorskip("transformers", reason="training needs the extra `train`")

import torch
from tokenizers import Tokenizer, models, normalizers, pre_tokenizers, processors
from transformers import BertConfig, BertForSequenceClassification

from query_understanding import TransformerCategories, learn_lexicon
from query_understanding.category_training import (
    measure_categories,
    title_examples,
    train_categories,
)
from query_understanding.classifier_training import ClassifierTraining
from search_core import IndexingError

# Libraries that training stands on warn about themselves.
pytestmark = pytest.mark.filterwarnings("ignore")

SPECIAL = ("[PAD]", "[UNK]", "[CLS]", "[SEP]")
SAID = {
    "Desk lamp": ("brass", "dimmer", "reading", "bulb"),
    "Office chair": ("swivel", "armrest", "cushioned", "lumbar"),
    "Bookshelf": ("oak", "shelves", "tall", "paperback"),
}
OPTIONS = ClassifierTraining(
    epochs=30, patience=30, learning_rate=1e-3, head_factor=1.0, batch=16, threads=1
)


@pytest.fixture
def start(tmp_path):
    """Return a Hugging Face folder of a model with two layers that has learned nothing."""
    folder = tmp_path / "untrained"
    named = sorted({word for kind in SAID for word in kind.lower().split()})
    words = (*SPECIAL, *(word for each in SAID.values() for word in each), *named)
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
        intermediate_size=128, max_position_embeddings=64, num_labels=1,
    )  # fmt: skip
    BertForSequenceClassification(config).save_pretrained(folder)
    tokenizer.save(str(folder / "tokenizer.json"))
    return folder


def examples():
    """Return cut titles whose words say what the product is, in every order."""
    documents = [
        {
            "id": f"{kind} {first} {last}",
            "title": f"{words[first]} {words[last]}",
            "product_type": kind,
        }
        for kind, words in SAID.items()
        for first in range(4)
        for last in range(4)
    ]
    return title_examples(documents, seed=1, slips=False)


def test_what_is_trained_tells_products_that_it_has_not_seen(start, tmp_path):
    train = [each for each in examples() if each.fold > 1]
    held_out = [each for each in examples() if each.fold == 1]
    tested = [each for each in examples() if each.fold == 0]
    trained = train_categories(train, held_out, start, tmp_path / "categories", OPTIONS)
    assert (trained.kinds, trained.examples) == (3, len(train))
    assert sorted(each.name for each in trained.folder.iterdir()) == [
        "categories.json", "model.onnx", "tokenizer.json",
    ]  # fmt: skip
    model = TransformerCategories(trained.folder)
    report, _ = measure_categories(model.shares, tested)
    assert report.queries >= 10
    assert report.accuracy >= 0.9
    assert sum(model.shares("brass dimmer").values()) == pytest.approx(1.0)


def test_training_stops_when_nothing_is_gained(start, tmp_path):
    few = ClassifierTraining(epochs=30, patience=1, learning_rate=0.0, batch=16, threads=1)
    train = [each for each in examples() if each.fold > 1]
    held_out = [each for each in examples() if each.fold == 1]
    trained = train_categories(train, held_out, start, tmp_path / "categories", few)
    an_epoch = -(-len(train) // 16)
    assert trained.steps == 2 * an_epoch


def test_one_kind_is_nothing_to_tell_apart(start, tmp_path):
    lamps = [each for each in examples() if each.kinds[0][1] == "Desk lamp"]
    with pytest.raises(IndexingError, match="1 kinds of product"):
        train_categories(lamps, lamps, start, tmp_path / "categories", OPTIONS)
    assert not (tmp_path / "categories").exists()


def test_the_head_alone_can_be_trained(start, tmp_path):
    head = ClassifierTraining(epochs=0, threads=1)
    train = [each for each in examples() if each.fold > 1]
    held_out = [each for each in examples() if each.fold == 1]
    trained = train_categories(train, held_out, start, tmp_path / "categories", head)
    assert trained.steps == 0
    report, _ = measure_categories(
        TransformerCategories(trained.folder).shares, [each for each in examples() if not each.fold]
    )
    assert report.accuracy >= 0.6  # of three kinds, by the means of an encoder that knows nothing


def test_a_model_that_adds_nothing_to_what_is_there_counts_nothing(start, tmp_path):
    head = ClassifierTraining(epochs=0, threads=1)
    train = [each for each in examples() if each.fold > 1]
    held_out = [each for each in examples() if each.fold == 1]
    knows_all = learn_lexicon(
        {"title": each.text, "product_type": each.kinds[0][1]} for each in examples()
    )
    trained = train_categories(
        train, held_out, start, tmp_path / "categories", head, beside=knows_all
    )
    assert trained.share <= 0.3
