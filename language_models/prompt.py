"""What is sent for a request, and the key of its answer."""

import hashlib
import json
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from pydantic import BaseModel

from language_models.token_counting import likely_tokens, most_tokens
from search_core.ports import AnswerT, ModelRequest
from search_core.settings import AnswerFormat, LlmSettings

_KEY_BYTES = 16  # 128 bits: a collision among a billion answers has a chance of 10^-21


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """One turn of the conversation."""

    role: str
    """`system`, `user` or `assistant`."""
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Prompt:
    """A conversation that the endpoint is to go on with, in JSON."""

    task: str
    messages: tuple[Message, ...]
    schema: str
    """JSON schema of the answer."""
    max_output_tokens: int

    @property
    def schema_tree(self) -> dict[str, Any]:
        """The schema as JSON's own types."""
        tree: dict[str, Any] = json.loads(self.schema)
        return tree

    @property
    def likely_input_tokens(self) -> int:
        """About how many tokens are sent."""
        return sum(likely_tokens(message.text) for message in self.messages)

    @property
    def most_input_tokens(self) -> int:
        """More tokens than this are not sent."""
        return sum(most_tokens(message.text) for message in self.messages) + most_tokens(
            self.schema  # some servers write it into the prompt
        )

    def after(self, answer: str, complaint: str) -> "Prompt":
        """Return the conversation that asks for a better answer than this one."""
        repair = (
            f"That answer cannot be used: {complaint}. Answer again, with nothing but JSON that "
            f"fits this JSON schema: {self.schema}"
        )
        return Prompt(
            task=self.task,
            messages=(
                *self.messages,
                Message(role="assistant", text=answer),
                Message(role="user", text=repair),
            ),
            schema=self.schema,
            max_output_tokens=self.max_output_tokens,
        )


def first_prompt(request: ModelRequest[AnswerT], settings: LlmSettings) -> Prompt:
    """Return what is sent for a request."""
    schema = _schema(request.answer)
    instructions = request.instructions
    if settings.answer_format is not AnswerFormat.JSON_SCHEMA:
        instructions += f"\n\nAnswer with nothing but JSON that fits this JSON schema: {schema}"
    return Prompt(
        task=request.task,
        messages=(
            Message(role="system", text=instructions),
            Message(role="user", text=request.content),
        ),
        schema=schema,
        max_output_tokens=min(request.max_output_tokens, settings.max_output_tokens),
    )


@lru_cache(64)
def _schema(form: type[BaseModel]) -> str:
    return json.dumps(form.model_json_schema(), ensure_ascii=False, sort_keys=True)


def answer_key(identity: str, prompt: Prompt) -> bytes:
    """Return the key of an answer: another model, text, schema or length has another key."""
    parts = (
        identity,
        prompt.schema,
        str(prompt.max_output_tokens),
        *(f"{message.role}\0{message.text}" for message in prompt.messages),
    )
    content = "\0\0".join(parts).encode("utf-8", "surrogatepass")
    return hashlib.blake2b(content, digest_size=_KEY_BYTES).digest()
