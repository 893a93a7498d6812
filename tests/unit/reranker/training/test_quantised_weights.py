import numpy as np
import onnx
import pytest
from onnx import TensorProto, helper, numpy_helper

from reranker.training.quantised_weights import read_onnx_weights
from search_core import RerankerTrainingError

EMBEDDINGS = np.arange(12, dtype=np.float32).reshape(4, 3) / 10
DENSE = np.array([[1.0, -2.0], [0.5, 0.0], [3.0, 1.0]], np.float32)
"""As ONNX stores it: inputs by outputs."""


def write(path, nodes, initializers):
    values = [numpy_helper.from_array(each, name) for name, each in initializers.items()]
    output = helper.make_tensor_value_info("logits", TensorProto.FLOAT, None)
    graph = helper.make_graph(nodes, "bert", [], [output], values)
    onnx.save(helper.make_model(graph), path)
    return path


def test_a_matrix_gets_the_name_of_its_layer_and_is_turned_back(tmp_path):
    path = write(
        tmp_path / "model.onnx",
        [helper.make_node("MatMul", ["x", "onnx::MatMul_1"], ["/bert/pooler/dense/MatMul_out"])],
        {
            "bert.embeddings.word_embeddings.weight": EMBEDDINGS,
            "bert.pooler.dense.bias": np.array([1.0, 2.0], np.float32),
            "onnx::MatMul_1": DENSE,
        },
    )
    weights = read_onnx_weights(path)
    assert weights.keys() == {
        "bert.embeddings.word_embeddings.weight", "bert.pooler.dense.bias",
        "bert.pooler.dense.weight",
    }  # fmt: skip
    assert weights["bert.pooler.dense.weight"] == pytest.approx(DENSE.T)


def test_quantised_values_are_multiplied_by_their_scale_again(tmp_path):
    def quantised(name, values, scale, zero_point, kind):
        return {
            f"{name}_quantized": np.rint(values / scale + zero_point).astype(kind),
            f"{name}_scale": np.array(scale, np.float32),
            f"{name}_zero_point": np.array(zero_point, kind),
        }

    word = "bert.embeddings.word_embeddings.weight"
    path = write(
        tmp_path / "model.onnx",
        [
            helper.make_node(
                "MatMulInteger",
                ["x", "onnx::MatMul_1_quantized"],
                ["/bert/encoder/layer.0/attention/self/query/MatMul_out_quantized"],
            ),
            helper.make_node("MatMulInteger", ["y", "classifier.weight_quantized"], ["logits_q"]),
        ],
        quantised(word, EMBEDDINGS, 0.01, 3, np.uint8)
        | quantised("onnx::MatMul_1", DENSE, 0.03, 0, np.int8)
        | quantised("classifier.weight", DENSE, 0.03, 5, np.int8),
    )
    weights = read_onnx_weights(path)
    assert weights[word] == pytest.approx(EMBEDDINGS, abs=0.005)
    query = weights["bert.encoder.layer.0.attention.self.query.weight"]
    assert query == pytest.approx(DENSE.T, abs=0.015)
    assert weights["classifier.weight"] == pytest.approx(DENSE.T, abs=0.015)


def test_a_file_without_named_weights_is_refused(tmp_path):
    path = write(tmp_path / "model.onnx", [], {"onnx::Gather_7": EMBEDDINGS})
    with pytest.raises(RerankerTrainingError, match="was not exported from a BERT"):
        read_onnx_weights(path)
