import numpy as np
import onnx
import onnxruntime
import pytest

from reranker.bert_graph import ActivationRange, write_bert_graph, write_observed_graph
from reranker.bert_weights import quantised_bert
from tests.unit.reranker.reference_bert import (
    EPSILON,
    HEADS,
    LAYERS,
    WIDTH,
    WORDS,
    logit,
    random_weights,
)


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


def test_every_product_of_every_layer_is_observed_at_all_tokens(weights, tmp_path):
    bert = quantised_bert(weights, heads=HEADS, epsilon=EPSILON, reads_segments=True)
    path = tmp_path / "observed.onnx"
    read = write_observed_graph(bert, path)
    kinds = ("attention.self", "attention.output.dense", "intermediate.dense", "output.dense")
    assert set(read) == {
        f"bert.encoder.layer.{layer}.{kind}" for layer in range(LAYERS) for kind in kinds
    }
    session = onnxruntime.InferenceSession(str(path), providers=["CPUExecutionProvider"])
    ids = np.array([[3, 4, 5]], np.int64)
    feed = {"input_ids": ids, "attention_mask": np.ones_like(ids), "token_type_ids": ids * 0}
    for layer in range(LAYERS):
        (state,) = session.run([read[f"bert.encoder.layer.{layer}.attention.self"]], feed)
        assert state.shape == (1, 3, WIDTH)


@pytest.mark.parametrize(
    ("lowest", "highest", "scale", "zero_point"),
    # a range always holds zero: 2 / 255, with zero as the first step, and as the last one
    [(-1.0, 1.55, 0.01, 100), (1.0, 2.0, 2 / 255, 0), (-2.0, -1.0, 2 / 255, 255)],
)
def test_a_range_is_cut_into_steps_of_which_one_is_zero(lowest, highest, scale, zero_point):
    reach = ActivationRange(lowest=lowest, highest=highest)
    assert reach.scale == pytest.approx(scale)
    assert reach.zero_point == zero_point


def test_an_activation_that_is_always_zero_has_a_scale():
    assert ActivationRange(lowest=0.0, highest=0.0).scale > 0


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
