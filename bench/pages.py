"""What the pages read, over HTTP on a connection that is kept, beside a bare endpoint with the same
bytes; and how it grows with the record."""

import json
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from datetime import date, timedelta
from pathlib import Path
from statistics import median

from bench.ground import Ground
from bench.process import ANNALS, Server, serving
from bench.row import AT_MOST, Row, ratio
from projections.all import PROJECTIONS
from projections.engine.worker import catch_up

ROUNDS = 20
ROUNDS_FULL = 60
WARM_UP = 3
LINES = 50
# Each read, with its goal beside the bare endpoint.
READS: Mapping[str, float | None] = {
    "list of 50 communities": 1.4,
    "timeline of 50 lines": 2.5,
    "list of 50 tasks": 2.0,
    "dashboard": 6.0,
    "dashboard of a day that nobody asked for": 6.0,
    "worklist of 10": None,
}
# These count every community: linear in them is the goal.
COUNT_ALL = ("dashboard", "dashboard of a day that nobody asked for")
WAITING = 10  # communities of the worklist that are asked for: fewer than wait in the demo itself
FIRST_DAY = date(2025, 1, 1)


def measure(ground: Ground) -> Iterator[Row]:
    """The reads at the smallest size beside the peer, then at each larger one beside that."""
    cities = [ground.city(size) for size in ground.sizes]
    rounds = ROUNDS_FULL if ground.full else ROUNDS
    with ExitStack() as stack:
        servers = []
        for city in cities:
            catch_up(city.url, PROJECTIONS)
            command = [ANNALS, "serve", "--port", "0"]
            servers.append(stack.enter_context(serving(command, city.key, DATABASE_URL=city.url)))
        paths = [_paths(server) for server in servers]
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        for number, path in enumerate(paths[0].values()):
            (folder / str(number)).write_bytes(servers[0].get(path.format(day=FIRST_DAY)))
        bare = stack.enter_context(serving([sys.executable, "-m", "bench.bare", str(folder)]))
        for number, (work, goal) in enumerate(READS.items()):
            asked = [
                (bare, f"/{number}"),
                *((d, p[work]) for d, p in zip(servers, paths, strict=True)),
            ]
            theirs, *ours = _medians(asked, rounds)
            size = (folder / str(number)).stat().st_size
            yield Row(
                work=f"{work}, {cities[0].entries:,} entries",
                peer="bare FastAPI endpoint, the same bytes from memory",
                unit="ms",
                ours=ours[0],
                theirs=theirs,
                goal=ratio(AT_MOST, goal) if goal else None,
                note=f"{size:,} bytes",
            )
            for city, taken in list(zip(cities, ours, strict=True))[1:]:
                grown = city.entries / cities[0].entries if work in COUNT_ALL else 1
                yield Row(
                    work=f"{work}, {city.entries:,} entries",
                    peer=f"ours at {cities[0].entries:,}",
                    unit="ms",
                    ours=taken,
                    theirs=ours[0],
                    goal=ratio(AT_MOST, round(1.3 * grown, 1)),
                )


def _medians(asked: list[tuple[Server, str]], rounds: int) -> list[float]:
    """Milliseconds of each, asked in turn, so that whatever else the machine does hits all."""
    taken: list[list[float]] = [[] for _ in asked]
    for number in range(WARM_UP + rounds):
        for (server, path), seconds in zip(asked, taken, strict=True):
            found = server.timed(path.format(day=FIRST_DAY + timedelta(days=number)))
            if number >= WARM_UP:
                seconds.append(found)
    return [1e3 * median(seconds) for seconds in taken]


def _paths(server: Server) -> dict[str, str]:
    """The address of each read, `{day}` another each time; the timeline is the first with a full
    page."""
    api = "/api/v1"
    return {
        "list of 50 communities": f"{api}/communities?limit={LINES}",
        "timeline of 50 lines": _timeline(server, api),
        "list of 50 tasks": f"{api}/tasks?limit={LINES}",
        "dashboard": f"{api}/dashboard",
        "dashboard of a day that nobody asked for": f"{api}/dashboard?effective={{day}}",
        "worklist of 10": f"{api}/worklist?limit={WAITING}",
    }


def _timeline(server: Server, api: str) -> str:
    for council in json.loads(server.get(f"{api}/councils?limit={LINES}"))["items"]:
        path = f"{api}/councils/{council['council']}/timeline?limit={LINES}"
        if len(json.loads(server.get(path))["items"]) == LINES:
            return path
    raise AssertionError("no council has so long a timeline")
