"""What is exported: other kinds of models, other precisions, fixed scales."""

import itertools
import json
import math

import pytest

pytest.importorskip("torch", reason="training needs the extra `train`")
pytest.importorskip("sentence_transformers", reason="training needs the extra `train`")

import numpy as np
import onnx
import torch
from click.testing import CliRunner
from tokenizers import Tokenizer, models, pre_tokenizers, processors
from transformers import (
    BertConfig,
    BertForSequenceClassification,
    DistilBertConfig,
    DistilBertForSequenceClassification,
    XLMRobertaConfig,
    XLMRobertaForSequenceClassification,
)

from reranker import check_cross_encoder
from reranker.cross_encoder import CrossEncoder, ScoringOptions
from reranker.training import (
    Precision,
    TrainingGroup,
    export_cross_encoder,
    held_out_pairs,
    training_pairs,
    write_groups,
)
from search_core import RerankerTrainingError
from search_core.settings import RerankerTrainingSettings
from shopkeeper.commands.reranker_train import export

pytestmark = pytest.mark.filterwarnings("ignore")

WORDS = ("red", "black", "summer", "laser", "dress", "toner", "printer", "a", "new", "desk", "oak")
PAIRS = [
    (f"{colour} {kind}", f"a new {other} {thing}")
    for colour in ("red", "black")
    for kind in ("dress", "toner", "printer")
    for other in ("red", "summer", "oak")
    for thing in ("dress", "desk")
]
SIZES = {
    "vocab_size": len(WORDS) + 5,
    "num_labels": 1,
    "pad_token_id": 1,
    # Wider than what training starts from, which gives all pairs nearly the same logit.
    "initializer_range": 0.2,
}


def bert():
    return BertForSequenceClassification(
        BertConfig(
            **SIZES, hidden_size=64, num_hidden_layers=3, num_attention_heads=2,
            intermediate_size=128, max_position_embeddings=64,
        )
    )  # fmt: skip


def distilbert():
    return DistilBertForSequenceClassification(
        DistilBertConfig(
            **SIZES, dim=64, n_layers=3, n_heads=2, hidden_dim=128, max_position_embeddings=64
        )
    )


def xlm_roberta():
    return XLMRobertaForSequenceClassification(
        XLMRobertaConfig(
            **SIZES, hidden_size=64, num_hidden_layers=3, num_attention_heads=2,
            intermediate_size=128, max_position_embeddings=66, type_vocab_size=1,
        )
    )  # fmt: skip


@pytest.fixture
def make_folder(tmp_path):
    def make(architecture, *, segments):
        folder = tmp_path / architecture.__name__
        words = ("<s>", "<pad>", "</s>", "<unk>", "<mask>", *WORDS)
        tokenizer = Tokenizer(
            models.WordLevel({word: place for place, word in enumerate(words)}, "<unk>")
        )
        tokenizer.pre_tokenizer = pre_tokenizers.Whitespace()
        tokenizer.post_processor = processors.TemplateProcessing(
            single="<s> $A </s>",
            pair="<s> $A </s> $B:1 </s>:1" if segments else "<s> $A </s> $B </s>",
            special_tokens=[("<s>", 0), ("</s>", 2)],
        )
        torch.manual_seed(1)
        architecture().save_pretrained(folder)
        tokenizer.save(str(folder / "tokenizer.json"))
        names = ["input_ids", "attention_mask", *(["token_type_ids"] if segments else [])]
        told = {"tokenizer_class": "PreTrainedTokenizerFast", "pad_token": "<pad>"}
        (folder / "tokenizer_config.json").write_text(
            json.dumps(told | {"model_input_names": names})
        )
        (folder / "model_card.json").write_text(json.dumps({"name": "mine", "languages": ["en"]}))
        return folder

    return make


def kinds_of(folder):
    return {node.op_type for node in onnx.load(folder / "model.onnx").graph.node}


@pytest.mark.parametrize("architecture", [distilbert, xlm_roberta])
def test_another_model_than_a_bert_is_quantised_as_pytorch_exports_it(
    make_folder, tmp_path, architecture
):
    model = make_folder(architecture, segments=False)
    exported = export_cross_encoder(model, tmp_path / "onnx", PAIRS)
    assert exported.largest_difference <= 1e-3
    assert exported.correlation >= 0.98
    kinds = kinds_of(exported.folder)
    assert "QAttention" not in kinds
    assert kinds & {"MatMulInteger", "DynamicQuantizeMatMul"}
    plain = export_cross_encoder(model, tmp_path / "fp32", PAIRS, precision=Precision.FP32)
    assert exported.size_bytes < plain.size_bytes
    assert check_cross_encoder(exported.folder).languages == ("en",)


