"""The closed list of commands, collected from the modules that define them."""

from collections.abc import Iterator, Mapping
from types import MappingProxyType, ModuleType
from typing import Any, NamedTuple

from domain.adoption import adopting
from domain.adoption.adopting import DRAFT
from domain.authority import granting
from domain.batch import receiving
from domain.catalogue import by_name
from domain.checkin import opinion, presence, service
from domain.classification import classification, reclassification
from domain.community import corrections as community_corrections
from domain.community import identity, lineage, profile
from domain.council import annulment as council_annulment
from domain.council import membership, minutes, sessions
from domain.exemplar import nomination
from domain.founding import founding as founding_founding
from domain.grading import annulment as round_annulment
from domain.grading import entering, publication
from domain.grading import grading as round_grading
from domain.honour import board, household
from domain.jurisdiction import corrections as jurisdiction_corrections
from domain.jurisdiction import tree
from domain.kernel.apart import Apart
from domain.kernel.command import Command
from domain.kernel.irregular import RECORD_IRREGULAR
from domain.kernel.permission import READ_OPERATION_LOG, STORE_DOCUMENTS, Permission
from domain.kernel.policy import Policy
from domain.measure import adoption as measure_adoption
from domain.measure import tasks as measure_tasks
from domain.partnership import agreement, exchange, project
from domain.person import corrections as person_corrections
from domain.person import registration as person_registration
from domain.programme import drafting, items
from domain.review import corrections as review_corrections
from domain.review import grading as review_grading
from domain.review import objections, opening, settling, stages
from domain.roster import ends
from domain.round import planning
from domain.support import assignment as support_assignment
from domain.support import outcome, progress
from domain.support import tasks as support_tasks
from domain.task import assignment as task_assignment
from domain.task import completion
from domain.unit import corrections as unit_corrections
from domain.unit import registration as unit_registration

MODULES = (
    ends,
    adopting,
    granting,
    receiving,
    opinion,
    presence,
    service,
    classification,
    community_corrections,
    identity,
    lineage,
    profile,
    reclassification,
    council_annulment,
    membership,
    minutes,
    sessions,
    nomination,
    founding_founding,
    board,
    household,
    jurisdiction_corrections,
    tree,
    measure_adoption,
    measure_tasks,
    agreement,
    exchange,
    project,
    drafting,
    items,
    review_corrections,
    review_grading,
    objections,
    opening,
    settling,
    stages,
    round_annulment,
    entering,
    round_grading,
    planning,
    publication,
    support_assignment,
    outcome,
    progress,
    support_tasks,
    task_assignment,
    completion,
    unit_corrections,
    unit_registration,
    person_corrections,
    person_registration,
)

# What takes leave and is no command, with the kind of its subject: operations, and the field that
# records what breaks a procedure.
OTHERS: Mapping[str, tuple[str, Permission]] = MappingProxyType(
    {
        "attachments.store": ("record", STORE_DOCUMENTS),
        "audit.list": ("record", READ_OPERATION_LOG),
        "audit.check": ("record", READ_OPERATION_LOG),
        "audit.export": ("record", READ_OPERATION_LOG),
        "despite": ("record", RECORD_IRREGULAR),
        "policies.check": ("policy", DRAFT),
        "policies.diff": ("policy", DRAFT),
        "policies.try": ("policy", DRAFT),
    }
)


class MayDo(NamedTuple):
    """A command or what else takes leave, the kind of its subject, its permission, and the roles
    that have it under a policy."""

    command: str
    subject: str
    permission: Permission
    roles: tuple[str, ...]
    apart_from: tuple[Apart, ...]


def permissions(policy: Policy) -> list[MayDo]:
    """Who may do what under a policy: command by command, then what is no command."""
    commands = (
        (name, each.subject_type().kind, each.permission, each.apart_from)
        for name, each in COMMANDS.items()
    )
    others = ((name, kind, each, ()) for name, (kind, each) in OTHERS.items())
    return [
        MayDo(name, kind, permission, permission.roles(policy), apart)
        for name, kind, permission, apart in (*commands, *others)
    ]


def _commands(module: ModuleType) -> Iterator[type[Command[Any]]]:
    """The commands that a module itself defines, without pydantic's `Command[...]` classes."""
    for each in vars(module).values():
        if (
            isinstance(each, type)
            and issubclass(each, Command)
            and each.__module__ == module.__name__
            and each.__pydantic_generic_metadata__["origin"] is None
        ):
            yield each


COMMANDS: Mapping[str, type[Command[Any]]] = by_name(
    command for module in MODULES for command in _commands(module)
)
