"""What every entry of a policy file has: a title, a code and a source."""

from pydantic import BaseModel, ConfigDict, Field, model_validator
from pydantic_core import PydanticCustomError

from domain.kernel.ids import Slug
from domain.kernel.text import Bilingual

# The Chinese for the sources that our own policy file names.
SOURCES = {"default, not in the document": "默认值，文件未作规定"}


class Sourced(BaseModel):
    """An entry that says where it comes from.

    `section` is the passage of the policy document. `source` says that the document is silent, and
    who filled the gap. With both, the entry rests on the passage and fills in what it leaves open.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    section: str | None = Field(default=None, min_length=1, max_length=40)
    source: str | None = Field(default=None, min_length=1, max_length=200)

    @model_validator(mode="after")
    def _comes_from_somewhere(self) -> "Sourced":
        if self.section is None and self.source is None:
            raise PydanticCustomError("policy-file.no-source", "no source")
        return self

    @property
    def sourced(self) -> Bilingual | None:
        """Who filled in what the document leaves open, in both languages."""
        if self.source is None:
            return None
        return Bilingual(zh=SOURCES.get(self.source, self.source), en=self.source)


class Titled(BaseModel):
    """What others refer to by a permanent code."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    code: Slug
    title: Bilingual

    @property
    def titled(self) -> Bilingual:
        """Its title with its code, as a refusal offers it to choose from."""
        return Bilingual(zh=f"{self.title.zh}（{self.code}）", en=f"{self.code} ({self.title.en})")


class Term(Sourced, Titled):
    """An entry with a permanent code and a source."""
