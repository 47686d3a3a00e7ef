"""The page of each subject that has one."""

from collections.abc import Mapping

from domain.kernel.ids import id_of, kind_of

PAGES: Mapping[str, str] = {
    "community": "/communities/{id}",
    "task": "/tasks/{id}",
    "council": "/councils/{id}",
    "programme": "/programmes/{id}",
    "partnership": "/partnerships/{id}",
    "checkin": "/checkins/{id}",
    "exemplar": "/exemplars/{id}",
    "honour": "/honours/{id}",
    "round": "/rounds/{id}",
    "review": "/rounds/{of[0]}/reviews/{of[1]}",
    "support": "/supports/{of[0]}/{of[1]}",
}


def page_of(stream: str) -> str | None:
    """The address of a subject's page; None if it has none."""
    page = PAGES.get(kind_of(stream))
    id = id_of(stream)
    return page and page.format(id=id, of=id.split("."))
