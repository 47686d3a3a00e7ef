"""Secrets that have to be read again are kept sealed (AES-256-GCM), with keys that are in a file of
the server's and not in the database."""

from base64 import b64decode, b64encode
from binascii import Error
from contextlib import suppress
from hashlib import sha256
from os import fsync, link, urandom
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import NamedTuple, Self

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from domain.kernel.refusal import Stopped

KEY_BYTES = 32
NONCE_BYTES = 12


class Seal(NamedTuple):
    """The keys, newest first: all of them open, the newest seals."""

    keys: tuple[bytes, ...]

    @classmethod
    def of_file(cls, file: Path) -> Self:
        """The keys of a file: a line of base64 each. Stopped if it has something else, or none."""
        try:
            keys = tuple(b64decode(each, validate=True) for each in file.read_bytes().split())
        except Error:
            keys = ()
        if not keys or {len(each) for each in keys} != {KEY_BYTES}:
            raise Stopped("second-factor.keys-unfit", file=str(file), bytes=KEY_BYTES)
        return cls(keys)

    def sealed(self, secret: str, *, of: str) -> str:
        """What is kept of a secret, which opens only as `of` this."""
        newest, nonce = self.keys[0], urandom(NONCE_BYTES)
        closed = nonce + AESGCM(newest).encrypt(nonce, secret.encode(), of.encode())
        return f"{_name(newest)}.{b64encode(closed).decode()}"

    def opened(self, kept: str, *, of: str) -> str | None:
        """The secret; None if the key is not here, or this was not sealed with it as `of` this."""
        name, _, text = kept.partition(".")
        for key in self.keys:
            if _name(key) == name:
                closed = b64decode(text)
                nonce, rest = closed[:NONCE_BYTES], closed[NONCE_BYTES:]
                try:
                    return AESGCM(key).decrypt(nonce, rest, of.encode()).decode()
                except InvalidTag:
                    return None
        return None


def begin(file: Path) -> None:
    """Make a file with one key, which only its owner reads; leave one that is there. It is there
    whole or not at all, whoever else begins at the same time."""
    if file.exists():
        return
    with NamedTemporaryFile(dir=file.parent, prefix=f".{file.name}-") as made:
        made.write(b64encode(urandom(KEY_BYTES)) + b"\n")
        made.flush()
        fsync(made.fileno())
        with suppress(FileExistsError):
            link(made.name, file)


def _name(key: bytes) -> str:
    return sha256(key).hexdigest()[:8]
