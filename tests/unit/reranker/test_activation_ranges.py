"""Fixed scales for activations, measured on pairs and put into the graph."""

import json

import numpy as np
import pytest
from tokenizers import Tokenizer, models, pre_tokenizers, processors

from reranker.activation_ranges import measure_activation_ranges
from reranker.bert_graph import write_bert_graph, write_observed_graph
from reranker.bert_weights import quantised_bert
from reranker.cross_encoder import CARD_FILE, TOKENIZER_FILE, CrossEncoder, ScoringOptions
from tests.unit.reranker.reference_bert import EPSILON, HEADS, LAYERS, WORDS, logit, random_weights

TOKENS = tuple(f"w{place}" for place in range(WORDS))
MOST_TOKENS = 30


@pytest.fixture
def bert():
    weights = random_weights()
    return quantised_bert(weights, heads=HEADS, epsilon=EPSILON, reads_segments=True)


@pytest.fixture
def folder(tmp_path):
    """Return a folder with a tokenizer, in which `w7` is token 7."""
    tokenizer = Tokenizer(
        models.WordLevel({word: place for place, word in enumerate(TOKENS)}, TOKENS[0])
    )
    tokenizer.pre_tokenizer = pre_tokenizers.Whitespace()
    tokenizer.post_processor = processors.TemplateProcessing(single="$A", pair="$A $B:1")
    tokenizer.save(str(tmp_path / TOKENIZER_FILE))
    (tmp_path / CARD_FILE).write_text(json.dumps({"name": "random"}))
    return tmp_path


def random_pairs(count, seed=1):
    draw = np.random.default_rng(seed)
    return [
        tuple(" ".join(draw.choice(TOKENS, length)) for length in draw.integers(2, 10, 2))
        for _ in range(count)
    ]


def expected_logits(pairs):
    ids = [[[int(word[1:]) for word in text.split()] for text in pair] for pair in pairs]
    return np.array(
        [
            logit(random_weights(), np.array(query + passage), np.array(segments))
            for query, passage in ids
            for segments in [[0] * len(query) + [1] * len(passage)]
        ]
    )


def test_with_fixed_scales_a_score_does_not_depend_on_the_pairs_beside_it(bert, folder):
    ranges = measure_activation_ranges(
        bert, folder / TOKENIZER_FILE, random_pairs(100), MOST_TOKENS
    )
    write_bert_graph(bert, folder / "model.onnx", ranges=ranges)
    model = CrossEncoder(folder, ScoringOptions(threads=1))
    pairs = random_pairs(60, seed=2)
    together = model.score(pairs)
    assert np.corrcoef(together, expected_logits(pairs))[0, 1] > 0.995
    alone = [model.score([each]).item() for each in pairs]
    assert together.tolist() == pytest.approx(alone, abs=1e-4)


def test_a_range_leaves_out_what_one_pair_in_a_hundred_reaches(bert, folder, tmp_path):
    pairs = random_pairs(100)
    ranges = measure_activation_ranges(bert, folder / TOKENIZER_FILE, pairs, MOST_TOKENS)
    read = write_observed_graph(bert, tmp_path / "observed.onnx")
    assert ranges.keys() == read.keys()
    assert len(ranges) == 4 * LAYERS
    alike = measure_activation_ranges(bert, folder / TOKENIZER_FILE, pairs[:1] * 2, MOST_TOKENS)
    for name, reach in ranges.items():
        assert reach.lowest < 0 < reach.highest
        assert alike[name].highest - alike[name].lowest < 1.5 * (reach.highest - reach.lowest)


def test_a_pair_is_cut_as_it_is_when_it_is_scored(bert, folder):
    long = ("w1 w2 " * 100, "w3 " * 100)
    # 64 places are all that the model has: more tokens would fail.
    assert measure_activation_ranges(bert, folder / TOKENIZER_FILE, [long], 64)
