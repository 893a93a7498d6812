"""What a catalogue is taken for: its schema and languages, given or inferred."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, replace

from indexer.catalog_schema import CatalogSchema
from indexer.catalog_source import CatalogSource
from indexer.catalog_toml import check_schema, schema_text
from indexer.inference_warnings import language_warning
from indexer.schema_inference import infer_schema
from search_core import CatalogSchemaError

_RARE_LANGUAGE = 0.02
"""Languages below this share of the texts are mostly mistakes of the detection."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CatalogPlan:
    """How a catalogue is going to be read."""

    schema: CatalogSchema
    inferred: bool
    """The schema was found out from the file."""
    languages: Mapping[str, float]
    """ISO 639-1 → share, most frequent first."""
    warnings: tuple[str, ...]

    @property
    def schema_digest(self) -> str:
        """Changes whenever rows would be read otherwise."""
        text = schema_text(self.schema, {})
        return hashlib.blake2b(text.encode(), digest_size=16).hexdigest()


def plan_catalog(
    source: CatalogSource, schema: CatalogSchema | None, language: str | None
) -> CatalogPlan:
    """Decide how a catalogue is read.

    Args:
        source: an open catalogue.
        schema: what its fields mean; `None`: found out from a sample.
        language: ISO 639-1 of every product; `None`: found out.

    Raises:
        CatalogSchemaError: no field can serve as title, or `schema` names fields that are missing.
    """
    sample = source.sample()
    inferred = infer_schema(sample)
    if schema is None:
        used, warnings = inferred.schema, inferred.warnings
    else:
        used, warnings = schema, check_schema(schema, sample)
    if language is not None:
        used = replace(used, languages=(language,))
        answered = language_warning(inferred.schema, inferred.languages)
        warnings = tuple(warning for warning in warnings if warning != answered)
    found = {each.language: each.share for each in inferred.languages}
    if len(used.languages) == 1:
        languages = {used.languages[0]: 1.0}
    elif used.languages and (schema is not None or language is not None):
        # What a person says goes before what was found; its shares are still of use.
        languages = {code: found.get(code, 0.0) for code in used.languages}
    else:
        languages = {code: share for code, share in found.items() if share >= _RARE_LANGUAGE}
    ordered = sorted(languages.items(), key=lambda each: -each[1])
    return CatalogPlan(
        schema=used, inferred=schema is None, languages=dict(ordered), warnings=warnings
    )


def read_language(code: str) -> str:
    """Check a language that a person gave.

    Raises:
        CatalogSchemaError: it is no ISO 639-1 code.
    """
    if len(code) != 2 or not code.isalpha() or not code.isascii():
        raise CatalogSchemaError(
            f"{code!r} is no language", remedy="give two letters of ISO 639-1, such as en or zh"
        )
    return code.lower()
