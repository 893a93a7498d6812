"""The text encoder that Triton serves gives the vectors that the one in this process gives."""

import numpy as np
from tritonclient import grpc

from artifacts import ArtifactStore, default_cache_dir
from encoders import create_text_encoder
from reranker import ModelRepository, connect_model_server, publish_text_encoder
from search_core.settings import EncoderSettings

MODEL = "all-minilm-l6-v2-int8"
TEXTS = ["red summer dress", "toner cartridge, black", "", "😀 café", "usb cable " * 500]


def vectors_of(url, texts):
    """One text a request: int8 activations depend a little on the texts beside them."""
    client = grpc.InferenceServerClient(url)
    rows = []
    for text in texts:
        tensor = grpc.InferInput("TEXT", [1, 1], "BYTES")
        tensor.set_data_from_numpy(np.array([[text.encode()]], np.object_))
        rows.append(client.infer("text_encoder", [tensor]).as_numpy("VECTOR")[0])
    client.close()
    return np.stack(rows)


def test_vectors_from_triton_are_those_of_this_process(triton):
    store = ArtifactStore(default_cache_dir())
    settings = EncoderSettings(model=MODEL, batch_tokens=1)
    encoder = create_text_encoder(settings, [], store, None)
    server = connect_model_server(triton.status.url)
    repository = ModelRepository(triton.folder.models)
    published = publish_text_encoder(
        MODEL, store, repository, server, max_tokens=settings.max_tokens
    )
    assert published.model_id == encoder.identity.model_id
    assert repository.models() == ("cross_encoder", "text_encoder")

    served = vectors_of(triton.status.url, TEXTS)
    here = np.stack([encoder.encode_query(text) for text in TEXTS])
    assert served.shape == here.shape
    assert np.einsum("ij,ij->i", served, here).min() > 0.9999
