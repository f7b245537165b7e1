"""What a person or a reader would see otherwise after changes appended to a signed PDF.

Compares the revision that was signed with the file as it is now: pages with all they refer to, attachments, forms.
Objects are compared by content, not by number, because harmless tools write a page anew without changing it.
"""

from __future__ import annotations

import hashlib
import io
from collections.abc import Iterable, Mapping
from typing import Any

import pikepdf

from extraction.authenticity.judging import MALFORMED, Undecided

_MOST_VALUES = 500_000
_INHERITED = ("/Resources", "/MediaBox", "/CropBox", "/Rotate")
_MOST_ANCESTORS = 50
_UPWARDS = frozenset({"/Parent", "/P", "/Length"})
#: of the catalog: compared elsewhere, or without effect on what is shown or read
_UNSEEN = frozenset({
    "/Type", "/Pages", "/AcroForm", "/DSS", "/Perms", "/Extensions", "/Version", "/Metadata", "/Outlines", "/PageMode",
    "/PageLayout", "/ViewerPreferences", "/Lang", "/MarkInfo", "/StructTreeRoot", "/PieceInfo", "/OutputIntents",
})  # fmt: skip
_FORM_UNSEEN = frozenset({"/Fields", "/SigFlags", "/DR", "/DA"})
_CALLED = {
    "/Names": "附件或名称表",
    "/AF": "附件",
    "/OCProperties": "图层",
    "/OpenAction": "打开时的动作",
    "/AA": "动作",
}
_ROUTINE_INFO = frozenset({"/ModDate", "/Producer"})


def changes(signed: bytes, now: Any) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """What was altered, and what was added without altering anything seen. Raises Undecided where it cannot tell."""
    try:
        with pikepdf.open(io.BytesIO(signed)) as then:
            altered = [*_pages(then, now), *_catalog(then, now), *_form(then, now)]
            harmless = []
            added = _signature_fields(now)[len(_signature_fields(then)) :]
            if any(_visible(field) for field in added):
                harmless.append("后加的签名（带可见图样，可能遮盖页面）")
            elif added:
                harmless.append("后加的签名")
            if _info(then) != _info(now):
                harmless.append("文档属性")
    except (pikepdf.PdfError, *MALFORMED) as error:
        raise Undecided(f"签名时的版本无法打开，不能比较签名之后的修改（{type(error).__name__}）") from error
    return tuple(altered), tuple(harmless)


def _pages(then: Any, now: Any) -> Iterable[str]:
    if len(then.pages) != len(now.pages):
        yield f"页数（{len(then.pages)} → {len(now.pages)}）"
    for number, (old, new) in enumerate(zip(then.pages, now.pages, strict=False), start=1):
        if _page(old.obj) != _page(new.obj):
            yield f"第 {number} 页的内容"
        if _annotations_changed(old.obj, new.obj):
            yield f"第 {number} 页的批注"


def _page(page: Any) -> dict[str, bytes]:
    """Fingerprint of each entry, also of those that the page has from its ancestors."""
    entries = {str(k): v for k, v in page.items()}
    ancestor = page
    for _ in range(_MOST_ANCESTORS):
        ancestor = ancestor.get("/Parent")
        if not isinstance(ancestor, pikepdf.Dictionary):
            break
        for name in _INHERITED:
            if name in ancestor:
                entries.setdefault(name, ancestor[name])
    return _fingerprints(entries, without=_UPWARDS | {"/Annots"})


def _annotations_changed(old_page: Any, new_page: Any) -> bool:
    """Anything gone, altered or added but a signature's own mark: each such mark is a signature judged by itself."""
    new = [(fingerprint(a), a) for a in new_page.get("/Annots", [])]
    marks = {fingerprint(a): a for a in old_page.get("/Annots", [])}
    added = [a for known, a in new if marks.pop(known, None) is None]
    if not all(_is_signature(a) and _own(a, "/V") is not None for a in added):
        return True
    filled = {str(_own(a, "/T")) for a in added}
    return not all(_is_signature(a) and _own(a, "/V") is None and str(_own(a, "/T")) in filled for a in marks.values())


