"""An xlsx file's parts: sheet names in order, shared strings, which cell styles are dates. ECMA-376 part 1, 18.2–18.8.

Sheets are read as a stream and never held whole. What does not look as spreadsheet programs write it is said to be
`unusual`; the caller then reads the file with its general table reader.
"""

from __future__ import annotations

import io
import itertools
import re
import tempfile
import zipfile
from array import array
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from mmap import ACCESS_READ, mmap
from pathlib import Path
from posixpath import join, normpath
from typing import IO, Any

from lxml import etree

from matching.importing.xml_text import decoded, plain, small_part
from models.errors import RecordsError

MAX_UNPACKED = 2 * 1024**3  #: an export of a million rows unpacks to about 1 GiB
MAX_SMALL_PART = 16 * 1024**2  #: workbook, relations, styles
MAX_STRING = 4 * 1024**2  #: one shared string in XML; a cell holds 32,767 characters at most
READ = 1024**2
_MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_BUILTIN_DATES = frozenset({*range(14, 23), *range(27, 37), *range(45, 48), *range(50, 59)})
_NOT_A_FORMAT_LETTER = re.compile(r'"[^"]*"|\[[^\]]*\]|\\.|_.|\*.')


class UnusualWorkbook(Exception):
    """Written in a way this reader does not follow; says nothing about damage."""


@dataclass(frozen=True, slots=True)
class Styles:
    """Cell styles (by their index as printed) that show a number as a date, and the day that numbers count from."""

    dates: frozenset[str]
    epoch_1904: bool


class SharedStrings(dict[str | None, str]):
    """The texts that cells refer to by number: in an unpacked temporary file, because a million rows have millions.

    As a mapping it holds those used of late, and their neighbours: texts are numbered in the order of their first use.
    No number is no text.
    """

    MOST_REMEMBERED = 200_000
    BLOCK = 64  #: texts taken from the file at a time

    def __init__(self, part: IO[bytes] | None) -> None:
        super().__init__({None: ""})
        self.count = 0
        self.ends = array("Q")  #: of blocks
        self.file = tempfile.TemporaryFile()  # noqa: SIM115 - closed with the workbook
        written = 0
        for block in _blocks(_shared_texts(part), self.BLOCK) if part is not None else ():
            self.count += len(block)
            written += self.file.write("\0".join(block).encode())
            self.ends.append(written)
        self.file.flush()
        self.texts: mmap | bytes = mmap(self.file.fileno(), 0, access=ACCESS_READ) if written else b""

    def __missing__(self, index: str) -> str:
        at = int(index) if index.isascii() and index.isdecimal() else self.count
        if at >= self.count:
            raise RecordsError("records_damaged")
        if len(self) >= self.MOST_REMEMBERED:
            self.clear()
            self[None] = ""
        block, place = divmod(at, self.BLOCK)
        texts = self.texts[self.ends[block - 1] if block else 0 : self.ends[block]].decode().split("\0")
        self.update(zip(map(str, range(at - place, at - place + len(texts))), texts, strict=True))
        self[index] = texts[place]
        return texts[place]

    def close(self) -> None:
        if isinstance(self.texts, mmap):
            self.texts.close()
        self.file.close()


def _blocks(texts: Iterable[str], size: int) -> Iterator[list[str]]:
    source = iter(texts)
    while block := list(itertools.islice(source, size)):
        yield block


def _shared_texts(part: IO[bytes]) -> Iterator[str]:
    """The texts of `sharedStrings.xml`."""
    head = part.read(READ)
    if b"<sst" not in head or b"<!DOCTYPE" in head or not is_utf8(head):
        raise UnusualWorkbook
    start = head.index(b">", head.index(b"<sst")) + 1
    if head[start - 2 : start] == b"/>":
        return
    left = head[start:]
    while True:
        items, closing, left = left.rpartition(b"</si>")
        if len(left) > MAX_STRING:
            raise RecordsError("unpacked_too_large", limit="4 MiB")
        if closing:
            yield from _texts(decoded(items))
        more = part.read(READ)
        if not more:
            break
        left += more
    if not left.strip().startswith(b"</sst>"):
        raise UnusualWorkbook


