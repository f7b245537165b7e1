"""The support packet for the tax bureau's hotline (12366) or the seller, as a ZIP.

The application form, a text to copy from, the same as JSON, the originals, the attachments. Nothing is sent anywhere.
"""

from __future__ import annotations

import json
import zipfile
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from api.supplement.form import ApplicationForm, build_form, documents_of, grouped
from api.supplement.pdf import write_pdf
from api.supplement.telling import Words
from capture.store import OriginalStore
from extraction.authenticity import inquiry_inputs
from matching.supplement.attaching import attached
from matching.wording import in_language
from models.authenticity import InquiryInputs
from models.invoice import Invoice
from models.tables import DraftRow, ImportRow, InvoiceRow

_NUMBER = ("kind", "invoice_code", "invoice_number", "digital_invoice_number", "issue_date", "check_code")
_PARTIES = ("seller_name", "seller_tax_id", "buyer_name", "buyer_tax_id")
_AMOUNTS = ("total_excl_tax", "total_tax", "total_incl_tax", "total_in_words")
_MONEY = frozenset(_AMOUNTS[:3])
_NAME_LENGTH = 120


def packet_data(session: Session, draft: DraftRow, language: str) -> dict[str, Any]:
    """Everything the packet says, for programs."""
    invoice = session.get_one(InvoiceRow, draft.invoice_id)
    inputs = inquiry_inputs(Invoice.restore(invoice.data))
    match = in_language(invoice.match or {}, language, Words(language).named)
    return {
        "application_number": draft.application_number,
        "state": draft.state,
        "made_at": datetime.now(UTC).isoformat(timespec="seconds"),
        "invoice": {name: field["value"] for name, field in draft.fields.items()},
        "sources": {name: field["source"] for name, field in draft.fields.items() if field["value"]},
        "lines": draft.lines,
        "missing": draft.missing,
        "inquiry": inputs.export() if inputs else None,
        "match": {"status": invoice.match_status, "why": match.get("why", ""), "causes": match.get("causes", []),
                  "at": invoice.matched_at.isoformat() if invoice.matched_at else None},
        "imports_of_the_day": [_import(row) for row in _covering(session, draft)],
        "documents": [{"name": d.name, "sha256": d.sha256, "received_at": d.received_at.isoformat()}
                      for d in documents_of(session, draft)],
        "attachments": [{"name": a.name, "sha256": a.sha256} for a in attached(session, draft)],
        "text": packet_text(session, draft, language),
    }  # fmt: skip


def packet_text(session: Session, draft: DraftRow, language: str) -> str:
    """What to read out on the telephone, or to paste into a message: that part is Chinese in any language."""
    words, chinese = Words(language), Words("zh")
    form = build_form(session, draft, language)
    invoice = session.get_one(InvoiceRow, draft.invoice_id)
    inputs = inquiry_inputs(Invoice.restore(invoice.data))
    parts = [
        f"{words.t('draft.packet_title')} {draft.application_number}",
        _section(words.t("draft.packet_invoice"), _described(draft, words)),
        _section(words.t("draft.packet_inquiry"), _inquiry(inputs, words)),
        _section(words.t("draft.packet_tried"), _tried(session, draft, invoice, form)),
        _section(words.t("draft.packet_hotline"), [chinese.t("draft.packet_ask_hotline")]),
        _section(words.t("draft.packet_seller"), [_ask_seller(draft, chinese)]),
    ]
    return "\n\n".join(parts) + "\n"


def write_packet(session: Session, store: OriginalStore, draft: DraftRow, target: Path, language: str) -> None:
    """The ZIP, member by member, so that large originals never stand in memory together."""
    form = build_form(session, draft, language)
    title = form.words.t("draft.form_title")
    data = packet_data(session, draft, language)
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(f"{title} {draft.application_number}.pdf", write_pdf(form))
        archive.writestr(f"{form.words.t('draft.packet_title')}.txt", data["text"].encode("utf-8-sig"))
        archive.writestr("packet.json", json.dumps(data, ensure_ascii=False, indent=1).encode())
        for folder, name, sha256 in _files(form):
            archive.write(store.path(sha256), f"{folder}/{name}")


