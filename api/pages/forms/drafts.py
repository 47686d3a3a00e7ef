"""The drafts of forms: kept with each preview and refusal, offered when a form is opened again."""

import json
import re
from collections.abc import Mapping
from urllib.parse import parse_qsl, urlsplit

from starlette.requests import Request

from access.drafts import Form, FormDraft
from api.http.kernel.acting import reading_as
from api.http.kernel.rendering import address
from api.http.kernel.signed_in import access_of
from api.pages.forms.posts import Typed

# What is no part of a draft: what was to be done with the form.
STEP = "step"
TAKEN_UP = "draft"
_FORM = re.compile(r"/forms/(?P<operation>[a-z-]+\.[a-z-]+)(?:/(?P<subject>[a-z0-9.-]{1,64}))?")


def form_of(request: Request, operation: str, subject: str) -> Form:
    """The form of whoever sends a request."""
    return Form(reading_as(request).actor.person, operation, subject)


def keep(request: Request, form: Form, typed: Typed, key: str) -> None:
    """Keep what was typed, if it is not too much."""
    kept = {name: text for name, text in typed.items() if name != STEP and text}
    access_of(request).drafts.save(form, kept, key=key)


def find(request: Request, operation: str, subject: str) -> FormDraft | None:
    """The draft of a form of whoever sends a request."""
    return access_of(request).drafts.find(form_of(request, operation, subject))


def keep_interrupted(request: Request, person: str, next: str, typed: Mapping[str, str]) -> str:
    """Keep what was sent when a session had ended, for whoever has signed in since; the address at
    which the form has it again."""
    asked = urlsplit(next)
    found = _FORM.fullmatch(asked.path)
    if found is None or not typed:
        return next
    form = Form(person, found["operation"], found["subject"] or "")
    keep(request, form, typed, typed.get("key", ""))
    others = [pair for pair in parse_qsl(asked.query) if pair[0] != TAKEN_UP]
    return address(asked.path, (*others, (TAKEN_UP, "yes")))


def written(typed: Typed) -> str:
    """What was typed, as one input carries it."""
    return json.dumps(dict(typed), ensure_ascii=False)


def read(text: str) -> dict[str, str]:
    """What such an input carries; nothing if it cannot be read."""
    try:
        found = json.loads(text or "{}")
    except ValueError:
        return {}
    whole = isinstance(found, dict) and all(isinstance(each, str) for each in found.values())
    return found if whole else {}
