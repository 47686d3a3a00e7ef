"""Chooses between the product's two languages; Chinese by default."""

from starlette.requests import Request

from domain.kernel.text import Language


def language_of(request: Request) -> Language:
    """The language that `Accept-Language` prefers (RFC 9110)."""
    best: tuple[float, Language] = (0.0, "zh")
    for entry in request.headers.get("accept-language", "").split(","):
        tag, _, weight = entry.partition(";")
        primary = tag.strip().lower().partition("-")[0]
        if primary in ("zh", "en") and (quality := _quality(weight)) > best[0]:
            best = quality, "zh" if primary == "zh" else "en"
    return best[1]


def _quality(weight: str) -> float:
    name, _, value = weight.strip().partition("=")
    if name.strip() != "q":
        return 1.0
    try:
        return min(float(value), 1.0)
    except ValueError:
        return 0.0