def _texts(items: str) -> list[str]:
    """Texts of `<si>…</si><si>…`; the last closing tag is not there."""
    simple = items.replace('<t xml:space="preserve">', "<t>").replace("</t></si><si><t>", "\0")
    if simple.startswith("<si><t>") and simple.endswith("</t>") and "<" not in (inner := simple[7:-4]):
        return plain(inner).split("\0")
    return [_text(item) for item in items.split("</si>")]


def _text(item: str) -> str:
    return rich_text(small_part(("<si>" + item.partition("<si>")[2] + "</si>").encode()))


def rich_text(root: etree._Element) -> str:
    """Text of a string item or inline string, without the phonetic guide above it."""
    return "".join(
        t.text or "" for t in root.iter("{*}t") if (up := t.getparent()) is None or not str(up.tag).endswith("rPh")
    )


def is_utf8(head: bytes) -> bool:
    declared = re.match(rb"(?:\xef\xbb\xbf)?\s*<\?xml[^>]*encoding=[\"']([^\"']+)", head)
    return declared is None or declared[1].lower() in (b"utf-8", b"utf8")


class Workbook:
    """Names of the sheets, and their XML as streams. Close it."""

    def __init__(self, source: bytes | Path) -> None:
        self.packed = zipfile.ZipFile(io.BytesIO(source) if isinstance(source, bytes) else source)
        if sum(member.file_size for member in self.packed.infolist()) > MAX_UNPACKED:
            raise RecordsError("unpacked_too_large", limit="2 GiB")
        self.members = {member.filename: member for member in self.packed.infolist()}
        root = self._part("xl/workbook.xml")
        relations = {r.get("Id"): r for r in self._part("xl/_rels/workbook.xml.rels")}
        sheets = [
            (s.get("name"), relations.get(s.get(_RELATION))) for s in root.iterfind(f"{_MAIN}sheets/{_MAIN}sheet")
        ]
        if not sheets or any(not name or relation is None for name, relation in sheets):
            raise UnusualWorkbook
        #: sheets of charts and dialogues hold no cells
        self.sheets: dict[str, str] = {
            str(name): _path(relation)
            for name, relation in sheets
            if relation is not None and _is(relation, "worksheet")
        }
        strings = [_path(relation) for relation in relations.values() if _is(relation, "sharedStrings")]
        styles = [_path(relation) for relation in relations.values() if _is(relation, "styles")]
        properties = root.find(f"{_MAIN}workbookPr")
        first_1904 = properties is not None and properties.get("date1904") in ("1", "true")
        self.styles = Styles(self._dates(styles[0]) if styles else frozenset(), first_1904)
        self.strings_path = strings[0] if strings else None
        self.strings = SharedStrings(None)

    def read_strings(self) -> None:
        if self.strings_path is not None:
            with self.open(self.strings_path) as part:
                self.strings = SharedStrings(part)

    def open(self, path: str) -> IO[bytes]:
        if path not in self.members:
            raise UnusualWorkbook
        return self.packed.open(self.members[path])

    def close(self) -> None:
        self.strings.close()
        self.packed.close()

    def _part(self, path: str) -> etree._Element:
        if path not in self.members or self.members[path].file_size > MAX_SMALL_PART:
            raise UnusualWorkbook
        return small_part(self.packed.read(path))

    def _dates(self, path: str) -> frozenset[str]:
        root = self._part(path)
        own: dict[Any, bool] = {
            f.get("numFmtId"): _shows_date(f.get("formatCode") or "") for f in root.iter(f"{_MAIN}numFmt")
        }
        used = [xf.get("numFmtId") or "0" for xf in root.iterfind(f"{_MAIN}cellXfs/{_MAIN}xf")]
        return frozenset(
            str(at) for at, form in enumerate(used) if own.get(form, form.isdigit() and int(form) in _BUILTIN_DATES)
        )


def _is(relation: etree._Element, kind: str) -> bool:
    return (relation.get("Type") or "").endswith(f"/{kind}")


def _path(relation: etree._Element) -> str:
    target = relation.get("Target") or ""
    return target[1:] if target.startswith("/") else normpath(join("xl", target))


def _shows_date(code: str) -> bool:
    """`yyyy"年"m"月"d"日"` is a date, `[Red]#,##0.00` is not."""
    first = _NOT_A_FORMAT_LETTER.sub("", code.partition(";")[0]).lower()
    return first != "general" and any(letter in first for letter in "ymdhs")
