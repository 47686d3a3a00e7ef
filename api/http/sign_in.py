"""Signing in and out, and one's own sessions, password and second factor."""

from datetime import datetime
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field
from starlette.requests import Request
from starlette.responses import Response

from access.passwords import CHARACTERS_MAX
from access.sessions import Session
from api.http.kernel.acting import grants_in_force
from api.http.kernel.coming_in import begin, end, renew
from api.http.kernel.noting import note
from api.http.kernel.problem_kinds import problems
from api.http.kernel.reading import Text
from api.http.kernel.routing import SubjectRouter
from api.http.kernel.signed_in import (
    IN_SESSION,
    InSession,
    access_of,
)
from domain.authority.state import Grant
from domain.kernel.context import Role
from domain.kernel.ids import Id

router = SubjectRouter("/api/v1", "登录 Sign-in")

Password = Annotated[str, Field(min_length=1, max_length=CHARACTERS_MAX)]
Code = Annotated[str, Field(min_length=1, max_length=40)]
PROBLEMS = problems("not-signed-in", "not-authorised", "invalid-request", "database-away")
CHANGING = {**PROBLEMS, **problems("unreadable", "refused", "too-large", "locked-out")}
COOKIE_HEADER: dict[str, Any] = {
    "headers": {"Set-Cookie": {"description": "The session.", "schema": {"type": "string"}}}
}


class Asked(BaseModel):
    """A body. It is never shown again."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)


class SignIn(Asked):
    """Login and password, and a code if there is a second factor."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"login": "lina", "password": "Yulan-2024 kai"}]}
    )

    login: Annotated[Text, Field(max_length=64)]
    password: Password
    code: Code | None = None


class ChangePassword(Asked):
    """The password so far, and another one of 10 to 128 characters."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"old": "Yulan-2024 kai", "new": "Mudan-2025 kai"}]}
    )

    old: Password
    new: Password


class ConfirmSecondFactor(Asked):
    """The code that the app shows."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"code": "492039"}]})

    code: Code


