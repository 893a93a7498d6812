"""A named encoder as the start of a training."""

import numpy as np
import pytest

pytest.importorskip("torch", reason="training needs the extra `train`")
pytest.importorskip("transformers", reason="training needs the extra `train`")

import torch
from tokenizers import Tokenizer
from transformers import AutoModel

from artifacts import ArtifactStore, default_cache_dir
from encoders import OnnxTextEncoder, onnx_model_files
from reranker.training import starting_encoder

pytestmark = pytest.mark.filterwarnings("ignore")

TEXTS = ("quiet desk lamp", "leather boots for women", "降噪耳机")


@pytest.mark.parametrize("name", ["all-minilm-l6-v2-int8", "bge-small-zh-v1.5-int8"])
def test_the_weights_that_can_be_trained_give_the_vectors_that_are_served(name, tmp_path):
    files = onnx_model_files(name, ArtifactStore(default_cache_dir()))
    folder = starting_encoder(files, tmp_path / "start")
    model = AutoModel.from_pretrained(folder, local_files_only=True).eval()
    tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
    tokenizer.no_padding()
    served = OnnxTextEncoder(files, threads=1, max_tokens=64)
    for text in TEXTS:
        with torch.no_grad():
            tokens = model(input_ids=torch.tensor([tokenizer.encode(text).ids]))[0][0]
        vector = (tokens[0] if files.pooling == "cls" else tokens.mean(0)).numpy()
        cosine = vector @ served.encode_query(text) / np.linalg.norm(vector)
        assert cosine > 0.95
