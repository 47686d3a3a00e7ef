"""Titles of slugs on a page: types by the policy in force, the closed lists by our own words."""

from collections.abc import Iterable, Mapping
from typing import Any, Literal, NamedTuple

from domain.catalogue import SUBJECTS
from domain.kernel.policy import Policy
from domain.kernel.policy.term import Titled
from domain.kernel.text import Bilingual, Language
from domain.task.state import STATUSES
from projections.figures.titles import GROUPS
from projections.labels import LABELS
from projections.register import CommunityView

Tone = Literal["best", "middle", "worst"]


class Titles(NamedTuple):
    """The titles in one language under one policy."""

    policy: Policy | None
    language: Language

    def type(self, code: str | None) -> str:
        """A community type's title."""
        return self.term("type", code)

    def grade(self, code: str | None) -> str:
        """A grade's title."""
        return self.term("grade", code)

    def tone(self, code: str | None) -> Tone:
        """A grade's place among the policy's grades, which are best first."""
        codes = [each.code for each in self.policy.grades] if self.policy else []
        if code == codes[0]:
            return "best"
        return "worst" if code == codes[-1] else "middle"

    def term(self, what: str, code: str | None) -> str:
        """The title of a term of the policy, such as a measure, or of one of our own lists."""
        if label := LABELS.get(f"{what}.{code}"):
            return label.in_(self.language)
        return self._of(self.policy.terms(what) if self.policy else (), code)

    def value_of(self, what: str | None, value: str) -> str:
        """The title of a group of a figure."""
        if words := GROUPS.get(f"{what}.{value}"):
            return words.in_(self.language)
        return self.term(what or "", value)

    def community_status(self, slug: str) -> str:
        """The title of a community's status."""
        return self.term("community-status", slug)

    def task_status(self, slug: str) -> str:
        """The title of a task's status."""
        words = {str(name): words for name, words in STATUSES.items()}.get(slug)
        return words.in_(self.language) if words else slug

    def stage(self, kind: str, status: str) -> str:
        """The title of a stage of a partnership, check-in, exemplar or honour."""
        words: Mapping[str, Bilingual] = getattr(SUBJECTS[kind], "STAGE_WORDS", {})
        return words[status].in_(self.language) if status in words else status

    def value(self, attribute: str, value: Any, community: CommunityView) -> str:
        """The title of a value of a community's attribute."""
        match attribute:
            case "status":
                return self.community_status(value)
            case "subdistrict":
                places = (community.district_name, community.subdistrict_name or value)
                return " ".join(each for each in places if each)
            case "type" | "subtype":
                return self.term(attribute, value)
            case "features":
                between = "、" if self.language == "zh" else ", "
                return between.join(self.term("feature", each) for each in value or ())
        return "" if value is None else str(value)

    def _of(self, terms: Iterable[Titled], code: str | None) -> str:
        found = next((term.title.in_(self.language) for term in terms if term.code == code), None)
        return found or code or ""
