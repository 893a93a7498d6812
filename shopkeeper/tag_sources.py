"""The generators of tags besides the rules: taxonomy, language model, thesaurus."""

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Self

from search_core import ConfigurationError, EncoderIdentity, Product, ProgressListener
from search_core.settings import Settings
from shopkeeper.composition import artifact_store, cache_dir, language_model
from shopkeeper.sent_settings import sent_settings
from shopkeeper.thesaurus import LANGUAGE, thesaurus_tags

if TYPE_CHECKING:
    from encoders import LoadedModels
    from indexer import CategoryPlacer, LlmTags, TagGenerator
    from language_models import EndpointModel, PriceEstimate


def _say_nothing(text: str) -> None:
    del text


class TagSources:
    """Makes what the settings switch on, and says afterwards what it did and cost.

    Calling it fills the port `indexer.MoreGenerators`.
    """

    def __init__(
        self,
        settings: Settings,
        progress: ProgressListener | None = None,
        *,
        say: Callable[[str], None] = _say_nothing,
        dry_run: bool = False,
        loaded: "LoadedModels | None" = None,
    ) -> None:
        """Take all settings. Nothing is loaded yet.

        Args:
            settings: all of them.
            progress: told of downloads.
            say: told what the language model will cost, before anything is sent.
            dry_run: nothing is sent, so the language model writes no tags.
            loaded: models of this run, also for what encodes the products; `None`: of its own.

        Raises:
            ConfigurationError: tags by a language model are switched on, and there is none.
        """
        self._settings = settings
        self._progress = progress
        self._say = say
        self._dry_run = dry_run
        self._loaded = loaded
        self._llm_tags: LlmTags | None = None
        self._model: EndpointModel | None = None
        if settings.indexer.tags.language_model and settings.llm.base_url is None:
            raise ConfigurationError(
                "indexer.tags.language_model is on, and there is no language model",
                remedy="set llm.base_url and llm.model; docs/language_models.md shows how",
            )

    @property
    def are_on(self) -> bool:
        """Whether there is anything besides the rules."""
        indexer = self._settings.indexer
        tags = indexer.tags
        return tags.language_model or tags.thesaurus or indexer.taxonomy.file is not None

    def __call__(
        self,
        languages: Mapping[str, float],
        products: Sequence[Product],
        *,
        vectors: bool = True,
        encoder: EncoderIdentity | None = None,
    ) -> "Sequence[TagGenerator]":
        """Return the generators that are on, the most trusted first: `indexer.MoreGenerators`.

        The thesaurus, which is on unless it is switched off, is left out where nothing is encoded.

        Raises:
            TaxonomyError: the taxonomy's file cannot be read.
            EncoderError: the model that reads it is missing or fails.
            ConfigurationError: the extra `llm` is not installed.
        """
        from indexer import StayingGenerator  # noqa: PLC0415

        generators: list[TagGenerator] = []
        if self._settings.indexer.taxonomy.file is not None:
            generators.append(self._remade(partial(_taxonomy_tags, languages=tuple(languages))))
        if self._settings.indexer.tags.language_model:
            self._say_price(products)
            if not self._dry_run:
                generators.append(StayingGenerator(self._made_llm_tags()))
        if self._settings.indexer.tags.thesaurus and vectors and LANGUAGE in languages:
            model_id = None if encoder is None else encoder.model_id
            shares = dict(languages)
            generators.append(
                self._remade(partial(thesaurus_tags, languages=shares, model_id=model_id))
            )
        return generators

    def _remade(self, make: "Callable[..., TagGenerator]") -> "TagGenerator":
        """Make a generator that holds a model, so that workers elsewhere can make their own."""
        from indexer import RemadeGenerator  # noqa: PLC0415

        made = make(self._settings, progress=self._progress, loaded=self._loaded)
        return RemadeGenerator(partial(make, sent_settings(self._settings)), made)

    def price(self, products: Sequence[Product]) -> "PriceEstimate | None":
        """Return what the language model's tags of products would cost; `None`: they are off.

        Tags that are in the cache cost nothing. Nothing is sent.
        """
        if not self._settings.indexer.tags.language_model:
            return None
        from language_models import estimate_price  # noqa: PLC0415

        missing = self._made_llm_tags().unanswered(products)
        return estimate_price(missing.requests, missing.likely_output_tokens, self._settings.llm)

    def notes(self) -> tuple[str, ...]:
        """Say what the language model did; empty where it was not asked."""
        if self._llm_tags is None or self._model is None:
            return ()
        counts, use = self._llm_tags.counts, self._model.use
        first = (
            f"language model: tags of {counts.answered:,} products, and of {counts.remembered:,} "
            f"from the cache; {use.counts.tries:,} requests, {use.tokens.input_tokens:,} tokens in "
            f"and {use.tokens.output_tokens:,} out{self._cost(use.cost)}"
        )
        without = [
            f"warning: {count:,} products have no tags by the language model ({code}), only those "
            "of the rules"
            for code, count in counts.unanswered.most_common()
        ]
        return (first, *without)

    def close(self) -> None:
        """Close the connections of the language model."""
        if self._model is not None:
            self._model.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()

    def _say_price(self, products: Sequence[Product]) -> None:
        price = self.price(products)
        if price is None or not products:
            return
        tokens = price.likely
        text = (
            f"language model: tags of the {len(products):,} products looked at take about "
            f"{price.requests:,} requests, {tokens.input_tokens:,} tokens in and "
            f"{tokens.output_tokens:,} out"
        )
        if price.likely_cost is None or price.most_cost is None:
            text += "; set llm.input_price and llm.output_price to see what they cost"
        else:
            thousand = price.times(1_000 / len(products))
            text += (
                f": about {price.likely_cost:.4f}, at most {price.most_cost:.4f}; a thousand "
                f"products about {thousand.likely_cost:.4f}"
            )
        self._say(text)

    def _cost(self, cost: float) -> str:
        return "" if self._settings.llm.input_price is None else f", cost {cost:.4f}"

    def _made_llm_tags(self) -> "LlmTags":
        if self._llm_tags is None:
            from indexer import LlmTags  # noqa: PLC0415
            from language_models import answer_cache  # noqa: PLC0415

            llm = self._settings.llm
            model = language_model(self._settings)
            if model is None:
                raise ConfigurationError("there is no language model", remedy="set llm.base_url")
            self._model = model
            memory = answer_cache(llm, cache_dir(self._settings))
            self._llm_tags = LlmTags(model, memory, llm.products_per_request)
        return self._llm_tags


