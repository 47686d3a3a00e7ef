"""Everything that can happen to the policy in force."""

from datetime import date

from domain.kernel.event import Event
from domain.kernel.ids import Digest, PolicyVersion, Reason
from domain.kernel.text import Bilingual


class PolicyAdopted(Event):
    """The policy file with this digest is in force from this day on."""

    sentence = Bilingual(
        zh="自{effective_from}起施行《{title}》（{version} 版）。",
        en="{title} (version {version}) in force from {effective_from}.",
    )

    version: PolicyVersion
    title: Bilingual
    digest: Digest
    effective_from: date


class PolicySuperseded(Event):
    """Another policy replaces this one on this day. Recorded after the adoption of the other."""

    sentence = Bilingual(
        zh="{version} 版自{effective_until}起由 {by} 版取代。",
        en="Version {version} superseded by version {by} on {effective_until}.",
    )

    version: PolicyVersion
    by: PolicyVersion
    effective_until: date


class PolicyRepealed(Event):
    """The policy is no longer in force from this day on, and nothing replaces it (废止)."""

    sentence = Bilingual(
        zh="{version} 版自{effective_until}起废止（理由：{reason}）。",
        en="Version {version} repealed from {effective_until} (reason: {reason}).",
    )

    version: PolicyVersion
    effective_until: date
    reason: Reason


AdoptionEvent = PolicyAdopted | PolicySuperseded | PolicyRepealed
