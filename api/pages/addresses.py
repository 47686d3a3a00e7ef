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
    "unit": "/units/{id}",
    "person": "/people/{id}",
    "authority": "/people/{id}",
    "batch": "/imports/batches/{id}",
    "policy": "/policies",
}


def page_of(stream: str) -> str | None:
    """The address of a subject's page; None if it has none."""
    page = PAGES.get(kind_of(stream))
    return page and page.format(id=id_of(stream))
