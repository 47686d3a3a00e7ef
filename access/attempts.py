"""Sign-ins that failed, by from where and for whom: who guesses is locked out, and nobody else.

An attempt counts before anything is compared, so that many at once get no further. What is counted
is kept as a digest, whether or not there is such a login.
"""

from datetime import datetime, timedelta
from ipaddress import IPv6Address, ip_address, ip_network
from math import ceil
from typing import NamedTuple

from access.kernel import Database, digest_of
from access.refusing import LockedOut
from record.sql import statements

SQL = statements(__file__)
FORGOTTEN_AFTER = timedelta(days=1)
FORGET_EVERY = timedelta(minutes=1)
ROWS_MAX = 100_000
IPV6_NETWORK_BITS = 64  # what one customer has, at the least (RFC 6177)


class Limit(NamedTuple):
    """So many failures within a time lock for a time, which each further one doubles."""

    code: str
    failed_max: int
    within: timedelta
    locked_first: timedelta
    locked_max: timedelta


class Counted(NamedTuple):
    """What failures are counted by; a success clears those that are its person's `own`."""

    limit: Limit
    digest: bytes
    own: bool


DAY, HOUR, MINUTE = timedelta(days=1), timedelta(hours=1), timedelta(minutes=1)
OF_LOGIN = Limit("sign-in.locked", 5, DAY, MINUTE, HOUR)
OF_NETWORK = Limit("sign-in.network-locked", 30, 15 * MINUTE, 15 * MINUTE, 15 * MINUTE)
# However many networks somebody has (NIST SP 800-63B, 5.2.2).
OF_LOGIN_ANYWHERE = Limit("sign-in.locked", 100, DAY, HOUR, HOUR)


def network_of(address: str | None) -> str:
    """The network of an address: an IPv4 address itself, a /64 of IPv6. What is no address, such as
    the machine itself, is one of its own."""
    try:
        known = ip_address((address or "").partition("%")[0])
    except ValueError:
        return address or ""
    if isinstance(known, IPv6Address):
        if known.ipv4_mapped:
            return str(known.ipv4_mapped)
        return str(ip_network((known, IPV6_NETWORK_BITS), strict=False))
    return str(known)


def from_anywhere(login: str, address: str | None) -> tuple[Counted, ...]:
    """What counts for a browser that is not known. The network is first: one that is locked adds no
    further rows."""
    network = network_of(address)
    return (
        _counted(OF_NETWORK, "network", network, own=False),
        _counted(OF_LOGIN, "login", network, login, own=True),
        _counted(OF_LOGIN_ANYWHERE, "anywhere", login, own=False),
    )


def on_device(login: str, device: str) -> tuple[Counted, ...]:
    """What counts where this login's person has signed in before: what others do does not."""
    return (_counted(OF_LOGIN, "device", device, login, own=True),)


def _counted(limit: Limit, *by: str, own: bool) -> Counted:
    return Counted(limit, digest_of("\n".join(by)), own)


class Attempts:
    """All that were not followed by a success."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._forgot_at: datetime | None = None

    def count(self, counted: tuple[Counted, ...]) -> None:
        """Count one more; LockedOut if any of these is locked."""
        self._forget_old()
        for each in counted:
            limit, now = each.limit, self._database.clock()
            found = self._database.row(
                SQL["count"],
                counted=each.digest,
                since=now - limit.within,
                failed_max=limit.failed_max,
                locked_first=limit.locked_first,
                locked_max=limit.locked_max,
            )
            if found is None:
                locked = self._database.row(SQL["refuse"], counted=each.digest) or {}
                seconds: int = locked.get("seconds", 1)
                anew: bool = locked.get("anew", False)
                raise LockedOut(limit.code, seconds=seconds, minutes=ceil(seconds / 60), anew=anew)

    def take_back(self, counted: tuple[Counted, ...]) -> None:
        """The attempt that was counted was no guess."""
        for each in counted:
            self._database.rows(
                SQL["clear_last"],
                SQL["take_back"],
                counted=each.digest,
                failed_max=each.limit.failed_max,
            )

    def succeeded(self, counted: tuple[Counted, ...]) -> None:
        """It led in: what its person did wrong before is forgotten, too."""
        self.take_back(counted)
        for each in counted:
            if each.own:
                self._database.rows(SQL["clear"], counted=each.digest)

    def _forget_old(self) -> None:
        """Forget what no longer counts, and the oldest of what is too much."""
        now = self._database.clock()
        if self._forgot_at is None or self._forgot_at <= now - FORGET_EVERY:
            self._forgot_at = now
            self._database.rows(
                SQL["forget"],
                SQL["bound"],
                forgotten_before=now - FORGOTTEN_AFTER,
                rows_max=ROWS_MAX,
            )
