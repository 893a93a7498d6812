import numpy as np
import onnx
import pytest
from onnx import TensorProto, helper, numpy_helper

from reranker.bert_weights import NoPlainBertError, quantised_bert, stored_bert
from tests.unit.reranker.reference_bert import HEADS, LAYERS, random_weights

WORDS = "bert.embeddings.word_embeddings.weight"


def quantised(weights, heads=HEADS):
    return quantised_bert(weights, heads=heads, epsilon=1e-12, reads_segments=True)


def write_stored(path, weights, zero_point=0):
    """Write the weights as ONNX Runtime's dynamic quantisation stores them: one scale a matrix."""
    constants, nodes = {}, []

    def store(name, values, kind, zero):
        scale = np.float32(np.abs(values).max() / 60)
        constants[f"{name}_quantized"] = np.rint(values / scale + zero).astype(kind)
        constants[f"{name}_scale"] = np.array(scale, np.float32)
        constants[f"{name}_zero_point"] = np.array(zero, kind)

    for name, values in weights.items():
        layer = name.removesuffix(".weight")
        if name.endswith("_embeddings.weight"):
            store(name, values, np.uint8, 90)
        elif name.endswith(("LayerNorm.weight", ".bias")):
            constants[name] = values
        else:
            made_up = f"onnx::MatMul_{len(nodes)}"
            store(made_up, values.T, np.int8, zero_point)
            output = f"/{layer.replace('.', '/').replace('layer/', 'layer.')}/MatMul_output_0"
            nodes.append(helper.make_node("MatMulInteger", ["x", f"{made_up}_quantized"], [output]))
    values = [numpy_helper.from_array(each, name) for name, each in constants.items()]
    output = helper.make_tensor_value_info("logits", TensorProto.FLOAT, None)
    onnx.save(helper.make_model(helper.make_graph(nodes, "bert", [], [output], values)), path)
    return path


def test_each_output_and_each_word_has_a_scale_of_its_own():
    weights = random_weights()
    bert = quantised(weights)
    name = "bert.encoder.layer.0.intermediate.dense"
    matrix = bert.matrices[name]
    assert bert.layers == LAYERS
    assert np.abs(matrix.values).max(axis=0).tolist() == [127] * 32
    restored = (matrix.values * matrix.scales).T
    # Half a step of the largest weight of the output.
    largest = np.abs(weights[f"{name}.weight"]).max(axis=1, keepdims=True)
    assert (np.abs(restored - weights[f"{name}.weight"]) <= largest / 127 * 0.501).all()
    words = (bert.words.values - bert.words.zero_point) * bert.words.scales
    assert words == pytest.approx(weights[WORDS], abs=float(np.abs(weights[WORDS]).max()) / 250)


def test_an_output_without_weights_stays_zero():
    weights = random_weights()
    weights["bert.encoder.layer.0.output.dense.weight"][3] = 0
    matrix = quantised(weights).matrices["bert.encoder.layer.0.output.dense"]
    assert not matrix.values[:, 3].any()
    assert np.isfinite(matrix.scales).all()


def test_a_stored_model_keeps_every_value(tmp_path):
    weights = random_weights()
    bert = stored_bert(write_stored(tmp_path / "m.onnx", weights), heads=HEADS, epsilon=1e-12)
    name = "bert.encoder.layer.2.attention.self.key"
    scale = np.float32(np.abs(weights[f"{name}.weight"]).max() / 60)
    assert np.array_equal(bert.matrices[name].values, np.rint(weights[f"{name}.weight"].T / scale))
    assert bert.matrices[name].scales == pytest.approx([scale] * 16)
    assert bert.words.zero_point == 90
    pooler = bert.plain["bert.pooler.dense.weight"]
    assert pooler == pytest.approx(weights["bert.pooler.dense.weight"], abs=0.02)
    assert bert.reads_segments


def test_values_that_do_not_lie_around_zero_are_refused(tmp_path):
    path = write_stored(tmp_path / "m.onnx", random_weights(), zero_point=3)
    with pytest.raises(NoPlainBertError, match="is not stored as int8 around zero"):
        stored_bert(path, heads=HEADS, epsilon=1e-12)


@pytest.mark.parametrize(
    "name",
    [
        WORDS,
        "bert.pooler.dense.weight",
        "classifier.bias",
        "bert.encoder.layer.1.attention.self.value.weight",
        "bert.encoder.layer.1.output.LayerNorm.weight",
    ],
)
def test_what_is_missing_is_no_bert(name):
    weights = random_weights()
    del weights[name]
    with pytest.raises(NoPlainBertError, match=r"there (is|are) no"):
        quantised(weights)


def test_a_width_that_heads_cannot_share_is_no_bert():
    with pytest.raises(NoPlainBertError, match="cannot be shared by 3 heads"):
        quantised(random_weights(), heads=3)
