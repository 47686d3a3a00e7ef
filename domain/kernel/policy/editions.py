"""The policy files that this process knows, by digest: those of the product, and those that cities
brought and that were read from their records.

A digest says all of a file, so that nothing here can be wrong, and nothing decides anything: which
file is in force on which day is on record (`domain/adoption/state.py`).
"""

from collections.abc import Mapping
from functools import cache
from hashlib import sha256
from importlib.resources import files
from types import MappingProxyType
from typing import NamedTuple

from domain.kernel.policy.fault import PolicyFileWrong
from domain.kernel.policy.policy import Policy
from domain.kernel.policy.reading import read_policy


class Edition(NamedTuple):
    """A policy read from a file, with the digest that identifies the file on record."""

    policy: Policy
    digest: str
    text: str


_brought: dict[str, Edition] = {}
_unreadable: dict[str, PolicyFileWrong] = {}


def policy_digest(text: str) -> str:
    """SHA-256 of the file's bytes (UTF-8), in hexadecimal."""
    return sha256(text.encode()).hexdigest()


@cache
def built_in() -> Mapping[str, Edition]:
    """The policies that come with the product, by version."""
    editions: dict[str, Edition] = {}
    for file in sorted(files("domain").joinpath("policies").iterdir(), key=lambda f: f.name):
        if file.name.endswith(".toml"):
            # As bytes: the digest must not depend on a platform's line endings.
            text = file.read_bytes().decode()
            policy = read_policy(text)
            assert policy.version not in editions, f"two built-in policies are {policy.version}"
            editions[policy.version] = Edition(policy, policy_digest(text), text)
    return MappingProxyType(editions)


@cache
def _by_digest_built_in() -> Mapping[str, Edition]:
    return {each.digest: each for each in built_in().values()}


def learn(text: str) -> None:
    """Know an adopted file from now on; also that this version of the product cannot read it."""
    digest = policy_digest(text)
    if edition_of(digest) is None:
        try:
            _brought[digest] = Edition(read_policy(text), digest, text)
        except PolicyFileWrong as wrong:
            _unreadable[digest] = wrong


def unreadable(digest: str) -> PolicyFileWrong | None:
    """What is wrong with an adopted file that this version of the product cannot read."""
    return _unreadable.get(digest)


def edition_of(digest: str) -> Edition | None:
    """The file of this digest, if it is known."""
    return _by_digest_built_in().get(digest) or _brought.get(digest)


def edition_called(version: str) -> Edition | None:
    """The file of this version, for titles; the one learnt last if there are several."""
    for each in reversed(tuple(_brought.values())):
        if each.policy.version == version:
            return each
    return built_in().get(version)


def known_editions() -> tuple[Edition, ...]:
    """All files that are known, those of the product first, in the order of learning."""
    return (*built_in().values(), *tuple(_brought.values()))
