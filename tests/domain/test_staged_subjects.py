"""What partnerships, check-ins, exemplars and honours have in common."""

import pytest

from domain.catalogue import SUBJECTS
from domain.kernel.event import Event
from domain.kernel.staged_subject import StagedSubject
from domain.kernel.step import correctable, labels

STEPS = [
    event
    for subject in SUBJECTS.values()
    if issubclass(subject, StagedSubject)
    for event in subject.STAGES
]
PLACES = {"community", "subdistrict", "type", "reached"}
MATTERS = {"project", "need", "resource", "facility", "pledge", "opinion"}


@pytest.mark.parametrize("event", STEPS, ids=lambda event: event.__name__)
def test_what_is_not_corrected_is_where_it_is_and_who_did_it(event: type[Event]) -> None:
    fixed = set(event.model_fields) - set(labels(event))

    assert {name for name in fixed if not name.endswith("_by")} <= PLACES | MATTERS | {"person"}
    assert correctable(event)


def test_a_day_that_follows_from_others_is_called_by_its_name_and_not_corrected() -> None:
    derived = {
        (event.__name__, name)
        for event in STEPS
        for name in labels(event)
        if name not in correctable(event)
    }

    assert derived == {("OpinionAsked", "due_on")}
