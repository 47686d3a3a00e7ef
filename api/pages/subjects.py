"""Which page shows a subject, and under which word of the navigation."""

from collections.abc import Mapping
from typing import NamedTuple


class SubjectPage(NamedTuple):
    """The page of a kind of subject; `{id}` in its address is the subject's, `{of}` the parts of
    that. `within` is the page of all of them."""

    here: str
    address: str
    within: str = ""


PAGES: Mapping[str, SubjectPage] = {
    "community": SubjectPage("communities", "/communities/{id}"),
    "task": SubjectPage("tasks", "/tasks/{id}"),
    "unit": SubjectPage("settings", "/units/{id}"),
    "person": SubjectPage("settings", "/people/{id}"),
    "authority": SubjectPage("settings", "/people/{id}"),
    "batch": SubjectPage("imports", "/imports/batches/{id}"),
    "policy": SubjectPage("settings", "/policies"),
    "round": SubjectPage("rounds", "/rounds/{id}"),
    "review": SubjectPage("rounds", "/rounds/{of[0]}/reviews/{of[1]}"),
    "support": SubjectPage("supports", "/supports/{of[0]}/{of[1]}"),
    "council": SubjectPage("councils", "/councils/{id}"),
    "programme": SubjectPage("programmes", "/programmes/{id}"),
    "partnership": SubjectPage("partnerships", "/partnerships/{id}"),
    "checkin": SubjectPage("checkins", "/checkins/{id}"),
    "exemplar": SubjectPage("exemplars", "/exemplars/{id}"),
    "honour": SubjectPage("exemplars", "/honours/{id}"),
}
NO_PAGE = SubjectPage("", "")


def page_of(stream: str) -> SubjectPage:
    """The page of what a stream is about, or none."""
    kind, _, id = stream.partition(":")
    found = PAGES.get(kind, NO_PAGE)
    within, _, _ = found.address.partition("/{")
    return found._replace(address=found.address.format(id=id, of=id.split(".")), within=within)
