"""Policies over HTTP: when they are in force, and the content of their files."""

from datetime import date

from pydantic import BaseModel, ConfigDict, Field
from starlette.requests import Request
from starlette.responses import Response

from api.http.kernel.adopted import adopted_as_known
from api.http.kernel.command_routes import CommandRoute, command_router
from api.http.kernel.problem_kinds import problems
from api.http.kernel.reading import Listing, Reading, TheReading
from domain.adoption.adopting import AdoptPolicy, AdoptPolicyFile, RepealPolicy, product_edition
from domain.adoption.state import Adopted
from domain.commands import permissions
from domain.kernel.context import ROLES
from domain.kernel.ids import PolicyVersion
from domain.kernel.policy import Edition, Policy, built_in, edition_of
from domain.kernel.refusal import Refused
from domain.kernel.text import Bilingual
from projections.engine.view import View
from record.store.record import Record

COMMANDS = (
    CommandRoute("/adoptions", "policies.adopt", AdoptPolicy, "施行政策 · Put a policy in force"),
    CommandRoute(
        "/adoptions/files",
        "policies.adopt-file",
        AdoptPolicyFile,
        "施行本市政策文件 · Put a policy file of the city's own in force",
    ),
    CommandRoute("/repeals", "policies.repeal", RepealPolicy, "废止政策 · Repeal a policy"),
)
router = command_router("/api/v1/policies", "政策 Policies", COMMANDS)


class PolicyView(BaseModel):
    """A policy file, and whether it is in force on the requested day."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    version: str
    title: Bilingual
    digest: str
    in_force: bool
    of_product: bool = Field(description="It comes with the product; others the city brought.")
    adopted_from: tuple[date, ...] = Field(description="The days from which it was adopted.")


@router.get(
    "",
    operation_id="policies.list",
    summary="政策列表 · List policies",
    responses=problems("invalid-request", "not-yet-shown", "database-away"),
)
def list_policies(request: Request, reading: TheReading) -> Listing[PolicyView]:
    """The policy files of the product and of the city, and which is in force on the day."""
    with reading.view() as view:
        adopted = adopted_as_known(request.app.state.record, view.known)
        in_force = adopted.adoptions.on(reading.effective)
        found = [
            PolicyView(
                version=each.policy.version,
                title=each.policy.title,
                digest=each.digest,
                in_force=in_force is not None and in_force.digest == each.digest,
                of_product=each.digest in {own.digest for own in built_in().values()},
                adopted_from=tuple(
                    change.effective_from
                    for change in adopted.adoptions.stated()
                    if change.value and change.value.digest == each.digest
                ),
            )
            for each in _editions(adopted)
        ]
        return reading.listing(view, found, next_key=None)


def _editions(adopted: Adopted) -> list[Edition]:
    """The files of the product, and those that the city adopted, in the order of adoption."""
    changes = (change.value for change in adopted.adoptions.stated() if change.value)
    brought = (edition_of(each.digest) for each in changes)
    found = (*built_in().values(), *(each for each in brought if each))
    return [*{each.digest: each for each in found}.values()]


def edition_asked(request: Request, version: str) -> Edition:
    """The product's file of a version, or else the city's; NotOnRecord if there is none."""
    record: Record = request.app.state.record
    return product_edition(version, record.adopted())


@router.get(
    "/{version}",
    operation_id="policies.get",
    summary="政策全文 · One policy",
    responses=problems("invalid-request", "not-on-record", "database-away"),
)
def get_policy(request: Request, version: PolicyVersion, response: Response) -> Policy:
    """The content of a policy file: types, measures, indicators, rules, stages, grades."""
    edition = edition_asked(request, version)
    response.headers["ETag"] = f'"{edition.digest}"'
    return edition.policy


class ApartView(BaseModel):
    """What nobody did who carries out the command."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    code: str = Field(description="The code of the refusal.")
    did: Bilingual = Field(description="Completes the sentence: nobody may who …")


class PermissionView(BaseModel):
    """What a command or operation needs, and the roles that have it under the policy.

    Where the state decides further, as in the stages of a round, these are all roles that may in
    some case.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    command: str = Field(description="The command; of what is no command, the operation or field.")
    subject: str
    doing: Bilingual = Field(description="Completes the sentence: you may …")
    roles: tuple[str, ...]
    role_names: tuple[Bilingual, ...]
    paths: tuple[str, ...] = Field(description="Where the policy file lists the roles.")
    apart_from: tuple[ApartView, ...] = Field(
        description="Separation of duties: who did one of these may not, nor may their deputy."
    )


class PermissionsView(BaseModel):
    """Who may do what under a policy. What is not listed nobody may, but to read what lies in their
    jurisdiction or is public, and to manage what is their own."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    version: str
    items: tuple[PermissionView, ...]


@router.get(
    "/{version}/permissions",
    operation_id="policies.permissions",
    summary="职责与权限 · Who may do what",
    responses=problems("invalid-request", "not-on-record", "database-away"),
)
def get_permissions(request: Request, version: PolicyVersion) -> PermissionsView:
    """The table of roles and commands, made from the code and the policy."""
    policy = edition_asked(request, version).policy
    return PermissionsView(
        version=version,
        items=tuple(
            PermissionView(
                command=each.command,
                subject=each.subject,
                doing=each.permission.doing,
                roles=tuple(role for role in ROLES if role in each.roles),
                role_names=tuple(policy.role_title(role) for role in ROLES if role in each.roles),
                paths=each.permission.paths,
                apart_from=tuple(ApartView(code=a.code, did=a.did) for a in each.apart_from),
            )
            for each in permissions(policy)
        ),
    )


def policy_asked(reading: Reading, view: View) -> Policy:
    """The policy in force on the day of a read. Refused if there is none: what is
    derived from a policy would be an empty list, as if nothing had been done."""
    record: Record = reading.request.app.state.record
    # Read once for a picture: a new adoption counts as soon as the read models have reached it.
    adopted = view.once("adopted", lambda: adopted_as_known(record, view.known))
    if adopted.adoptions.on(reading.effective) is None:
        raise _none_in_force(adopted, reading.effective, view.known)
    return adopted.in_force(reading.effective)


def _none_in_force(adopted: Adopted, day: date, known: int | None) -> Refused:
    periods = [each for each in adopted.adoptions.periods() if each.value]
    later = next((each for each in periods if each.effective_from > day), None)
    if later:
        return Refused("read.no-policy-yet", day=day, since=later.effective_from)
    if periods:
        return Refused("read.no-policy-any-more", day=day, until=periods[-1].effective_until)
    return Refused("read.no-policy-known", known=known)
