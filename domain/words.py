"""One text in the product's two languages, Chinese first."""

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

Language = Literal["zh", "en"]


class Words(BaseModel):
    """The same text in Chinese and in English."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    zh: str = Field(min_length=1)
    en: str = Field(min_length=1)

    def in_(self, language: Language) -> str:
        """The text in one of the two languages."""
        return self.zh if language == "zh" else self.en
