"""Ids, which identify a subject for ever, and codes and slugs, which only label it."""

from base64 import b32encode
from dataclasses import dataclass
from hashlib import sha256
from typing import Annotated, Literal

from pydantic import Field

Named = Literal[
    "community",
    "jurisdiction",
    "stream",
    "type",
    "subtype",
    "feature",
    "indicator",
    "policy",
    "role",
    "proposer",
    "kind",
    "level",
    "origin",
    "manner",
    "field",
    "side",
    "rating",
    "facility",
    "participant",
    "opinion",
    "stance",
    "criterion",
    "honour",
    "board",
    "source",
    "ending",
    "measure",
    "action",
    "focus",
    "council",
    "round",
    "round-stage",
    "grade",
    "assembly",
    "ballot",
    "veto",
    "support",
    "outcome",
    "became",
    "project",
    "need",
    "resource",
    "open-facility",
    "unit",
    "unit-kind",
    "person",
]


@dataclass(frozen=True, slots=True)
class Names:
    """Marks a field whose value is the code or id of something that has a title.

    Sentences show the title instead: a jurisdiction's name on that day, a type's title.
    """

    what: Named


ID_PATTERN = r"^[a-z0-9][a-z0-9.-]{0,63}$"
SLUG_PATTERN = r"^[a-z0-9]+(-[a-z0-9]+)*$"
Id = Annotated[str, Field(pattern=ID_PATTERN, examples=["k7m2p4xq3ab5cd6e"])]
Slug = Annotated[str, Field(pattern=SLUG_PATTERN, max_length=64)]
Title = Annotated[str, Field(min_length=1, max_length=200, pattern=r"^\S(.*\S)?$")]
Reason = Annotated[str, Field(min_length=1, max_length=2000, pattern=r"^\S([\s\S]*\S)?$")]

CommunityId = Annotated[Id, Names("community")]
JurisdictionId = Annotated[Id, Names("jurisdiction")]
# Of the registers; programs that take a name in place of the id know these by `x-names`.
UnitId = Annotated[Id, Names("unit"), Field(json_schema_extra={"x-names": "unit"})]
PersonId = Annotated[Id, Names("person"), Field(json_schema_extra={"x-names": "person"})]
TypeSlug = Annotated[Slug, Names("type")]
RoundId = Annotated[Id, Names("round")]
StageSlug = Annotated[Slug, Names("round-stage")]
ActionSlug = Annotated[Slug, Names("action")]
GradeSlug = Annotated[Slug, Names("grade")]
PolicyVersion = Annotated[Slug, Names("policy")]
Digest = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$", description="SHA-256 in hexadecimal.")]
Version = Annotated[int, Field(ge=1, description="An entry's number within its stream.")]
CommunityCode = Annotated[
    str,
    Field(
        # Not \d, which matches digits of every script.
        pattern=r"^[0-9]{12}$",
        description="Statistical code, 12 digits; codes are recycled.",
    ),
]
JurisdictionCode = Annotated[
    str,
    Field(
        pattern=r"^([0-9]{4}|[0-9]{6}|[0-9]{9})$",
        description="Statistical code: 4 or 6 digits for a city, 6 for a district, 9 below.",
    ),
]


def derive_id(*parts: object) -> str:
    """An id derived from these parts: 16 characters, 80 bits of their digest."""
    digest = sha256("\x1f".join(str(part) for part in parts).encode()).digest()
    return b32encode(digest[:10]).decode().lower()


def kind_of(stream: str) -> str:
    """The kind of subject that a stream holds: `community` for `community:k7m2…`."""
    return stream.partition(":")[0]


def id_of(stream: str) -> str:
    """The subject's id within its kind; the kind itself for a single stream."""
    return stream.rpartition(":")[2]
