"""One text in the product's two languages, Chinese first."""

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

Language = Literal["zh", "en"]


class Bilingual(BaseModel):
    """The same text in Chinese and in English."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    zh: str = Field(min_length=1)
    en: str = Field(min_length=1)

    @property
    def en_first(self) -> str:
        """The English text as the beginning of a sentence."""
        return self.en[0].upper() + self.en[1:]

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
