"""What every section has in common, and the kinds of values."""

from typing import Annotated

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

PositiveInt = Annotated[int, Field(gt=0)]
Weight = Annotated[float, Field(ge=0)]


def _split(value: object) -> object:
    """Read `a,b`, as flags and the environment write it."""
    return (
        tuple(filter(None, map(str.strip, value.split(",")))) if isinstance(value, str) else value
    )


CommaSeparated = Annotated[tuple[str, ...], BeforeValidator(_split)]


class Section(BaseModel):
    """One section of `shopkeeper.toml`: frozen, and refusing keys it does not have."""

    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True)
