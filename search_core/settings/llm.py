"""The language model that writes tags and rewrites queries, where there is one."""

from enum import StrEnum
from typing import Annotated

from pydantic import Field, SecretStr, model_validator

from search_core.settings.section import PositiveInt, Section, Weight


class AnswerFormat(StrEnum):
    """How an endpoint is told to answer in JSON."""

    JSON_SCHEMA = "json_schema"
    JSON_OBJECT = "json_object"
    TEXT = "text"


class OutputLimitName(StrEnum):
    """What an endpoint calls the longest answer that it may give."""

    MAX_TOKENS = "max_tokens"
    MAX_COMPLETION_TOKENS = "max_completion_tokens"


class LlmSettings(Section):
    """`[llm]`: any endpoint that speaks OpenAI's protocol (vLLM, Ollama, Triton, a provider).

    Nothing needs one: whatever uses it does the same job without. docs/language_models.md says what
    is sent to it.
    """

    base_url: Annotated[str, Field(pattern=r"^https?://\S+$")] | None = None
    """Address up to and including `/v1`. Unset: there is no language model."""
    model: str | None = None
    """Name of the model, as the endpoint knows it."""
    api_key: SecretStr | None = None
    """Sent as `Authorization: Bearer …`. Belongs into the environment
    (`SHOPKEEPER_LLM__API_KEY`)."""
    timeout_seconds: Annotated[float, Field(gt=0)] = 60.0
    """A single try waits no longer. A batch of 20 products takes a local 8B model about half of
    this."""
    retries: Annotated[int, Field(ge=0, le=20)] = 4
    """Tries after the first, for 429, 5xx, time-outs and broken connections; with growing pauses,
    or the one that the endpoint asks for."""
    concurrent_requests: PositiveInt = 8
    """Requests under way at once in a process. More only wait in the endpoint's queue."""
    requests_per_minute: PositiveInt | None = None
    """The provider's limit; requests are spread evenly below it. Unset: none."""
    tokens_per_minute: PositiveInt | None = None
    """The provider's limit, input and longest output together. Unset: none."""
    input_price: Weight | None = None
    """Price of a million input tokens, in any currency; 0 for an endpoint of one's own. Unset:
    costs are not known, only tokens."""
    output_price: Weight | None = None
    """Price of a million output tokens, in the same currency."""
    max_cost: Annotated[float, Field(gt=0)] | None = None
    """What one run of a command, or one serving process, may cost. A request that could go beyond
    it is not sent. Unset: no limit."""
    max_output_tokens: PositiveInt = 4_000
    """No answer may be longer, whatever is asked."""
    temperature: Annotated[float, Field(ge=0, le=2)] = 0.0
    """0 gives the likeliest answer, more gives more varied ones."""
    seed: int = 0
    """Makes answers repeatable where the endpoint supports it."""
    send_sampling: bool = True
    """Off for models that refuse `temperature` and `seed`: neither is sent."""
    answer_format: AnswerFormat = AnswerFormat.JSON_SCHEMA
    """`json_schema` has the endpoint keep to the schema; `json_object` only to JSON, and `text` to
    nothing: for endpoints that refuse the former. The schema then stands in the prompt."""
    output_limit_name: OutputLimitName = OutputLimitName.MAX_TOKENS
    """What the endpoint calls the limit of the answer's length; OpenAI's newer models want
    `max_completion_tokens`."""
    cache_max_bytes: Annotated[int, Field(ge=0)] = 500_000_000
    """Size of the cache of answers on disk, oldest use dropped first; 0 switches it off, and every
    run pays again."""
    products_per_request: Annotated[int, Field(ge=1, le=200)] = 20
    """Products whose tags are asked for together. More share one prompt; fewer lose less with an
    answer that does not fit."""
    background_requests: PositiveInt = 100
    """Requests that may wait to be answered later; more are not asked."""

    @model_validator(mode="after")
    def _is_complete(self) -> "LlmSettings":
        if self.base_url is not None and not self.model:
            raise ValueError("llm.base_url needs llm.model: the name of the model there")
        if self.max_cost is not None and (self.input_price is None or self.output_price is None):
            raise ValueError(
                "llm.max_cost cannot hold without llm.input_price and llm.output_price"
            )
        return self
