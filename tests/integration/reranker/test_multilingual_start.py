"""The start in many languages: fetched, pruned, trained, exported, served in both ways."""

import json

import numpy as np
import pytest

pytest.importorskip("torch", reason="training needs the extra `train`")
pytest.importorskip("sentence_transformers", reason="training needs the extra `train`")

import onnx
import torch
from tokenizers import Tokenizer
from transformers import AutoModel, AutoModelForSequenceClassification

from artifacts import ArtifactStore, default_cache_dir
from reranker import (
    NotReranked,
    Reranked,
    connect_model_server,
    create_reranker,
    load_cross_encoder,
    publish_cross_encoder,
)
from reranker.cross_encoder import ScoringOptions
from reranker.training import (
    ShopTexts,
    TrainingGroup,
    export_cross_encoder,
    train_cross_encoder,
    training_start,
)
from reranker.training.starting_model import WantedVocabulary, write_starting_model
from search_core.settings import RerankerSettings, RerankerTrainingSettings

# Libraries that training stands on warn about themselves.
pytestmark = pytest.mark.filterwarnings("ignore")

KINDS = {
    "连衣裙": "夏季新款碎花连衣裙", "保温杯": "不锈钢保温杯 500ml", "手机壳": "磁吸手机壳 防摔",
    "dress": "a summer dress with flowers", "mug": "steel travel mug 500 ml", "case": "phone case",
}  # fmt: skip
TEXTS = [*KINDS, *KINDS.values()]


@pytest.fixture(scope="module")
def start():
    return training_start("multilingual-e5-small", ArtifactStore(default_cache_dir()))


def groups():
    """Return queries for which a product of the kind is better than the others."""
    return [
        TrainingGroup(
            query=kind, passages=(title, *others), targets=(4.0, 0.0, 0.0),
            family=kind, source="kind",
        )
        for kind, title in KINDS.items()
        for others in [[each for each in KINDS.values() if each != title][:2]]
    ]  # fmt: skip


@pytest.fixture(scope="module")
def exported(start, tmp_path_factory):
    folder = tmp_path_factory.mktemp("multilingual")
    settings = RerankerTrainingSettings(
        layers=2, vocabulary_pieces=1, epochs=2.0, lists_per_step=2, measurements=1,
        held_out_share=0.2, max_tokens=48, threads=1,
    )  # fmt: skip
    shop = ShopTexts(languages=("en", "zh"), texts=TEXTS)
    trained = train_cross_encoder(groups(), start, folder / "trained", settings, shop=shop)
    pairs = [(query, title) for query in KINDS for title in KINDS.values()]
    return export_cross_encoder(trained.folder, folder / "onnx", pairs)


def test_it_finds_the_same_meaning_in_another_language(start):
    model = AutoModel.from_pretrained(start, local_files_only=True).eval()
    tokenizer = Tokenizer.from_file(str(start / "tokenizer.json"))

    def vector(text):
        ids = torch.tensor([tokenizer.encode(f"query: {text}").ids])
        with torch.no_grad():
            state = model(input_ids=ids).last_hidden_state[0].mean(0).numpy()
        return state / np.linalg.norm(state)

    dress = vector("red dress")
    assert dress @ vector("红色连衣裙") > dress @ vector("打印机墨盒") + 0.02
    assert dress @ vector("rotes Kleid") > dress @ vector("Druckerpatrone") + 0.02


def test_a_pruned_start_gives_the_logits_of_the_whole_one(start, tmp_path):
    wanted = WantedVocabulary(texts=TEXTS, pieces=1)
    write_starting_model(start, tmp_path / "whole", layers=2, seed=1)
    write_starting_model(start, tmp_path / "pruned", layers=2, seed=1, vocabulary=wanted)
    sizes, logits = [], []
    for name in ("whole", "pruned"):
        folder = tmp_path / name
        sizes.append((folder / "model.safetensors").stat().st_size)
        model = AutoModelForSequenceClassification.from_pretrained(folder).eval()
        tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
        encoded = [tokenizer.encode(query, title) for query, title in KINDS.items()]
        with torch.no_grad():
            logits.append(
                [
                    model(
                        input_ids=torch.tensor([each.ids]),
                        token_type_ids=torch.tensor([each.type_ids]),
                    ).logits.item()
                    for each in encoded
                ]
            )
    assert logits[1] == pytest.approx(logits[0], abs=1e-5)
    assert sizes[1] < sizes[0] / 5


def test_adapters_learn_beside_a_pruned_vocabulary(start, tmp_path):
    settings = RerankerTrainingSettings(
        layers=2, vocabulary_pieces=1, epochs=1.0, lists_per_step=2, measurements=1,
        held_out_share=0.2, max_tokens=48, threads=1, lora_rank=4,
    )  # fmt: skip
    trained = train_cross_encoder(groups(), start, tmp_path / "mine", settings)
    before, after = (
        AutoModelForSequenceClassification.from_pretrained(each).state_dict()
        for each in (trained.folder / "start", trained.folder)
    )
    changed = {name for name in before if not torch.equal(before[name], after[name])}
    assert {name.split(".")[-2] for name in changed if ".layer." in name} == {"query", "value"}
    assert "bert.embeddings.word_embeddings.weight" not in changed


def test_its_export_is_the_graph_for_cpus_with_the_languages_of_the_shop(exported):
    card = json.loads((exported.folder / "model_card.json").read_text())
    assert (card["languages"], card["start"]) == (["en", "zh"], "multilingual-e5-small")
    assert exported.correlation >= 0.98
    nodes = onnx.load(exported.folder / "model.onnx").graph.node
    assert sum(node.op_type == "QAttention" for node in nodes) == 1


async def test_a_chinese_query_is_reranked_and_one_in_a_language_it_never_saw_is_not(exported):
    settings = RerankerSettings(kind="onnx", cross_encoder=str(exported.folder), threads=1)
    reranker = create_reranker(settings, ArtifactStore(default_cache_dir()))
    titles = tuple(KINDS.values())
    try:
        for query in ("连衣裙", "red dress"):
            told = await reranker.rerank(query, titles, language=None, timeout_seconds=30)
            assert isinstance(told, Reranked)
            assert len(set(told.scores)) > 1
        told = await reranker.rerank("красное платье", titles, language=None, timeout_seconds=30)
        assert isinstance(told, NotReranked)
        told = await reranker.rerank("rotes kleid", titles, language="de", timeout_seconds=30)
        assert isinstance(told, NotReranked)
    finally:
        await reranker.close()


async def test_triton_gives_the_scores_of_this_process(exported, triton):
    server = connect_model_server(triton.status.url)
    publish_cross_encoder(exported.folder, triton.repository, server)
    options = ScoringOptions(threads=1)
    titles = tuple(KINDS.values())
    reranker = triton.reranker()
    try:
        for query in ("连衣裙", "travel mug"):
            told = await reranker.rerank(query, titles, language=None, timeout_seconds=30)
            assert isinstance(told, Reranked)
            model = load_cross_encoder(exported.folder, options)
            expected = model.score([(query, title) for title in titles])
            assert told.scores == pytest.approx(expected.tolist(), abs=0.02)
    finally:
        await reranker.close()
