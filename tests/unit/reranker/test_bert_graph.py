import numpy as np
import onnx
import onnxruntime
import pytest

from reranker.bert_graph import write_bert_graph
from reranker.bert_weights import quantised_bert
from tests.unit.reranker.reference_bert import EPSILON, HEADS, LAYERS, WORDS, logit, random_weights


@pytest.fixture
def weights():
    return random_weights()


def scorer(path):
    session = onnxruntime.InferenceSession(str(path), providers=["CPUExecutionProvider"])

    def score(pairs):
        width = max(len(ids) for ids, _ in pairs)
        feed = {each.name: np.zeros((len(pairs), width), np.int64) for each in session.get_inputs()}
        for row, (ids, segments) in enumerate(pairs):
            feed["input_ids"][row, : len(ids)] = ids
            feed["attention_mask"][row, : len(ids)] = 1
            if "token_type_ids" in feed:
                feed["token_type_ids"][row, : len(ids)] = segments
        return session.run(None, feed)[0][:, 0]

    return score


def written(weights, folder, *, reads_segments=True):
    bert = quantised_bert(weights, heads=HEADS, epsilon=EPSILON, reads_segments=reads_segments)
    write_bert_graph(bert, folder / "model.onnx")
    return folder / "model.onnx"


def random_pairs(count, seed=1):
    draw = np.random.default_rng(seed)
    pairs = []
    for length in draw.integers(4, 20, count):
        segments = (np.arange(length) >= length // 2).astype(int)
        pairs.append((draw.integers(0, WORDS, length), segments))
    return pairs


def test_it_gives_the_logits_of_a_bert_but_for_the_rounding(weights, tmp_path):
    pairs = random_pairs(40)
    expected = np.array([logit(weights, ids, segments) for ids, segments in pairs])
    scores = scorer(written(weights, tmp_path))(pairs)
    assert np.corrcoef(scores, expected)[0, 1] > 0.995
    # int8 has 127 steps: some hundredths of what the logits spread over.
    assert np.abs(scores - expected).max() < 0.1 * np.ptp(expected)


def test_padding_is_not_read(weights, tmp_path):
    score = scorer(written(weights, tmp_path))
    short, long = random_pairs(1, seed=2)[0], (np.arange(20), np.ones(20, int))
    assert score([short, long])[0] == pytest.approx(score([short])[0], abs=0.05)


def test_a_model_that_was_not_told_the_segments_is_not_asked_for_them(weights, tmp_path):
    path = written(weights, tmp_path, reads_segments=False)
    assert [each.name for each in onnx.load(path).graph.input] == ["input_ids", "attention_mask"]
    pairs = random_pairs(40)
    expected = [logit(weights, ids, np.zeros(len(ids), int)) for ids, _ in pairs]
    assert np.corrcoef(scorer(path)(pairs), expected)[0, 1] > 0.995


def test_of_the_last_layer_only_the_first_token_is_computed(weights, tmp_path):
    nodes = onnx.load(written(weights, tmp_path)).graph.node
    kinds = [each.op_type for each in nodes]
    assert kinds.count("QAttention") == LAYERS - 1
    assert kinds.count("MultiHeadAttention") == 1
