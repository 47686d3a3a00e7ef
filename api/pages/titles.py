"""Titles of slugs on a page: types by the policy in force, the closed lists by our own words."""

from collections.abc import Iterable
from typing import Any, NamedTuple

from domain.kernel.policy import Policy, Term
from domain.kernel.text import Language
from projections.labels import LABELS
from projections.register import CommunityView


class Titles(NamedTuple):
    """The titles in one language under one policy."""

    policy: Policy | None
    language: Language

    def type(self, code: str | None) -> str:
        """A community type's title."""
        return self._of(self.policy.types if self.policy else (), code)

    def community_status(self, slug: str) -> str:
        """The title of a community's status."""
        label = LABELS.get(f"community-status.{slug}")
        return label.in_(self.language) if label else slug

    def value(self, attribute: str, value: Any, community: CommunityView) -> str:
        """The title of a value of a community's attribute."""
        match attribute:
            case "status":
                return self.community_status(value)
            case "subdistrict":
                return community.subdistrict_name or value
            case "type":
                return self.type(value)
            case "features":
                features = self.policy.secondary if self.policy else ()
                between = "、" if self.language == "zh" else ", "
                return between.join(self._of(features, each) for each in value or ())
            case "subtype":
                types = self.policy.types if self.policy else ()
                return self._of([sub for each in types for sub in each.subtypes], value)
        return "" if value is None else str(value)

    def _of(self, terms: Iterable[Term], code: str | None) -> str:
        found = next((term.title.in_(self.language) for term in terms if term.code == code), None)
        return found or code or ""
