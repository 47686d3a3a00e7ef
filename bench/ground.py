"""Where the measures run: the server that keeps the demo's record, and cities of any size on it."""

from collections.abc import Sequence
from datetime import timedelta
from typing import NamedTuple
from urllib.parse import urlsplit

import psycopg
from psycopg import sql

from access.access import Access
from api.http.app import ROUTES
from bench import mixture
from demo.visitors import VISITORS
from record.store.migrate import migrate
from record.store.record import Record

READER = VISITORS[0].person  # the demo's arbiter, who reads the whole city
READS = tuple(sorted({f"{subject}.*" for subjects in ROUTES.values() for subject in subjects}))


class City(NamedTuple):
    """A record of the demo's mixture, how many entries it has, and a key to read all of it."""

    url: str
    entries: int
    key: str


class Ground:
    """What every measure is given. `sizes` are the entries to measure at, in rising order."""

    def __init__(self, demo: str, sizes: Sequence[int], *, full: bool) -> None:
        self.demo = demo
        self.sizes = sizes
        self.full = full
        self.mixture = mixture.read(demo)
        self._cities: dict[int, City] = {}

    def fresh(self, name: str) -> str:
        """The url of a new database without any table; one of the same name is dropped."""
        with psycopg.connect(self.demo, autocommit=True) as connection:
            for statement in ("drop database if exists {} with (force)", "create database {}"):
                connection.execute(sql.SQL(statement).format(sql.Identifier(name)))
        return urlsplit(self.demo)._replace(path=f"/{name}").geturl()

    def city(self, size: int) -> City:
        """A record that comes nearest to so many entries; its read models are not made yet."""
        copies = self.mixture.copies(size)
        if copies not in self._cities:
            url = self.fresh(f"bench_city_{copies}")
            migrate(url)
            entries = mixture.write(self.mixture, copies, self.demo, url)
            self._cities[copies] = City(url, entries, _key(url))
        return self._cities[copies]


def _key(url: str) -> str:
    with Record(url) as record:
        grant, *_ = record.state(f"authority:{READER}").standing()  # one for each copy
        new = Access(record.recorder.datastore).keys.create(
            person=READER,
            grant=grant.grant,
            title="bench",
            operations=READS,
            lasts=timedelta(days=1),
            by=READER,
        )
    return new.text
