"""How a read is found: where FastAPI finds it, only sooner."""

from starlette.routing import Match

from api.http.app import build_app
from api.http.kernel.routing import ReadTable

OF_THE_SERVER = {"/health/live", "/health/ready", "/api/v1/status", "/metrics"}


def test_every_read_but_those_of_the_server_is_found_at_once_by_its_address() -> None:
    app = build_app()
    table = app.router.routes[0]
    assert isinstance(table, ReadTable)
    addresses = {path for path, methods in app.openapi()["paths"].items() if "get" in methods}

    found = {}
    for address in addresses:
        path = address.replace("{", "").replace("}", "")
        match, scope = table.matches({"type": "http", "method": "GET", "path": path})
        if match is Match.FULL:
            found[address] = scope["route"].path

    assert found == {address: address for address in addresses - OF_THE_SERVER}
    assert (
        table.matches({"type": "http", "method": "POST", "path": "/api/v1/tasks"})[0] is Match.NONE
    )
