"""How long after its receipt an entry is shown, while 200 commands a second are recorded."""

import json
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from statistics import median, quantiles

from bench.commands import rename, standing
from bench.ground import Ground
from bench.process import ANNALS, Server, running, serving
from bench.row import AT_MOST, Row, figure
from domain.community.state import Community
from projections.all import PROJECTIONS
from projections.engine.worker import catch_up
from record.store.record import Record

RATE = 200
SECONDS = 4
SECONDS_FULL = 15
COMMUNITIES = 50
THREADS = 8


def measure(ground: Ground) -> Iterator[Row]:
    """The 99th percentile of what a reader waits who asks for a receipt's position."""
    city = ground.city(ground.sizes[0])
    catch_up(city.url, PROJECTIONS)
    seconds = SECONDS_FULL if ground.full else SECONDS
    with (
        running([ANNALS, "work"], DATABASE_URL=city.url),
        serving([ANNALS, "serve", "--port", "0"], city.key, DATABASE_URL=city.url) as server,
        Record(city.url) as record,
    ):
        communities = standing(record, COMMUNITIES)
        begun = rename(record, communities[0], "花园社区").last_position
        while json.loads(server.get("/api/v1/communities?limit=1"))["position"] < begun:
            time.sleep(0.1)  # the worker is starting
        lags, rate = _lags(server, record, communities, seconds)
    yield Row(
        work=f"from receipt to shown, at {rate:.0f} commands/s, p99",
        peer="",
        unit="ms",
        ours=1e3 * quantiles(lags, n=100, method="inclusive")[98],
        goal=figure(AT_MOST, 100),
        note=f"{len(lags)} samples over HTTP, median {1e3 * median(lags):.0f} ms",
    )


def _lags(
    server: Server, record: Record, communities: list[Community], seconds: int
) -> tuple[list[float], float]:
    """Seconds from the newest receipt until it is shown, again and again; and the rate kept."""
    newest = (0, 0.0)
    done = 0

    def carry_out(number: int) -> None:
        nonlocal newest, done
        community = communities[number % len(communities)]
        receipt = rename(record, community, f"第{number}花园社区")
        newest = max(newest, (receipt.last_position, time.perf_counter()))
        done += 1

    lags: list[float] = []
    began = time.perf_counter()
    with ThreadPoolExecutor(THREADS) as pool, ThreadPoolExecutor(1) as pacing:
        paced = pacing.submit(_pace, pool.submit, carry_out, seconds * RATE)
        while not paced.done():
            position, at = newest
            if position:
                server.get(f"/api/v1/communities?limit=1&after_position={position}")
                lags.append(time.perf_counter() - at)
            time.sleep(0.02)
        elapsed = time.perf_counter() - began
        return lags, done / elapsed


def _pace(submit: Callable[..., Future[None]], work: Callable[[int], None], count: int) -> None:
    """Ask for the work so often, at the rate; raises what one of them raised."""
    began = time.perf_counter()
    asked = []
    for number in range(count):
        time.sleep(max(0.0, began + number / RATE - time.perf_counter()))
        asked.append(submit(work, number))
    for each in asked:
        each.result()
