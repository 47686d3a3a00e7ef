"""Days and times in workbooks: numbers that a format shows as a date."""

from datetime import datetime, timedelta

from api.sheets.files.found import number_text

# Of those without a code of their own; 27 to 36 and 50 to 58 are Chinese and Japanese dates.
_BUILT_IN = frozenset({*range(14, 23), *range(27, 37), *range(45, 48), *range(50, 59)})
_SERIAL_MAX = 2_958_465  # 9999-12-31
_FALSE_LEAP_DAY = 60  # to Excel 1900 was a leap year


def is_date_format(number: int, code: str | None) -> bool:
    """Whether a number of this format is shown as a date or time."""
    if code is None:
        return number in _BUILT_IN
    return any(each in "ymdhsYMDHS" for each in _bare(code.partition(";")[0]))


def _bare(code: str) -> str:
    """The code without quoted texts, escaped characters and brackets, except [h] and the like."""
    found, at = "", 0
    while at < len(code):
        each = code[at]
        if each == '"':
            at = _behind(code, '"', at + 1)
        elif each == "[":
            inside = code[at + 1 : _behind(code, "]", at) - 1]
            found += inside if inside and set(inside.lower()) <= set("hms") else ""
            at = _behind(code, "]", at)
        elif each in "\\_*":
            at += 2
        else:
            found += each
            at += 1
    return "" if found.lower() == "general" else found


def _behind(code: str, mark: str, at: int) -> int:
    place = code.find(mark, at)
    return len(code) if place < 0 else place + 1


def date_text(serial: float, *, since_1904: bool) -> str:
    """The date or time of a serial number in ISO form; the number itself if it is out of range."""
    serial = float(serial) + 1_462 * since_1904
    if not 0 <= serial <= _SERIAL_MAX + 1:
        return number_text(serial)
    first = datetime(1899, 12, 31 if serial < _FALSE_LEAP_DAY else 30)  # noqa: DTZ001
    try:
        instant = first + timedelta(days=serial)
    except OverflowError:
        return number_text(serial)
    instant = (instant + timedelta(microseconds=500_000)).replace(microsecond=0)
    if serial < 1:
        return instant.time().isoformat()
    whole = instant.hour == instant.minute == instant.second == 0
    return instant.date().isoformat() if whole else instant.isoformat(" ")
