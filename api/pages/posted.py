"""What a form posted."""

from urllib.parse import parse_qsl

from starlette.requests import Request

FIELDS_MAX = 6_000


async def posted(request: Request) -> dict[str, str]:
    """The fields of a form; the last of several with one name."""
    body = (await request.body()).decode("utf-8", "replace")
    return dict(parse_qsl(body, keep_blank_values=True, max_num_fields=FIELDS_MAX))
