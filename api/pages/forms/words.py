"""What the fields of a command are called in a form, in both languages: locale/fields.toml."""

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import NamedTuple

from domain.kernel.text import Language


class FieldWords(NamedTuple):
    """The label of a field, and what helps to fill it in."""

    label: str
    help: str | None
    unit: str | None


def field_words(model: str, field: str, language: Language) -> FieldWords:
    """The words of a field of a command, or of a row of a list in it."""
    found = _catalogue()

    def word(section: str) -> str | None:
        words = found.get(section, {})
        return words.get(f"{model}.{field}") or words.get(field)

    label = word(language) or field.replace("_", " ").capitalize()
    return FieldWords(label, word(f"help_{language}"), word(f"units_{language}"))


def has_words(model: str, field: str) -> bool:
    """Whether a field has a label in Chinese: English has the field's own name."""
    words = _catalogue()["zh"]
    return field in words or f"{model}.{field}" in words


@cache
def _catalogue() -> Mapping[str, Mapping[str, str]]:
    text = (files("api.pages") / "locale" / "fields.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)
