"""Whatever names an office or an official names one on the register, which exists on that day."""

from typing import Any

import pytest

from api.http.kernel.examples import example_of
from domain.catalogue import subject
from domain.checkin.presence import CorrectCheckInEntry
from domain.commands import COMMANDS
from domain.council.membership import LeaveCouncil
from domain.council.sessions import CorrectSession, HoldSession
from domain.kernel.command import Command
from domain.kernel.ids import id_of, kind_of
from domain.kernel.named import fields_naming
from domain.kernel.refusal import NotOnRecord
from domain.partnership.agreement import CorrectPartnershipEntry
from domain.person.events import PersonEntryAnnulled
from domain.person.offices import offices_named
from domain.unit.events import UnitDissolved, UnitMerged
from tests.domain import test_measures as measures
from tests.domain import test_tasks as tasks
from tests.domain.councils import FOUNDED, JOIN, council
from tests.domain.given import REGISTERED, Given, day, given
from tests.domain.partnerships import CLAIM, LIST, NEED, SIGN, P, partnership
from tests.domain.programmes import ADD, DRAFTED, city
from tests.domain.supports import BY_PERSON, S, begun
from tests.domain.test_checkin import RECORD, C, checked_in

GONE = {
    "dissolved": UnitDissolved(effective_from=day("2001-01-01"), reason="机构改革"),
    "merged": UnitMerged(successor="hospital", effective_from=day("2001-01-01"), reason="合并"),
}
ASKED: dict[str, tuple[Given, Command[Any]]] = {
    "task": (tasks.task(), tasks.ASSIGN),
    "reassigned": (tasks.task(tasks.ASSIGNED), tasks.REASSIGN),
    "measure": (measures.measure(measures.ADOPTED), measures.PLAN),
    "item": (city(DRAFTED), ADD),
    "supporter": (begun().at(S), BY_PERSON),
    "partner": (given(REGISTERED).at(P), SIGN),
    "claimer": (partnership(NEED, LIST), CLAIM),
    "participant": (given(REGISTERED).at(C), RECORD),
    "member": (council(FOUNDED), JOIN),
}
# A correction is of text, and names whom it names as text.
CORRECTED: dict[str, tuple[Given, Command[Any], str]] = {
    f"{what} {name}": (at, kind(corrects=entry, changes={name: "newly"}, reason="录错"), name)
    for what, at, kind, entry, names in (
        ("partnership", partnership(NEED, LIST, CLAIM), CorrectPartnershipEntry, 1, ("unit",)),
        ("claim", partnership(NEED, LIST, CLAIM), CorrectPartnershipEntry, 4, ("person",)),
        ("check-in", checked_in(), CorrectCheckInEntry, 1, ("unit", "person")),
    )
    for name in names
}


# These name members of a council, whom its own state knows.
OF_MEMBERS = (LeaveCouncil, HoldSession, CorrectSession)
NAMING = [
    each
    for each in COMMANDS.values()
    if fields_naming(each, "unit", "person") and each not in OF_MEMBERS
]


def named(command: Command[Any]) -> list[tuple[str, str]]:
    """The fields of a command that name an office or an official, with their streams."""
    streams = dict.fromkeys(offices_named(command))
    return [(name, s) for name, v in command for s in streams if v == id_of(s)]


@pytest.mark.parametrize("what", ASKED)
def test_who_is_named_is_on_record(what: str) -> None:
    at, command = ASKED[what]
    for name, _ in named(command):
        unknown = command.model_copy(update={name: "unheard-of"})
        at.when(unknown).refused("subject.not-on-record", NotOnRecord)


@pytest.mark.parametrize("how", GONE)
@pytest.mark.parametrize("what", ASKED)
def test_an_office_that_is_no_more_on_that_day_is_refused(what: str, how: str) -> None:
    at, command = ASKED[what]
    for _, stream in named(command):
        if kind_of(stream) == "unit":
            at.with_(stream, GONE[how]).when(command).refused("lifetime.ended")


@pytest.mark.parametrize("what", ASKED)
def test_an_official_who_was_registered_by_mistake_is_refused(what: str) -> None:
    at, command = ASKED[what]
    for _, stream in named(command):
        if kind_of(stream) == "person":
            void = at.with_(stream, PersonEntryAnnulled(annuls=1, reason="误录"))
            void.when(command).refused("subject.first-entry-annulled")


@pytest.mark.parametrize("what", CORRECTED)
def test_a_correction_names_who_is_on_record(what: str) -> None:
    at, command, name = CORRECTED[what]
    at.when(command).refused("subject.not-on-record", NotOnRecord)
    known = {"unit": "hospital", "person": "sun"}[name]
    right = command.model_copy(update={"changes": {name: known}})
    assert at.when(right).refusal is None


@pytest.mark.parametrize("command", NAMING, ids=lambda each: each.__name__)
def test_a_command_consults_the_offices_and_officials_that_it_names(
    command: type[Command[Any]],
) -> None:
    stated = {name: value for name, value in example_of(command).items() if name != "basis"}
    asked = command.model_validate(stated)
    state = subject(f"{command.subject_type().kind}:r.x")
    assert {*offices_named(asked)} <= {
        state.stream,
        *asked.consults(state),
        *asked.consults_further(state, {}),
    }
