"""What partnerships, check-ins, exemplars and honours have in common."""

from typing import Any

import pytest

from domain.catalogue import SUBJECTS
from domain.kernel.event import Event
from domain.kernel.staged_subject import StagedSubject
from domain.kernel.step import correctable, labels

STAGED = [subject for subject in SUBJECTS.values() if issubclass(subject, StagedSubject)]
STEPS = [event for subject in STAGED for event in subject.STAGES]
PLACES = {"community", "subdistrict", "type", "reached"}
MATTERS = {"project", "need", "resource", "facility", "pledge", "opinion"}


@pytest.mark.parametrize("subject", STAGED, ids=lambda subject: subject.kind)
def test_every_stage_has_a_title_and_no_other_has_one(subject: type[StagedSubject[Any]]) -> None:
    assert set(subject.STAGE_WORDS) == set(subject.STAGES.values())


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
