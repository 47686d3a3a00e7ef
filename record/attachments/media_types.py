"""The types of documents that are accepted, and a check that a file has the type that it claims.

A file is recognised by its first bytes and the parts of its archive; nothing else is opened.
"""

import struct
from codecs import getincrementaldecoder
from collections.abc import Mapping
from types import MappingProxyType
from typing import BinaryIO
from zipfile import BadZipFile, ZipFile

from domain.kernel.refusal import Refused
from domain.kernel.text import Bilingual

READ_BYTES = 262_144
TYPE_CHARACTERS_SHOWN_MAX = 100
# A zip's list of contents is read whole; that of a document has some hundred entries.
ZIP_LIST_BYTES_MAX = 1_048_576
_ZIP_END = b"PK\x05\x06"
_ZIP_END_BYTES, _ZIP_COMMENT_BYTES_MAX = 22, 65_535
_OFFICE = "application/vnd.openxmlformats-officedocument."
_MAGIC: Mapping[str, tuple[bytes, ...]] = {
    "application/pdf": (b"%PDF-",),
    "image/jpeg": (b"\xff\xd8\xff",),
    "image/png": (b"\x89PNG\r\n\x1a\n",),
    "image/tiff": (b"II*\x00", b"MM\x00*"),
}
_PACKED: Mapping[str, str] = {
    f"{_OFFICE}wordprocessingml.document": "word/document.xml",
    f"{_OFFICE}spreadsheetml.sheet": "xl/workbook.xml",
    f"{_OFFICE}presentationml.presentation": "ppt/presentation.xml",
    "application/ofd": "OFD.xml",
}
_TEXT = ("text/plain", "text/csv")
BYTES = "application/octet-stream"  # what clients send that know no type: the content gives it

KINDS: Mapping[str, Bilingual] = MappingProxyType(
    {
        "application/pdf": Bilingual(zh="PDF 文件", en="PDF"),
        "image/jpeg": Bilingual(zh="JPEG 图像", en="JPEG picture"),
        "image/png": Bilingual(zh="PNG 图像", en="PNG picture"),
        "image/tiff": Bilingual(zh="TIFF 图像", en="TIFF picture"),
        f"{_OFFICE}wordprocessingml.document": Bilingual(zh="docx 文档", en="docx document"),
        f"{_OFFICE}spreadsheetml.sheet": Bilingual(zh="xlsx 工作簿", en="xlsx workbook"),
        f"{_OFFICE}presentationml.presentation": Bilingual(zh="pptx 演示文稿", en="pptx slides"),
        "application/ofd": Bilingual(zh="OFD 版式文件", en="OFD document"),
        "text/plain": Bilingual(zh="纯文本", en="plain text"),
        "text/csv": Bilingual(zh="CSV 表格", en="CSV table"),
    }
)
assert set(KINDS) == {*_MAGIC, *_PACKED, *_TEXT}


class MediaTypeRefused(Refused):
    """The document's type is not accepted, or is not the type that it claims."""


def require_kind(declared: str) -> str:
    """The type in a Content-Type, in lower case without parameters; raises MediaTypeRefused."""
    kind = declared.partition(";")[0].strip().lower()
    if kind not in KINDS and kind != BYTES:
        if not kind:
            raise MediaTypeRefused("attachment.type-missing", types=[*KINDS])
        shown = kind[:TYPE_CHARACTERS_SHOWN_MAX]
        raise MediaTypeRefused("attachment.type-not-kept", type=shown, types=[*KINDS])
    return kind


def media_type_of(file: BinaryIO, kind: str) -> str:
    """The media type to serve the file as; raises MediaTypeRefused unless it is of this type."""
    asked = KINDS if kind == BYTES else (kind,)
    if found := next((shown for each in asked if (shown := _served_as(file, each))), None):
        return found
    if kind == BYTES:
        raise MediaTypeRefused("attachment.type-not-kept", type=kind, types=[*KINDS])
    raise MediaTypeRefused("attachment.not-of-its-type", what=KINDS[kind], type=kind)


def _served_as(file: BinaryIO, kind: str) -> str | None:
    """The media type to serve a file of this type as; None if it is of another."""
    if kind in _TEXT:
        charsets = (c for c in ("utf-8", "gb18030") if _is_text(file, c))
        charset = next(charsets, None)
        return charset and f"{kind}; charset={charset}"
    if kind in _PACKED:
        return kind if _is_packed(file, _PACKED[kind]) else None
    file.seek(0)
    return kind if file.read(16).startswith(_MAGIC[kind]) else None


def _is_text(file: BinaryIO, charset: str) -> bool:
    """Whether it is text in a character set, without control characters other than line ends."""
    decoder = getincrementaldecoder(charset)()
    file.seek(0)
    try:
        while content := file.read(READ_BYTES):
            if _has_controls(decoder.decode(content)):
                return False
        return not _has_controls(decoder.decode(b"", final=True))
    except UnicodeDecodeError:
        return False


def _has_controls(text: str) -> bool:
    return any(ord(c) < 32 and c not in "\t\n\r\f" for c in set(text))


def _is_packed(file: BinaryIO, part: str) -> bool:
    """Whether it is a zip with this part; the list of contents is read only if it is small."""
    file.seek(0)
    if file.read(4) != b"PK\x03\x04" or not _has_short_list(file):
        return False
    try:
        with ZipFile(file) as packed:
            return part in packed.namelist()
    except (BadZipFile, ValueError, NotImplementedError, OSError):
        return False


def _has_short_list(file: BinaryIO) -> bool:
    size = file.seek(0, 2)
    file.seek(max(0, size - _ZIP_END_BYTES - _ZIP_COMMENT_BYTES_MAX))
    tail = file.read()
    end = tail.rfind(_ZIP_END)
    if end < 0 or len(tail) - end < _ZIP_END_BYTES:
        return False
    (list_bytes,) = struct.unpack_from("<L", tail, end + 12)
    # 0xFFFFFFFF points to a zip of more than 4 GiB, which no attachment can be.
    return bool(list_bytes <= ZIP_LIST_BYTES_MAX)
