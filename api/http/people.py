"""Officials over HTTP: names and posts, as of any day and as known at any moment."""

from api.http.kernel.command_routes import CommandRoute, command_router
from domain.person.corrections import (
    AnnulPersonEntry,
    CorrectPersonName,
    CorrectPost,
    CorrectPostEnd,
)
from domain.person.registration import (
    DistinguishPerson,
    LeavePost,
    RegisterPerson,
    RenamePerson,
    TakePost,
)

COMMANDS = (
    CommandRoute("", "people.register", RegisterPerson, "登记人员 · Register an official"),
    CommandRoute("/{person}/names", "people.rename", RenamePerson, "更名 · Change a name"),
    CommandRoute(
        "/{person}/distinctions",
        "people.distinguish",
        DistinguishPerson,
        "区分同名者 · Tell namesakes apart",
    ),
    CommandRoute("/{person}/posts", "people.take-post", TakePost, "任职 · Take a post"),
    CommandRoute("/{person}/departures", "people.leave-post", LeavePost, "卸任 · Leave a post"),
    CommandRoute(
        "/{person}/name-corrections",
        "people.correct-name",
        CorrectPersonName,
        "更正姓名 · Correct a name",
    ),
    CommandRoute(
        "/{person}/post-corrections",
        "people.correct-post",
        CorrectPost,
        "更正职务 · Correct a post",
    ),
    CommandRoute(
        "/{person}/departure-corrections",
        "people.correct-departure",
        CorrectPostEnd,
        "更正卸任日期 · Correct the day of leaving",
    ),
    CommandRoute(
        "/{person}/annulments", "people.annul", AnnulPersonEntry, "撤销条目 · Annul an entry"
    ),
)
router = command_router("/api/v1/people", "人员 Officials", COMMANDS)
