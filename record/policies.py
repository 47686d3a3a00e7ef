"""The policy files that a city adopted, kept among the documents under their digests (ADR 28).

The record needs no file of the installed product to be read again: the entry of an adoption names
the digest, and the document has it.
"""

from collections.abc import Iterator
from datetime import date

from domain.adoption.state import DIGEST_SHOWN, Adopted
from domain.kernel.policy import Fault, edition_of, learn, unreadable
from domain.kernel.refusal import Stopped
from record.attachments.attachments import Attachments, Received

MEDIA_TYPE = "text/plain"


class PolicyFiles:
    """The adopted policy files of one record."""

    def __init__(self, attachments: Attachments) -> None:
        self._attachments = attachments
        self._kept: set[str] = set()  # what is stored stays stored

    def keep(self, digest: str, text: str, *, version: str, person: str) -> None:
        """Store a file that is about to be adopted; once, however often it is adopted."""
        if digest in self._kept:
            return
        with Received(MEDIA_TYPE) as received:
            received.write(text.encode())
            assert received.digest == digest, "the digest is that of the text"
            self._attachments.store(received, file_name=f"{version}.toml", person=person)
        self._kept.add(digest)

    def text(self, digest: str) -> str | None:
        """The text of an adopted file; None if it was adopted before files were kept."""
        found = self._attachments.find(digest)
        if found is None:
            return None
        return b"".join(self._attachments.read(found, 0, found.bytes)).decode()

    def learn(self, adopted: Adopted) -> None:
        """Make every file that this record adopted known to the process."""
        for digest in adopted.digests:
            read = edition_of(digest) or unreadable(digest)
            if read is None and (text := self.text(digest)) is not None:
                learn(text)

    def require_readable(self, adopted: Adopted, today: date) -> None:
        """Stopped, naming what is wrong, if this version of the product cannot read an adopted
        file that is in force, or will be."""
        self.learn(adopted)
        for version, digest, fault in _wrong(adopted, today):
            raise Stopped(
                "record.policy-unreadable",
                policy=version,
                digest=digest[:DIGEST_SHOWN],
                path=fault.path or None,
                fault=fault.what,
            )


def _wrong(adopted: Adopted, today: date) -> Iterator[tuple[str, str, Fault]]:
    for each in adopted.adoptions.periods():
        over = each.effective_until is not None and each.effective_until <= today
        if each.value and not over and (wrong := unreadable(each.value.digest)):
            yield *each.value, wrong.faults[0]