def _taxonomy_tags(
    settings: Settings,
    languages: Sequence[str],
    progress: ProgressListener | None = None,
    loaded: "LoadedModels | None" = None,
) -> "TagGenerator":
    from indexer import TaxonomyTags  # noqa: PLC0415

    placer = category_placer(settings, languages, progress, loaded)
    return TaxonomyTags(placer, settings.indexer.taxonomy.certainty)


def category_placer(
    settings: Settings,
    languages: Sequence[str],
    progress: ProgressListener | None = None,
    loaded: "LoadedModels | None" = None,
) -> "CategoryPlacer":
    """Return what places products in the taxonomy of `indexer.taxonomy.file`.

    Its encoder knows the catalogue's languages and the taxonomy's. Where that is the index's own,
    products are encoded once for both, through the cache of vectors.

    Raises:
        TaxonomyError: the file cannot be read.
        EncoderError: the model is missing or fails.
    """
    from encoders import create_text_encoder  # noqa: PLC0415 - loads ONNX Runtime
    from indexer import CategoryPlacer, read_taxonomy, taxonomy_language  # noqa: PLC0415

    chosen = settings.indexer.taxonomy
    if chosen.file is None:
        raise ConfigurationError(
            "no taxonomy is named", remedy="--taxonomy FILE, or indexer.taxonomy.file"
        )
    taxonomy = read_taxonomy(chosen.file)
    spoken = dict.fromkeys((*languages, chosen.language or taxonomy_language(taxonomy)))
    store = artifact_store(settings, progress)
    encoder = create_text_encoder(
        settings.encoders, tuple(spoken), store, cache_dir(settings), loaded
    )
    return CategoryPlacer(taxonomy, encoder, settings.indexer)


def with_taxonomy(settings: Settings, file: Path | None) -> Settings:
    """Return the settings with another taxonomy; `None`: as they are."""
    if file is None:
        return settings
    taxonomy = settings.indexer.taxonomy.model_copy(update={"file": file})
    indexer = settings.indexer.model_copy(update={"taxonomy": taxonomy})
    return settings.model_copy(update={"indexer": indexer})
