"""From what a model wrote to an answer in the form that was asked for."""

import json
import re

from pydantic import ValidationError

from search_core.ports import AnswerT

_FENCED = re.compile(r"```[a-zA-Z]*\s*\n(.*?)```", re.DOTALL)
_SHOWN_PROBLEMS = 3


class UnfitAnswerError(Exception):
    """An answer cannot be used; the text says why, and quotes nothing of it."""


def read_answer(text: str, form: type[AnswerT], *, cut_off: bool = False) -> AnswerT:
    """Find the JSON in an answer and check it.

    Models put it between fences, or a sentence before it, however they are asked.

    Args:
        text: what the model wrote.
        form: the pydantic model that it has to fit.
        cut_off: whether the endpoint ended the answer because of its length.

    Raises:
        UnfitAnswerError: there is no JSON, or it does not fit.
    """
    try:
        return form.model_validate(_json_in(text))
    except ValidationError as error:
        problems = "; ".join(
            f"{'.'.join(map(str, problem['loc'])) or 'the whole'}: {problem['msg']}"
            for problem in error.errors(include_input=False, include_url=False)[:_SHOWN_PROBLEMS]
        )
        raise UnfitAnswerError(f"it does not fit the schema ({problems})") from None
    except ValueError as error:
        reason = "it was cut off, so be shorter" if cut_off else f"it is no JSON ({error})"
        raise UnfitAnswerError(reason) from None


def _json_in(text: str) -> object:
    fenced = _FENCED.search(text)
    content = (fenced[1] if fenced else text).strip()
    start = min((place for place in map(content.find, "{[") if place >= 0), default=0)
    # What stands after the JSON is left alone.
    value, _ = json.JSONDecoder().raw_decode(content[start:])
    return value
