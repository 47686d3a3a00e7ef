"""What every entry of a policy file has: a title, a code, and the place it comes from."""

from pydantic import BaseModel, ConfigDict, Field, model_validator

from domain.kernel.ids import Slug
from domain.kernel.text import Bilingual

# How the sources that our own policy file names are told to a reader of Chinese.
SOURCES = {"default, not in the document": "默认值，文件未作规定"}


class Sourced(BaseModel):
    """An entry that says where it comes from.

    `section` is the passage of the policy document; `source` says that the document is silent and
    who filled the gap. With both, the entry rests on the passage and fills in what it leaves open.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    section: str | None = Field(default=None, min_length=1, max_length=40)
    source: str | None = Field(default=None, min_length=1, max_length=200)

    @model_validator(mode="after")
    def _comes_from_somewhere(self) -> "Sourced":
        if self.section is None and self.source is None:
            raise ValueError("it gives neither the section it comes from nor another source")
        return self

    @property
    def sourced(self) -> Bilingual | None:
        """Who filled in what the document leaves open, as a reader is told it."""
        if self.source is None:
            return None
        return Bilingual(zh=SOURCES.get(self.source, self.source), en=self.source)


class Term(Sourced):
    """An entry that others refer to by its code, for ever."""

    code: Slug
    title: Bilingual

    @property
    def titled(self) -> Bilingual:
        """How a refusal offers it: by its title, with the code that is to be given."""
        return Bilingual(zh=f"{self.title.zh}（{self.code}）", en=f"{self.code} ({self.title.en})")
