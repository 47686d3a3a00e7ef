"""What can be chosen in a field: from the closed lists and the policy of the day."""

from collections.abc import Sequence
from functools import cache

from api.pages.forms.shapes import FieldShape
from api.pages.titles import Titles
from projections.labels import LABELS

Choice = tuple[str, str]


def choices_of(shape: FieldShape, titles: Titles) -> Sequence[Choice]:
    """The values of a field with their titles; empty if it is typed."""
    if shape.values:
        what = shape.names or _list_of(shape.values) or shape.name
        return [(each, titles.term(what, each)) for each in shape.values]
    if shape.names is None:
        return ()
    policy = titles.policy
    terms = policy.terms(shape.names) if policy else ()
    return [(each.code, each.title.in_(titles.language)) for each in terms]


@cache
def _list_of(values: tuple[str, ...]) -> str | None:
    """The closed list of ours that has these values: the shortest, if several have."""
    lists: dict[str, set[str]] = {}
    for name in LABELS:
        what, _, slug = name.partition(".")
        lists.setdefault(what, set()).add(slug)
    fitting = [what for what, slugs in lists.items() if slugs.issuperset(values)]
    return min(fitting, key=lambda what: len(lists[what]), default=None)