@pytest.mark.parametrize("architecture", [bert, xlm_roberta])
def test_half_the_digits_give_the_same_scores_and_every_matrix_is_stored_so(
    make_folder, tmp_path, architecture
):
    model = make_folder(architecture, segments=architecture is bert)
    exported = export_cross_encoder(model, tmp_path / "fp16", PAIRS, precision=Precision.FP16)
    assert exported.correlation >= 0.9999
    plain = export_cross_encoder(model, tmp_path / "fp32", PAIRS, precision=Precision.FP32)
    assert exported.size_bytes < plain.size_bytes
    graph = onnx.load(exported.folder / "model.onnx").graph
    matrices = [each for each in graph.initializer if math.prod(each.dims) >= 64 * 64]
    assert {each.data_type for each in matrices} == {onnx.TensorProto.FLOAT16}
    # Whoever asks need not know: ids and logits are as in fp32.
    assert graph.output[0].type.tensor_type.elem_type == onnx.TensorProto.FLOAT
    scores, expected = (
        CrossEncoder(each.folder, ScoringOptions(threads=1)).score(PAIRS)
        for each in (exported, plain)
    )
    assert np.abs(scores - expected).max() < 0.01 * max(np.ptp(expected), 0.1)


def test_a_calibrated_bert_scores_a_pair_the_same_whatever_stands_beside_it(make_folder, tmp_path):
    model = make_folder(bert, segments=True)
    calibration = [(query, f"new {passage}") for query, passage in PAIRS]
    exported = export_cross_encoder(model, tmp_path / "onnx", PAIRS, calibration=calibration)
    assert exported.correlation >= 0.98
    assert "DynamicQuantizeLinear" not in kinds_of(exported.folder)
    served = CrossEncoder(exported.folder, ScoringOptions(threads=1))
    together = served.score(PAIRS).tolist()
    assert together == pytest.approx([served.score([each]).item() for each in PAIRS], abs=1e-5)
    card = json.loads((exported.folder / "model_card.json").read_text())
    assert card["export"]["calibrated_on_pairs"] == len(calibration)
    assert card["export"]["precision"] == "int8"


@pytest.mark.parametrize(
    ("architecture", "precision", "said"),
    [(distilbert, Precision.INT8, "another model"), (bert, Precision.FP16, "fp16")],
)
def test_what_cannot_be_calibrated_is_said_and_nothing_is_written(
    make_folder, tmp_path, architecture, precision, said
):
    model = make_folder(architecture, segments=architecture is bert)
    with pytest.raises(RerankerTrainingError, match=said):
        export_cross_encoder(
            model, tmp_path / "onnx", PAIRS, precision=precision, calibration=PAIRS
        )
    assert not (tmp_path / "onnx").exists()


def test_calibration_wants_enough_pairs(make_folder, tmp_path):
    with pytest.raises(RerankerTrainingError, match="calibrated on 3 pairs; 20 are the least"):
        export_cross_encoder(
            make_folder(bert, segments=True), tmp_path / "onnx", PAIRS, calibration=PAIRS[:3]
        )


def test_the_command_calibrates_on_what_was_trained_on_and_compares_on_what_was_held_out(
    make_folder, tmp_path
):
    model = make_folder(bert, segments=True)
    texts = [passage for _, passage in PAIRS[:12]]
    groups = [
        TrainingGroup(
            query=f"{first} {second}", passages=tuple(texts[place % 8 : place % 8 + 4]),
            targets=(4.0, 2.0, 1.0, 0.0), family=f"{first} {second}", source="kind",
        )
        for place, (first, second) in enumerate(itertools.permutations(WORDS, 2))
    ]  # fmt: skip
    write_groups(groups, model / "groups.jsonl")
    arguments = [str(model), str(tmp_path / "onnx"), "--calibrate", "60", "--json"]
    result = CliRunner().invoke(export, arguments)
    assert result.exit_code == 0, result.output
    answer = json.loads(result.stdout)
    assert answer["correlation"] >= 0.98
    held_out = answer["compared_pairs"]
    assert 20 <= held_out < 4 * len(groups)
    training = RerankerTrainingSettings()
    compared = set(held_out_pairs(model, training))
    learned = training_pairs(model, training, 60)
    assert (len(learned), learned) == (60, training_pairs(model, training, 60))
    assert not compared & set(learned)
    card = json.loads((tmp_path / "onnx" / "model_card.json").read_text())
    assert card["export"]["calibrated_on_pairs"] == 60
