"""The pinyin initials by which a name is found: 李娜 by `ln`, 望川区住建局 by `wcqzjj`."""

from functools import lru_cache

# The edition whose readings are in the rows: a new one rebuilds them.
READINGS = "0.55.0"
READINGS_MAX = 3  # of the first character, which is often a surname of several readings: 单


@lru_cache(maxsize=10_000)
def initials(name: str) -> tuple[str, ...]:
    """The initials of a name, in lower case; several if its first character has several readings.

    Letters and digits stay; blanks and signs go.
    """
    # Loading it takes half a second, which only whoever folds a name should wait for.
    from pypinyin import Style, lazy_pinyin, pinyin

    said = "".join(character for character in name if character.isalnum())
    if not said:
        return ()
    usual = "".join(lazy_pinyin(said, style=Style.FIRST_LETTER))
    (readings,) = pinyin(said[0], style=Style.FIRST_LETTER, heteronym=True)
    found = (usual, *(f"{reading}{usual[1:]}" for reading in readings[:READINGS_MAX]))
    return tuple(dict.fromkeys(each.lower() for each in found))