def _files(form: ApplicationForm) -> Iterator[tuple[str, str, str]]:
    """Folder, name in the archive and content; numbered, because people give one name to many files."""
    for place, document in enumerate(form.documents, 1):
        yield "documents", f"{place}-{_member_name(document.name)}", document.sha256
    for place, attachment in enumerate(form.attachments, 1):
        yield "attachments", f"{place}-{_member_name(attachment.name)}", attachment.sha256


def _member_name(name: str) -> str:
    """The last path component, without what a file system refuses."""
    last = name.replace("\\", "/").rsplit("/", 1)[-1]
    return "".join("_" if c in '<>:"|?*' or not c.isprintable() else c for c in last)[-_NAME_LENGTH:] or "document"


def _section(title: str, rows: Sequence[str]) -> str:
    return "\n".join((f"【{title}】", *rows))


def _described(draft: DraftRow, words: Words) -> list[str]:
    rows = []
    for name in (*_NUMBER, *_PARTIES, *_AMOUNTS):
        value = (draft.fields.get(name) or {}).get("value")
        if value:
            shown = grouped(value) if name in _MONEY else words.value(name, value)
            rows.append(words.pair(words.named("field", name), str(shown)))
    if draft.missing:
        rows.append(words.t("draft.missing") + words.list(words.named("field", name) for name in draft.missing))
    return rows


def _inquiry(inputs: InquiryInputs | None, words: Words) -> list[str]:
    if inputs is None:
        return [words.t("draft.packet_no_inquiry")]
    rows = [words.pair(words.said(each.label), each.value or words.t("inquiry.unsure")) for each in inputs.inputs]
    where = [f"{words.t('inquiry.platform')}inv-veri.chinatax.gov.cn"] if inputs.verifiable else []
    return [*rows, words.said(inputs.note), *where]


def _tried(session: Session, draft: DraftRow, invoice: InvoiceRow, form: ApplicationForm) -> list[str]:
    words = form.words
    rows = [words.pair(words.t("documents.status"), words.named("match", invoice.match_status)), form.why]
    for cause in form.causes[:3]:
        told = words.t("list.semicolon").join(cause["evidence"])
        rows.append(f"· {words.named('cause', cause['code'])} ({cause['probability']:.0%}) {told}")
    covering = _covering(session, draft)
    rows.append(words.t("draft.packet_imports", count=len(covering)))
    rows += [
        f"· {row.file_name} · {row.date_from or '—'} – {row.date_to or '—'} · {words.named('direction', row.direction)}"
        f" · {row.rows} · {row.owner_tax_id or '—'} · {row.imported_at.astimezone():%Y-%m-%d %H:%M}"
        for row in covering
    ]
    return rows


def _ask_seller(draft: DraftRow, words: Words) -> str:
    value = {name: (draft.fields.get(name) or {}).get("value") or "—" for name in draft.fields}
    return words.t(
        "draft.packet_ask_seller", seller=value.get("seller_name", "—"), buyer=value.get("buyer_name", "—"),
        number=value.get("invoice_number", "—"), day=value.get("issue_date", "—"),
        total=grouped(value.get("total_incl_tax")) or "—",
    )  # fmt: skip


def _covering(session: Session, draft: DraftRow) -> Sequence[ImportRow]:
    """Imports whose days include the invoice's, newest first."""
    day = draft.issue_date
    if day is None:
        return []
    query = select(ImportRow).where(
        ImportRow.undone_at.is_(None),
        or_(ImportRow.date_from.is_(None), ImportRow.date_from <= day),
        or_(ImportRow.date_to.is_(None), ImportRow.date_to >= day),
    )
    return session.scalars(query.order_by(ImportRow.id.desc()).limit(20)).all()


def _import(row: ImportRow) -> dict[str, Any]:
    return {
        "file_name": row.file_name, "format": row.format, "direction": row.direction, "owner_tax_id": row.owner_tax_id,
        "kinds": row.kinds, "rows": row.rows, "imported_at": row.imported_at.isoformat(),
        "date_from": row.date_from.isoformat() if row.date_from else None,
        "date_to": row.date_to.isoformat() if row.date_to else None,
    }  # fmt: skip
