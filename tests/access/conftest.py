"""Each test of access has a clock that it sets, and hashes passwords cheaply."""

from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
from argon2 import PasswordHasher

from access.access import Access
from access.passwords import Passwords
from access.sealing import KEY_BYTES, Seal
from record.store.record import CHINA
from record.store.recorder import Datastore

QUICK = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
SEAL = Seal((b"k" * KEY_BYTES,))
PASSWORD, PASSWORD_2 = "Yulan-2024 kai", "Mudan-2025 kai"


class SetClock:
    """A clock that stands still until it is set on."""

    def __init__(self) -> None:
        self.now = datetime(2024, 7, 1, 9, tzinfo=CHINA)

    def __call__(self) -> datetime:
        return self.now

    def forward(self, **by: float) -> None:
        self.now += timedelta(**by)


@pytest.fixture
def clock() -> SetClock:
    return SetClock()


@pytest.fixture
def access(database_url: str, clock: SetClock) -> Iterator[Access]:
    """Access to a record in which 李娜 has an account with a password of her own."""
    with Datastore(database_url) as datastore:
        access = Access(datastore, clock=clock, passwords=Passwords(QUICK), seal=SEAL)
        access.accounts.add(person="li.na", login="LiNa", password=PASSWORD_2)
        access.sign_in.change_password("lina", old=PASSWORD_2, new=PASSWORD)
        yield access
