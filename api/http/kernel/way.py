"""On which way requests come: from this machine, over our own TLS, or through the one proxy that is
named, which does TLS. No header of anybody else says from where a request comes."""

from functools import lru_cache
from ipaddress import IPv4Address, IPv6Address, ip_address
from typing import NamedTuple
from urllib.parse import urlsplit

from starlette.datastructures import Headers
from starlette.types import Scope

from api.settings import LOOPBACK

Address = IPv4Address | IPv6Address


class Way(NamedTuple):
    """The names under which the server is reached, and the proxy in front of it, if any."""

    names: frozenset[str] = frozenset(LOOPBACK)
    proxy: Address | None = None

    def is_named(self, host: str) -> bool:
        """Whether a Host is ours. A page of another site whose name was pointed at this machine
        (DNS rebinding) must not act here."""
        return _hostname(host) in self.names

    def arrived(self, scope: Scope) -> bool:
        """Note from where a request comes if the proxy says so; False if it went round the proxy.

        Of `X-Forwarded-For` only the last entry counts, which is the proxy's own.
        """
        if self.proxy is None:
            return True
        peer = address_of((scope.get("client") or ("",))[0])
        if peer != self.proxy:
            return peer is not None and peer.is_loopback
        scope["scheme"] = "https"
        said = ",".join(Headers(scope=scope).getlist("x-forwarded-for"))
        if (client := address_of(said.rpartition(",")[2].strip())) is not None:
            scope["client"] = (str(client), 0)
        return True


def address_of(text: str) -> Address | None:
    """An address of IPv4 or IPv6; of an IPv4 one in IPv6's form, that one."""
    try:
        found = ip_address(text.removeprefix("[").removesuffix("]"))
    except ValueError:
        return None
    return getattr(found, "ipv4_mapped", None) or found


@lru_cache(maxsize=100)
def _hostname(host: str) -> str | None:
    try:
        return urlsplit(f"//{host}").hostname
    except ValueError:
        return None
