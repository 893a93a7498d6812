"""One try at an OpenAI-compatible endpoint, with its errors turned into ours."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from language_models.prompt import Prompt
from language_models.spending import Usage
from search_core import (
    ConfigurationError,
    LanguageModelAccessError,
    LanguageModelError,
    LanguageModelOverloadedError,
    LanguageModelRequestError,
    LanguageModelTimeoutError,
    LanguageModelUnavailableError,
)
from search_core.settings import AnswerFormat, LlmSettings

if TYPE_CHECKING:
    import openai
    from openai.types.chat import ChatCompletion

_NO_KEY = "none"
"""The client insists on a key; servers of one's own ignore it."""
_ACCESS = (401, 403)
_PASSING = (408, 409, 425)
"""Statuses below 500 that a later try may not get."""
_SHOWN_REASON_CHARS = 300
_NEVER_SENT = frozenset({"ConnectError", "ConnectTimeout", "PoolTimeout"})
"""Names of the HTTP client's errors before a request has left."""
_EXTRA_PACKAGES = frozenset({"openai", "tenacity", "aiolimiter"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Completion:
    """What the model wrote, and what it took."""

    text: str
    cut_off: bool
    """The endpoint ended it because of its length."""
    usage: Usage | None
    """`None`: the endpoint does not say."""


class Refusal(Exception):  # noqa: N818 - carries an error, is none by itself
    """A failed try: the error to raise when it was the last one."""

    def __init__(
        self,
        error: LanguageModelError,
        *,
        passing: bool,
        unbilled: bool,
        retry_after_seconds: float | None = None,
    ) -> None:
        super().__init__(error.message)
        self.error = error
        self.passing = passing
        """Whether another try may do better."""
        self.unbilled = unbilled
        """Whether the endpoint said itself that it did not answer."""
        self.retry_after_seconds = retry_after_seconds


@contextmanager
def llm_extra() -> Iterator[None]:
    """Turn a missing package of the extra `llm` into an error that names it.

    Raises:
        ConfigurationError: one of them is missing.
    """
    try:
        yield
    except ModuleNotFoundError as error:
        if (error.name or "").split(".")[0] not in _EXTRA_PACKAGES:
            raise
        raise ConfigurationError(
            f"a language model needs the package {error.name}, which is not installed",
            remedy="pip install '.[llm]' in Shopkeeper's folder, or leave llm.base_url unset",
        ) from error


class ChatEndpoint:
    """Sends prompts to `POST {llm.base_url}/chat/completions`. Lives in one event loop."""

    def __init__(self, settings: LlmSettings) -> None:
        """Make the client; nothing is sent yet.

        Raises:
            ConfigurationError: the extra `llm` is not installed.
        """
        with llm_extra():
            import openai  # noqa: PLC0415 - an extra, and half a second
        # It writes whole requests into its log at the level of debugging: no text in logs.
        logging.getLogger("openai").setLevel(logging.WARNING)
        self._openai = openai
        self._settings = settings
        key = settings.api_key
        self._client = openai.AsyncOpenAI(
            base_url=settings.base_url,
            api_key=_NO_KEY if key is None else key.get_secret_value(),
            timeout=settings.timeout_seconds,
            # Retries are ours: each is paced and charged.
            max_retries=0,
        )

    async def complete(self, prompt: Prompt) -> Completion:
        """Send a prompt once.

        Raises:
            Refusal: there is no answer.
        """
        with self._translated():
            return _read(await self._client.chat.completions.create(**self._arguments(prompt)))

    async def close(self) -> None:
        """Close the connections."""
        await self._client.close()

    def _arguments(self, prompt: Prompt) -> dict[str, Any]:
        settings = self._settings
        arguments: dict[str, Any] = {
            "model": settings.model,
            "messages": [
                {"role": message.role, "content": message.text} for message in prompt.messages
            ],
            settings.output_limit_name.value: prompt.max_output_tokens,
        }
        if settings.send_sampling:
            arguments |= {"temperature": settings.temperature, "seed": settings.seed}
        if settings.answer_format is AnswerFormat.JSON_OBJECT:
            arguments["response_format"] = {"type": "json_object"}
        elif settings.answer_format is AnswerFormat.JSON_SCHEMA:
            arguments["response_format"] = {
                "type": "json_schema",
                "json_schema": {"name": prompt.task, "schema": prompt.schema_tree},
            }
        return arguments

    @contextmanager
    def _translated(self) -> Iterator[None]:
        foreign = self._openai
        try:
            yield
        except foreign.APITimeoutError as error:
            raise Refusal(self._late(), passing=True, unbilled=_never_sent(error)) from error
        except foreign.APIStatusError as error:
            raise self._from_status(error) from error
        except foreign.APIConnectionError as error:
            raise self._unreachable(error) from error
        except foreign.APIError as error:
            raise self._unreadable(type(error).__name__) from error
        except (ValueError, TypeError, AttributeError, IndexError) as error:
            # The client checks nothing of a 200: it may be of any shape.
            raise self._unreadable(
                f"no answer in OpenAI's form ({type(error).__name__})"
            ) from error

    def _from_status(self, error: "openai.APIStatusError") -> Refusal:
        status, reason = error.status_code, _reason(error)
        where = f"{self._settings.base_url} answered {status}"
        if status == 429:
            overloaded = LanguageModelOverloadedError(
                f"{where}: {reason}",
                remedy="set llm.requests_per_minute and llm.tokens_per_minute to what it allows",
            )
            return Refusal(
                overloaded, passing=True, unbilled=True, retry_after_seconds=_retry_after(error)
            )
        if status >= 500 or status in _PASSING:
            failed = LanguageModelUnavailableError(f"{where}: {reason}")
            return Refusal(
                failed, passing=True, unbilled=True, retry_after_seconds=_retry_after(error)
            )
        if status in _ACCESS:
            access = LanguageModelAccessError(
                f"{where}: {reason}", remedy="check SHOPKEEPER_LLM__API_KEY"
            )
            return Refusal(access, passing=False, unbilled=True)
        refused = LanguageModelRequestError(
            f"{where}: {reason}",
            remedy="check llm.model; some endpoints want another llm.answer_format, "
            "llm.output_limit_name, or llm.send_sampling=false",
        )
        return Refusal(refused, passing=False, unbilled=True)

    def _late(self) -> LanguageModelError:
        return LanguageModelTimeoutError(
            f"{self._settings.base_url} did not answer within {self._settings.timeout_seconds:g} s",
            remedy="raise llm.timeout_seconds, or ask for less at once (llm.products_per_request)",
        )

    def _unreachable(self, error: "openai.APIConnectionError") -> Refusal:
        cause = error.__cause__ or error
        unavailable = LanguageModelUnavailableError(
            f"{self._settings.base_url} cannot be reached: {type(cause).__name__}: {cause}",
            remedy="is it running? llm.base_url names it, up to and including /v1",
        )
        return Refusal(unavailable, passing=True, unbilled=_never_sent(error))

    def _unreadable(self, reason: str) -> Refusal:
        error = LanguageModelUnavailableError(
            f"{self._settings.base_url} sent {reason}",
            remedy="llm.base_url has to be an OpenAI-compatible endpoint, and end in /v1",
        )
        return Refusal(error, passing=True, unbilled=False)


def _read(answer: "ChatCompletion") -> Completion:
    choice, usage = answer.choices[0], answer.usage
    return Completion(
        text=choice.message.content or "",
        cut_off=choice.finish_reason == "length",
        usage=None
        if usage is None
        else Usage(
            input_tokens=usage.prompt_tokens or 0, output_tokens=usage.completion_tokens or 0
        ),
    )


def _never_sent(error: Exception) -> bool:
    return type(error.__cause__).__name__ in _NEVER_SENT


def _reason(error: "openai.APIStatusError") -> str:
    # Only the endpoint's own words: the client's message repeats the whole body.
    body = error.body
    message = body.get("message") if isinstance(body, dict) else None
    return str(message or error.response.reason_phrase or "no reason")[:_SHOWN_REASON_CHARS]


def _retry_after(error: "openai.APIStatusError") -> float | None:
    try:
        return max(0.0, float(error.response.headers.get("retry-after", "")))
    except ValueError:
        return None  # missing, or a date: the usual pause then
