"""The closed lists are whole, and everything on them can be told to a person."""

from string import Formatter
from typing import Any, get_args

import pytest

from domain.catalogue import EVENTS, SUBJECTS, subject
from domain.classification.reclassification import PROPOSERS
from domain.commands import COMMANDS
from domain.community.events import Manner, Origin, Proposer
from domain.community.identity import ORIGINS
from domain.community.lineage import MANNERS
from domain.community.parts import PROPOSAL_STATUSES, ProposalStatus
from domain.jurisdiction.levels import LEVELS, Level
from domain.kernel.command import Command
from domain.kernel.context import ROLES, Role
from domain.kernel.event import Event
from domain.kernel.lifetime import ENDED, Lifetime
from domain.kernel.refusal import NotOnRecord
from domain.kernel.text import Number
from domain.measure.adoption import ENDINGS
from domain.measure.events import Ending
from domain.review.events import Outcome
from domain.review.objections import OUTCOMES
from domain.round.state import PHASES, Phase
from domain.task.assignment import SOURCES
from domain.task.events import Source
from domain.task.lights import LIGHTS, Colour
from domain.task.state import STATUSES, TaskStatus


def subclasses(parent: type[Any]) -> set[type[Any]]:
    return {each for child in parent.__subclasses__() for each in ({child} | subclasses(child))}


def test_every_event_is_on_the_list() -> None:
    defined = {event for event in subclasses(Event) if event.__module__.startswith("domain.")}

    assert set(EVENTS.values()) == defined


def test_every_command_is_on_the_list() -> None:
    defined = {
        command
        for command in subclasses(Command)
        if command.__module__.startswith("domain.") and "[" not in command.__name__
    }

    assert set(COMMANDS.values()) == defined


def fields_of(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name}


def test_a_sentence_tells_an_event_by_its_own_fields_in_both_languages() -> None:
    for event in EVENTS.values():
        zh, en = fields_of(event.sentence.zh), fields_of(event.sentence.en)
        assert zh <= set(event.model_fields), event
        assert zh == en, event


def test_a_reason_that_is_on_record_is_told() -> None:
    with_reason = [each for each in EVENTS.values() if "reason" in each.model_fields]

    assert [each for each in with_reason if "{reason}" not in each.sentence.zh] == []


def test_a_sentence_names_an_earlier_entry_in_whole() -> None:
    """The number stands for 第2条（原载：…）, with what the entry says."""
    for event in EVENTS.values():
        for name in {"corrects", "annuls", "repeals"} & set(event.model_fields):
            assert f"{{{name}}}" in event.sentence.zh, event
            assert f"第{{{name}}}" not in event.sentence.zh, event
            assert f"ntry {{{name}}}" in event.sentence.en, event


@pytest.mark.parametrize("number", [0, 1, 2])
def test_english_tells_a_number_with_what_it_counts(number: int) -> None:
    said = f"{Number(number):item|items}, {Number(number)}"

    assert said == f"{number} {'item' if number == 1 else 'items'}, {number}"


def test_a_field_that_may_be_left_out_of_the_record_has_a_default() -> None:
    for event in EVENTS.values():
        for name, field in event.model_fields.items():
            if type(None) in get_args(field.annotation):
                assert (field.is_required(), field.default) == (False, None), (event, name)


def test_every_command_documents_itself() -> None:
    for command in COMMANDS.values():
        assert command.__doc__, command
        assert command.model_json_schema()["additionalProperties"] is False, command


@pytest.mark.parametrize("kind", SUBJECTS)
def test_every_kind_has_a_stream(kind: str) -> None:
    stream = kind if kind in ("record", "policy", "calendar") else f"{kind}:x1"

    state = subject(stream)

    assert (state.stream, state.version) == (stream, 0)


@pytest.mark.parametrize("stream", ["galaxy:x", "community", "policy:x", "", "x"])
def test_there_are_no_other_streams(stream: str) -> None:
    with pytest.raises(NotOnRecord) as refusal:
        subject(stream)
    assert refusal.value.code == "stream.unknown"


@pytest.mark.parametrize(
    ("words", "values"),
    [
        (LEVELS, get_args(Level)),
        (ORIGINS, get_args(Origin)),
        (MANNERS, get_args(Manner)),
        (PROPOSERS, get_args(Proposer)),
        (PROPOSAL_STATUSES, get_args(ProposalStatus)),
        (ROLES, get_args(Role)),
        (PHASES, get_args(Phase)),
        (OUTCOMES, get_args(Outcome)),
        (SOURCES, get_args(Source)),
        (STATUSES, get_args(TaskStatus)),
        (LIGHTS, get_args(Colour)),
        (ENDINGS, get_args(Ending)),
        (ENDED, [each for each in get_args(Lifetime) if each != "active"]),
    ],
)
def test_every_word_of_a_closed_list_has_a_title(words: Any, values: Any) -> None:
    assert set(words) == set(values)
