"""What of shoppers is stored and logged."""

from pydantic import SecretStr, model_validator

from search_core.settings.section import CommaSeparated, Section

_SHORTEST_KEY = 32


class PrivacySettings(Section):
    """`[privacy]`: what of shoppers is stored and logged; docs/privacy.md says what that keeps."""

    pseudonym_keys: dict[str, SecretStr] = {}  # noqa: RUF012 - pydantic copies it
    """Secrets of at least 32 characters, by an id of your choice that sorts by age (`2026_11`),
    best from the environment: `SHOPKEEPER_PRIVACY__PSEUDONYM_KEYS__2026_11`. The last one makes the
    pseudonyms that are stored for ids of shoppers; older ones are still recognised. None: such ids
    are dropped, never stored."""
    mask: bool = True
    """E-mail addresses, phone, card, account and identity numbers and postal addresses in what
    shoppers type become `[email]`, `[phone]` and so on before it is stored or logged. Searching is
    not affected."""
    phone_regions: CommaSeparated = ("US", "GB", "DE", "FR", "CN")
    """Countries (ISO 3166) whose numbers are recognised without `+` and country code. More: more
    product numbers are taken for phones."""

    @model_validator(mode="after")
    def _keys_are_long(self) -> "PrivacySettings":
        for name, key in self.pseudonym_keys.items():
            if len(key.get_secret_value()) < _SHORTEST_KEY:
                raise ValueError(f"the key {name} is shorter than {_SHORTEST_KEY} characters")
            if not name or not all(each.isalnum() or each == "_" for each in name):
                raise ValueError(f"the id {name!r} has other characters than letters, digits and _")
        return self
