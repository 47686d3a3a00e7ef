"""The pages of the city's rules: who may do what, the policy in force, and a draft of another."""

from collections.abc import Sequence
from itertools import groupby
from typing import Annotated, NamedTuple

from fastapi import File, UploadFile
from starlette.requests import Request
from starlette.responses import HTMLResponse

from api.http.kernel.acting import reading_as
from api.http.kernel.founded import founded
from api.http.kernel.reading import TheReading
from api.http.kernel.rendering import page_language
from api.http.kernel.signed_in import require_own_page
from api.http.policies import PermissionView, get_permissions, list_policies, policy_asked
from api.http.policy_files import check_of, differences_of, draft_of, drafting, tried_on
from api.pages.forms.operations import permitted
from api.pages.page import page_router, policy_shown, show
from api.pages.titles import Titles
from domain.adoption.adopting import ADOPT, DRAFT
from domain.catalogue import SUBJECTS
from domain.kernel.context import ROLES
from domain.kernel.policy.bounds import FILE_BYTES_MAX
from domain.kernel.text import Language
from record.store.record import Record

router = page_router()

TRIED_MAX = 200
ADOPTING = ("policies.adopt-file", "policies.adopt", "policies.repeal")


class MayDoRow(NamedTuple):
    """What is done, by whom, and what nobody did who does it."""

    doing: str
    roles: tuple[bool, ...]
    apart: tuple[str, ...]


@router.get("/permissions")
def permissions(request: Request, reading: TheReading) -> HTMLResponse:
    """Who may do what under the policy of the day: one table of roles and what they do."""
    language = page_language(request)
    with reading.view() as view:
        policy = policy_asked(reading, view)
        found = get_permissions(request, policy.version).items
        roles = [role for role in ROLES if any(role in each.roles for each in found)]
        return show(
            reading,
            view,
            "permissions.html",
            here="settings",
            policy=policy,
            roles=[policy.role_title(role).in_(language) for role in roles],
            groups=_by_subject(found, roles, language),
        )


def _by_subject(
    found: Sequence[PermissionView], roles: Sequence[str], language: Language
) -> list[tuple[str, list[MayDoRow]]]:
    """The rows of each subject; commands that need the same are one row."""
    order = list(SUBJECTS)
    ordered = sorted(found, key=lambda each: order.index(each.subject))
    return [
        (
            kind,
            list(dict.fromkeys(_row(each, roles, language) for each in of_kind)),
        )
        for kind, of_kind in groupby(ordered, lambda each: each.subject)
    ]


def _row(each: PermissionView, roles: Sequence[str], language: Language) -> MayDoRow:
    return MayDoRow(
        doing=each.doing.in_(language),
        roles=tuple(role in each.roles for role in roles),
        apart=tuple(apart.did.in_(language) for apart in each.apart_from),
    )


@router.get("/policies")
def policies(request: Request, reading: TheReading) -> HTMLResponse:
    """The policies on record, which is in force on the day, and the form for a draft."""
    authority = reading_as(request).authority
    found = list_policies(request, reading).items
    with reading.view() as view:
        policy = policy_shown(reading, view)
        return show(
            reading,
            view,
            "policies.html",
            here="settings",
            lines=found,
            policy=policy,
            may_draft=policy is not None and authority.role in DRAFT.roles(policy),
            offered=permitted(authority.role, policy, *ADOPTING) if policy else (),
        )


@router.post("/policies")
def look_at_draft(
    request: Request, reading: TheReading, file: Annotated[UploadFile, File()]
) -> HTMLResponse:
    """The faults of a draft; without any, what it changes in words, and on what is on record.
    Nothing is recorded."""
    require_own_page(request)
    by, language = reading_as(request), page_language(request)
    content = file.file.read(FILE_BYTES_MAX + 1)  # one more is a fault of the file
    in_force = drafting(request, by)
    check = check_of(content, language)
    draft = None if check.faults else draft_of(content)
    record: Record = request.app.state.record
    whole_city = by.authority.jurisdiction == founded(request).city
    with reading.view() as view:
        page = show(
            reading,
            view,
            "policy-draft.html",
            here="settings",
            file=file.filename or "",
            text="" if check.faults else content.decode(),
            check=check,
            changes=differences_of(in_force, draft) if draft else None,
            tried=tried_on(request, in_force, draft, None, offset=0, limit=TRIED_MAX)
            if draft and whole_city
            else None,
            version=record.state("policy").version,
            today=reading.today,
            may_adopt=by.authority.role in ADOPT.roles(in_force),
            titles=Titles(in_force, language),
            draft_titles=Titles(draft or in_force, language),
        )
    page.status_code = 422 if check.faults else 200
    return page