def _catalog(then: Any, now: Any) -> Iterable[str]:
    old, new = (_fingerprints(dict(pdf.Root.items()), without=_UNSEEN) for pdf in (then, now))
    for name in sorted(old.keys() | new.keys()):
        if old.get(name) != new.get(name):
            yield _CALLED.get(name, f"目录项 {name}")


def _form(then: Any, now: Any) -> Iterable[str]:
    old, new = (pdf.Root.get("/AcroForm", {}) for pdf in (then, now))
    if _fingerprints(dict(old.items()), without=_FORM_UNSEEN) != _fingerprints(dict(new.items()), without=_FORM_UNSEEN):
        yield "表单"
    elif _plain_fields(old) != _plain_fields(new):
        yield "表单域"


def _plain_fields(form: Any) -> list[bytes]:
    return [fingerprint(field) for field in form.get("/Fields", []) if not _is_signature(field)]


def _signature_fields(pdf: Any) -> list[Any]:
    return [f for f in pdf.Root.get("/AcroForm", {}).get("/Fields", []) if _is_signature(f) and "/V" in f]


def _visible(field: Any) -> bool:
    corners = [float(number) for number in field.get("/Rect", [])]
    return "/Kids" in field or (len(corners) == 4 and corners[0] != corners[2] and corners[1] != corners[3])


def _is_signature(value: Any) -> bool:
    return isinstance(value, pikepdf.Dictionary) and _own(value, "/FT") == "/Sig"


def _own(field: Any, name: str) -> Any:
    """Entry of a field, or of the field that this widget belongs to."""
    if name in field:
        return field[name]
    parent = field.get("/Parent")
    return parent.get(name) if isinstance(parent, pikepdf.Dictionary) else None


def _info(pdf: Any) -> dict[str, bytes]:
    return _fingerprints(dict(pdf.trailer.get("/Info", {}).items()), without=_ROUTINE_INFO)


def _fingerprints(entries: Mapping[str, Any], *, without: frozenset[str]) -> dict[str, bytes]:
    return {name: fingerprint(value) for name, value in entries.items() if name not in without}


def fingerprint(value: Any) -> bytes:
    """Digest of a value and of all it refers to. Independent of object numbers; streams as they are stored."""
    state = hashlib.sha256()
    known: dict[tuple[int, int], int] = {}
    waiting: list[Any] = [value]
    seen = 0
    while waiting:
        item = waiting.pop()
        seen += 1
        if seen > _MOST_VALUES:
            raise Undecided("PDF 结构过大，不能比较签名之后的修改")
        if isinstance(item, bytes):
            state.update(b"%d:" % len(item) + item)
        elif isinstance(item, pikepdf.Object):
            if item.is_indirect:
                if item.objgen in known:
                    state.update(b"@%d;" % known[item.objgen])
                    continue
                known[item.objgen] = len(known)
            waiting += _members(item)
        else:
            state.update(f"{type(item).__name__}={item};".encode())
    return state.digest()


def _members(item: Any) -> list[Any]:
    """What a value consists of, last to first."""
    if isinstance(item, pikepdf.Array):
        return [*reversed(list(item)), b"[%d" % len(item)]
    if isinstance(item, pikepdf.Stream | pikepdf.Dictionary):
        if item.get("/Type") == "/Page":
            return [b"page"]  # pages are compared one by one
        stream = isinstance(item, pikepdf.Stream)
        entries = sorted((str(k), v) for k, v in item.items() if str(k) not in _UPWARDS)
        members = [part for name, v in reversed(entries) for part in (v, name.encode())]
        return [*([item.read_raw_bytes()] if stream else []), *members, b"<%d" % len(entries)]
    return [item.unparse()]
