"""What the API notes in the operation log: from where a request came, and who sent it."""

from starlette.requests import Request

from access.access import Access
from access.operation_log import What
from domain.kernel.context import Acting
from domain.kernel.ids import kind_of

AGENT_MAX = 200


def note(
    request: Request, what: What, *, succeeded: bool = True, **facts: str | int | None
) -> None:
    """Note what a request did or tried."""
    access: Access = request.app.state.access
    agent = request.headers.get("user-agent")
    access.log.note(
        what,
        succeeded=succeeded,
        operation=getattr(request.scope.get("route"), "operation_id", None),
        address=request.client and request.client.host,
        agent=agent and agent[:AGENT_MAX],
        request=request.state.request_id,
        **{name: getattr(request.state, name, None) for name in ("person", "key")} | facts,
    )


def note_export(request: Request) -> None:
    """Note that a file is taken along: which, is in the address."""
    named = [str(each) for each in request.path_params.values()]
    note(request, "export", subject=" ".join(named) or None)


def note_rights(request: Request, stream: str, by: Acting) -> None:
    """Note a recorded change of what somebody may do, if this is one."""
    if kind_of(stream) == "authority":
        note(request, "rights", person=by.actor.person, subject=stream)
