"""What was typed into a form, read into the body of its command. It judges nothing: the command's
own model does."""

from collections.abc import Mapping, Sequence
from typing import Any

from api.pages.forms.shapes import FieldShape
from domain.kernel.context import Document

Typed = Mapping[str, str]
DOCUMENT = "basis"
DESPITE = "despite"
DOCUMENTS = 2
ROWS_MAX = 100
SEPARATOR = "\n"
YES = "yes"  # the value of what is ticked
DIGITS_MAX = 18  # of a whole number, more than any that we keep


def body_of(shapes: Sequence[FieldShape], typed: Typed) -> dict[str, Any]:
    """The body: only what was filled in, with blanks at the ends of texts left out."""
    body: dict[str, Any] = {}
    for shape in shapes:
        value = _value(shape, shape.name, typed)
        if value is not None:
            body[shape.name] = value
    if documents := documents_of(typed):
        body[DOCUMENT] = documents
    if reason := typed.get(DESPITE, "").strip():
        body[DESPITE] = reason
    return body


def documents_of(typed: Typed) -> list[dict[str, str]]:
    """The documents that were named."""
    names = [name for name in Document.model_fields if name != "attachments"]
    return _rows(DOCUMENT, names, typed)


def _value(shape: FieldShape, name: str, typed: Typed) -> Any:
    text = typed.get(name, "").strip()
    match shape.kind:
        case "rows":
            return _rows(name, [column.name for column in shape.columns], typed) or None
        case "terms":
            prefix = f"{name}."
            filled = ((key, text.strip()) for key, text in typed.items() if key.startswith(prefix))
            return {key[len(prefix) :]: _number(text) for key, text in filled if text}
        case "lines" | "all-named":
            return lines_of(name, typed) or None
        case "yes":
            return name in typed
        case "number":
            return _number(text) if text else None
        case _:
            return text.replace("\r\n", "\n") or None


def lines_of(name: str, typed: Typed) -> list[str]:
    """The lines of a list: those that were typed, and those that were ticked as `name.value`."""
    lines = (line.strip() for line in typed.get(name, "").splitlines())
    prefix = f"{name}."
    ticked = (
        key[len(prefix) :]
        for key, value in typed.items()
        if key.startswith(prefix) and value == YES
    )
    return [*(line for line in lines if line), *ticked]


def value_of(shape: FieldShape, name: str, typed: Typed) -> str:
    """The value of an input as it would be typed."""
    listed = shape.kind in ("lines", "all-named")
    return SEPARATOR.join(lines_of(name, typed)) if listed else typed.get(name, "")


def _rows(name: str, columns: Sequence[str], typed: Typed) -> list[dict[str, str]]:
    """The rows of a list that are not blank."""
    found = []
    for index in range(ROWS_MAX):
        row = {each: typed.get(f"{name}.{index}.{each}", "").strip() for each in columns}
        if any(row.values()):
            found.append({each: text for each, text in row.items() if text})
    return found


def _number(text: str) -> int | str:
    """A whole number as one; anything else as it was typed, for the model to refuse."""
    digits = text.removeprefix("-")
    whole = digits.isascii() and digits.isdigit() and len(digits) <= DIGITS_MAX
    return int(text) if whole else text


def version_of(typed: Typed) -> int:
    """The version of the subject that the form was opened at; 0 without one."""
    version = _number(typed.get("version", ""))
    return max(version, 0) if isinstance(version, int) else 0
