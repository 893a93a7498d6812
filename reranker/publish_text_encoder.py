"""Publishing a text encoder beside the cross-encoder, for vectors from the same server."""

import json
import tempfile
from pathlib import Path

from artifacts import ArtifactStore
from encoders import NAMED_MODELS, Architecture, NamedModel, OnnxModelFiles, OnnxTextEncoder
from reranker.cross_encoder import CARD_FILE, TOKENIZER_FILE
from reranker.model_repository import ModelRepository, ModelServer, PublishedVersion
from search_core import RerankerModelError

_MODEL = "text_encoder"


def publish_text_encoder(
    name: str,
    store: ArtifactStore,
    repository: ModelRepository,
    server: ModelServer | None,
    *,
    max_tokens: int,
) -> PublishedVersion:
    """Fetch a named text encoder, check it, and put it live as a new version.

    Args:
        name: of an ONNX model in `encoders.NAMED_MODELS`.
        store: where artefacts are kept.
        repository: where it goes.
        server: `None`: none runs.
        max_tokens: longer texts are cut; the same as where it is run in process, or the vectors
            would not be the same.

    Raises:
        RerankerModelError: there is no such model, or the server refuses it.
        EncoderUnavailableError: it does not load.
        ArtifactError: its files could not be had.
    """
    named = _named(name)
    files = _files(named, store)
    identity = OnnxTextEncoder(files, threads=1, max_tokens=max_tokens).identity
    card = {
        "name": named.name,
        "model_id": identity.model_id,
        "languages": list(named.languages),
        "licence": named.licence,
        "pooling": named.pooling.value,
        "max_tokens": max_tokens,
        "pad_token_id": 0,
    }
    with tempfile.TemporaryDirectory() as temporary:
        card_file = Path(temporary) / CARD_FILE
        card_file.write_text(json.dumps(card, indent=2), encoding="utf-8")
        published = {
            "model.onnx": files.weights,
            TOKENIZER_FILE: files.tokenizer,
            CARD_FILE: card_file,
        }
        return repository.publish(_MODEL, published, server)


def _named(name: str) -> NamedModel:
    found = NAMED_MODELS.get(name)
    if found is not None and found.architecture is Architecture.ONNX:
        return found
    known = [key for key, each in NAMED_MODELS.items() if each.architecture is Architecture.ONNX]
    raise RerankerModelError(
        f"there is no text encoder {name!r} that Triton could serve",
        remedy=f"name one of {', '.join(known)}",
    )


def _files(named: NamedModel, store: ArtifactStore) -> OnnxModelFiles:
    unpacked = store.unpack(named.artifact, [named.weights, named.tokenizer])
    return OnnxModelFiles(
        name=named.name,
        weights=unpacked / named.weights,
        tokenizer=unpacked / named.tokenizer,
        pooling=named.pooling,
        query_prefix=named.query_prefix,
        passage_prefix=named.passage_prefix,
    )