class Shown(BaseModel):
    """An answer."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class AuthorityHeld(Shown):
    """A grant under which the person may act today: its id is for `Annals-Authority`."""

    grant: str
    role: Role
    place: str = Field(description="The stream of its jurisdiction or community.")
    acting_for: str | None = Field(description="The person in whose place they act (代理).")

    @classmethod
    def of(cls, grant: Grant) -> "AuthorityHeld":
        """The same from the record."""
        return cls(
            grant=grant.grant, role=grant.role, place=grant.place, acting_for=grant.acting_for
        )


class SessionView(Shown):
    """A session that has not ended."""

    session: str
    began_at: datetime
    last_seen_at: datetime
    ends_at: datetime = Field(description="However it is used; without use, after 30 minutes.")
    address: str | None
    agent: str | None = Field(description="What the browser calls itself.")
    current: bool = Field(description="Whether it is the session of this request.")


class SessionsView(Shown):
    """The sessions of a person, newest first."""

    items: list[SessionView]


class SignedInView(Shown):
    """Who is signed in, and under which grants they may act."""

    person: str
    login: str
    password_due: bool = Field(description="Whether the password has to be changed first.")
    second_factor: bool
    ends_at: datetime
    authorities: list[AuthorityHeld]


class SecondFactorView(Shown):
    """The secret for an authenticator app, shown once."""

    secret: str
    address: str = Field(description="The same as an `otpauth:` address, for a QR code.")


class RecoveryCodesView(Shown):
    """Codes for a lost device, shown once; each works once."""

    codes: list[str]


@router.post(
    "/sign-in",
    operation_id="session.begin",
    summary="登录 · Sign in",
    responses={200: COOKIE_HEADER, **CHANGING},
)
def sign_in(request: Request, response: Response, asked: SignIn) -> SignedInView:
    """Begin a session, whose token is in a cookie. A session that the browser had ends. After five
    failures from one address a login is locked there for a minute, and for twice as long after each
    further one; after thirty failures an address is locked for a quarter of an hour."""
    return _shown(request, begin(request, response, asked.login, asked.password, asked.code))


@router.post(
    "/sign-out",
    operation_id="session.end",
    summary="退出 · Sign out",
    status_code=204,
    responses=CHANGING,
    openapi_extra=IN_SESSION,
)
def sign_out(request: Request, response: Response, session: InSession) -> None:
    """End the session of the request."""
    end(request, response, session)


@router.get(
    "/session",
    operation_id="session.get",
    summary="当前登录 · Who is signed in",
    responses=PROBLEMS,
    openapi_extra=IN_SESSION,
)
def get_session(request: Request, response: Response, session: InSession) -> SignedInView:
    """Who is signed in, and the grants under which they may act today."""
    response.headers["Cache-Control"] = "no-store"
    return _shown(request, session)


@router.post(
    "/session/password",
    operation_id="session.password",
    summary="更换密码 · Change one's password",
    responses={200: COOKIE_HEADER, **CHANGING},
    openapi_extra=IN_SESSION,
)
def change_password(
    request: Request, response: Response, session: InSession, asked: ChangePassword
) -> SignedInView:
    """Choose another password. All sessions of the person end, and another one begins."""
    return _shown(request, renew(request, response, session, asked.old, asked.new))


@router.post(
    "/session/second-factor",
    operation_id="session.enrol",
    summary="登记验证器 · Enrol a second factor",
    responses=CHANGING,
    openapi_extra=IN_SESSION,
)
def enrol(request: Request, response: Response, session: InSession) -> SecondFactorView:
    """A secret for an authenticator app. It counts once it is confirmed."""
    response.headers["Cache-Control"] = "no-store"
    enrolled = access_of(request).second_factors.enrol(session.person, session.login)
    return SecondFactorView(secret=enrolled.secret, address=enrolled.address)


@router.post(
    "/session/second-factor/confirmation",
    operation_id="session.confirm",
    summary="确认验证器 · Confirm a second factor",
    responses=CHANGING,
    openapi_extra=IN_SESSION,
)
def confirm(
    request: Request, response: Response, session: InSession, asked: ConfirmSecondFactor
) -> RecoveryCodesView:
    """From now on signing in takes a code. The answer has recovery codes for a lost device."""
    response.headers["Cache-Control"] = "no-store"
    codes = access_of(request).second_factors.confirm(session.person, asked.code)
    note(request, "account")
    return RecoveryCodesView(codes=codes)


@router.get(
    "/sign-in/sessions",
    operation_id="sessions.list",
    summary="我的登录 · One's own sessions",
    responses=PROBLEMS,
    openapi_extra=IN_SESSION,
)
def list_sessions(request: Request, session: InSession) -> SessionsView:
    """The sessions of the person who is signed in, newest first."""
    found = access_of(request).sessions.of(session.person)
    return SessionsView(
        items=[
            SessionView(
                session=each.session,
                began_at=each.began_at,
                last_seen_at=each.last_seen_at,
                ends_at=each.ends_at,
                address=each.address,
                agent=each.agent,
                current=each.session == session.session,
            )
            for each in found
        ]
    )


@router.delete(
    "/sign-in/sessions/{session}",
    operation_id="sessions.end",
    summary="结束登录 · End a session",
    status_code=204,
    responses={**CHANGING, **problems("not-on-record")},
    openapi_extra=IN_SESSION,
)
def end_session(request: Request, by: InSession, session: Id) -> None:
    """End a session of one's own at once."""
    access_of(request).sessions.end(by.person, session)
    note(request, "sign-out", subject=session)


def _shown(request: Request, session: Session) -> SignedInView:
    record = request.app.state.record
    return SignedInView(
        person=session.person,
        login=session.login,
        password_due=session.password_due,
        second_factor=access_of(request).second_factors.needed(session.person),
        ends_at=session.ends_at,
        authorities=[AuthorityHeld.of(g) for g in grants_in_force(record, session.person)],
    )
