"""Texts in the product's two languages, their comparison, and the characters that are refused.

Names are recorded as they are written. Only comparisons use a normal form.
"""

import re
from typing import Literal
from unicodedata import normalize

from pydantic import BaseModel, ConfigDict, Field

Language = Literal["zh", "en"]

# Invisible: controls except line breaks and tabs, what joins, separates or turns characters (most
# of Unicode's Default_Ignorable_Code_Point), and letters without a shape.
_INVISIBLE = (
    "\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\xad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f"
    "\u200b-\u200f\u2028-\u202e\u2060-\u206f\u2800\u3164\ufeff\uffa0\ufff0-\ufffb"
    "\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e00ff\U000e01f0-\U000e0fff"
)
# These select the shape of the character before them, as in names of places; they are allowed.
_VARIATIONS = "\ufe00-\ufe0f\U000e0100-\U000e01ef"
# Replacement characters, private use, surrogates and noncharacters: signs of a lost character.
_DAMAGED = "\ufffd\ue000-\uf8ff\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff\U000f0000-\U0010ffff"

INVISIBLE = re.compile(rf"[{_INVISIBLE}]|\r(?!\n)")
DAMAGED = re.compile(f"[{_DAMAGED}]")
UNSOUND = re.compile(rf"[{_INVISIBLE}{_DAMAGED}]|\r(?!\n)")
UNSAFE = re.compile(rf"[{_INVISIBLE}\ud800-\udfff]|\r(?!\n)")
_UNDRAWN = re.compile(f"[{_INVISIBLE}{_VARIATIONS}]")


class Bilingual(BaseModel):
    """The same text in Chinese and in English."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    zh: str = Field(min_length=1)
    en: str = Field(min_length=1)

    def in_(self, language: Language) -> str:
        """The text in one of the two languages."""
        return self.zh if language == "zh" else self.en


class Number(int):
    """A whole number that can be formatted with its noun: with the format `item|items`, 1 becomes
    "1 item" and 5 becomes "5 items"."""

    def noun(self, forms: str) -> str:
        """The first of the two words for one, the second for any other number."""
        one, _, more = forms.partition("|")
        return one if self == 1 else more

    def __format__(self, spec: str) -> str:
        """The number, with its noun if the format gives one."""
        return f"{int(self)} {self.noun(spec)}" if "|" in spec else format(int(self), spec)


def visible(text: str) -> str:
    """The text with escapes in place of what cannot be seen, or would turn or erase what can: it
    does nothing to a terminal, and deceives nobody in a file."""
    return UNSAFE.sub(lambda found: found[0].encode("unicode_escape").decode(), text)


def plain(text: str) -> str:
    """The text trimmed, with half-width characters, single blanks and no invisible characters."""
    if text.isascii() and text.isprintable():
        return " ".join(text.split())
    return " ".join(normalize("NFKC", _UNDRAWN.sub("", text)).split())


def comparable(text: str) -> str:
    """A name for comparison: names that look alike are equal. It is plain, and without blanks."""
    return plain(text).replace(" ", "")
