"""What a form posted."""

from urllib.parse import parse_qsl

from starlette.requests import Request

from api.http.kernel.problems import ApiProblem

FIELDS_MAX = 6_000


async def posted(request: Request) -> dict[str, str]:
    """The fields of a form; the last of several with one name. ApiProblem for too many."""
    body = (await request.body()).decode("utf-8", "replace")
    if body.count("&") >= FIELDS_MAX:
        raise ApiProblem("too-large", "request.too-many-values", allowed=FIELDS_MAX)
    return dict(parse_qsl(body, keep_blank_values=True))
