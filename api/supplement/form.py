"""The 发票补录申请表: everything it says, gathered once for page, PDF and packet. Reads only."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from api.queries.histories import people
from api.supplement.telling import Words, told, told_support
from matching.draft_records import keys_of
from matching.supplement.attaching import attached
from matching.wording import in_language
from models.money import parse_money
from models.tables import DocumentRow, DraftAttachmentRow, DraftRow, InvoiceRow

_MONEY = frozenset({"total_excl_tax", "total_tax", "total_incl_tax"})
LINE_CELLS = ("item_name", "specification", "unit", "quantity", "unit_price", "amount_excl_tax", "tax_rate",
              "tax_amount")  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One field of the form."""

    name: str
    label: str
    value: str | None
    source: str  #: with its support, where history gave it
    missing: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Happening:
    when: str
    who: str
    what: str
    details: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ApplicationForm:
    """A draft as it is printed. Texts are in `words`' language."""

    words: Words
    number: str
    state: str
    created: str
    due: str
    entries: tuple[Entry, ...]
    lines: tuple[tuple[str, ...], ...]
    causes: Sequence[dict[str, Any]]
    why: str
    documents: Sequence[DocumentRow]
    attachments: Sequence[DraftAttachmentRow]
    history: tuple[Happening, ...]
    submitter: tuple[str, str]  #: name and moment
    approver: tuple[str, str]
    return_reason: str | None = None
    support: tuple[str, ...] = field(default=())  #: of adopted cells in item rows


def build_form(session: Session, draft: DraftRow, language: str) -> ApplicationForm:
    words, names = Words(language), people(session)
    invoice = session.get_one(InvoiceRow, draft.invoice_id)
    match = in_language(invoice.match or {}, language, words.named)
    return ApplicationForm(
        words=words,
        number=draft.application_number,
        state=words.named("draft", "held" if draft.held_because else draft.state),
        created=moment(draft.created_at),
        due=draft.due_on.isoformat() if draft.due_on else "",
        entries=tuple(_entries(draft, words)),
        lines=tuple(tuple(_cell(line, cell) for cell in LINE_CELLS) for line in draft.lines),
        causes=match.get("causes") or _causes_submitted(draft),
        why=match.get("why", ""),
        documents=documents_of(session, draft),
        attachments=attached(session, draft),
        history=tuple(
            Happening(
                when=moment(event.at),
                who=names.get(event.actor_id, "—") if event.actor_id else words.t("document.system"),
                what=words.named("event", event.action),
                details=tuple(told(event, words, names)),
            )
            for event in draft.events
        ),
        submitter=(names.get(draft.submitted_by or 0, ""), moment(draft.submitted_at)),
        approver=(names.get(draft.approved_by or 0, ""), moment(draft.decided_at) if draft.approved_by else ""),
        return_reason=draft.return_reason,
        support=tuple(_line_support(draft, words)),
    )


def _causes_submitted(draft: DraftRow) -> list[dict[str, Any]]:
    """Those told when it was last submitted: an approved invoice has none any more."""
    told_then = [event.detail.get("causes", []) for event in draft.events if event.action == "submitted"]
    return told_then[-1] if told_then else []


def _cell(line: Mapping[str, Any], cell: str) -> str:
    value = line.get(cell) or ""
    return grouped(value) or "" if cell in ("amount_excl_tax", "tax_amount") else str(value)


def documents_of(session: Session, draft: DraftRow) -> Sequence[DocumentRow]:
    """Every document that shows this invoice, the draft's own first."""
    query = (
        select(DocumentRow)
        .join(InvoiceRow, InvoiceRow.document_id == DocumentRow.id)
        .where((InvoiceRow.id == draft.invoice_id) | (InvoiceRow.identity_key.in_(keys_of(draft))))
        .order_by((InvoiceRow.id != draft.invoice_id), DocumentRow.received_at)
    )
    return list(dict.fromkeys(session.scalars(query)))


def moment(value: datetime | None) -> str:
    return value.astimezone().strftime("%Y-%m-%d %H:%M") if value else ""


def grouped(amount: str | None) -> str | None:
    """Thousands apart; what is no plain amount (`***`) as it is."""
    value = parse_money(amount)
    return amount if value is None else f"{value:,}"


def _entries(draft: DraftRow, words: Words) -> Iterator[Entry]:
    for name, found in draft.fields.items():
        missing = name in draft.missing
        if not found["value"] and not missing:
            continue
        source = words.named("source", found["source"]) if found["source"] else ""
        if found.get("support"):
            source = words.pair(source, told_support(found["support"], words))
        value = words.named("kind", found["value"]) if name == "kind" else found["value"]
        if name in _MONEY:
            value = grouped(value)
        yield Entry(name=name, label=words.named("field", name), value=value, source=source, missing=missing)


def _line_support(draft: DraftRow, words: Words) -> Iterator[str]:
    for key, kept in draft.line_support.items():
        yield words.pair(words.place(f"line.{key}"), f"{kept['value']} ({told_support(kept, words)})")
