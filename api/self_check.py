"""Takes a self-check with its audit event, and words its digest. For pages, REST, command line and the schedule."""

from __future__ import annotations

from datetime import date

from sqlalchemy.orm import Session

from api import audit
from api.audit import Action
from api.web.texts import text
from matching.companies import list_companies
from matching.reconciliation.scope import Scope
from matching.reconciliation.self_check import Digest, Item, digest, gross_of, take
from models.money import from_fen
from models.tables import SelfCheckRow

MOST_LISTED = 20  #: of each part of a digest
_ACTIONS = {
    "web": Action.WEB_SELF_CHECK_TAKE, "rest": Action.REST_SELF_CHECK_TAKE, "cli": Action.CLI_SELF_CHECK_TAKE,
    "system": Action.SYSTEM_SELF_CHECK_TAKE,
}  # fmt: skip


def take_and_audit(session: Session, scope: Scope, *, as_of: date, user_id: int | None, source: str) -> SelfCheckRow:
    row = take(session, scope, as_of=as_of, user_id=user_id)
    audit.record(session, user_id, _ACTIONS[source], f"self_check:{row.id}", {"period": scope.period})
    return row


def previous_of(session: Session, row: SelfCheckRow) -> SelfCheckRow | None:
    return session.get(SelfCheckRow, row.previous_id) if row.previous_id else None


def digest_text(session: Session, row: SelfCheckRow, language: str) -> str:
    """The digest as text to copy into a message."""
    before = previous_of(session, row)
    found = digest(row, before)
    names = {company.tax_id: company.name for company in list_companies(session)}

    def t(key: str, **values: object) -> str:
        return text(key, language).format(**values)

    company = names.get(row.company_tax_id, row.company_tax_id) or t("reconciliation.all_companies")
    lines = [
        t("self_check.digest_title", day=row.as_of.isoformat()),
        f"{company} · {row.period or t('reconciliation.all_periods')}",
        t("self_check.digest_before", day=before.as_of.isoformat()) if before else t("self_check.digest_first"),
        "",
    ]
    for key, items in (("new", found.new), ("settled", found.settled), ("overdue", found.overdue)):
        lines.append(t(f"self_check.digest_{key}", count=len(items), gross=gross_of(items)))
        lines += [_line(item, language) for item in items[:MOST_LISTED]]
        if len(items) > MOST_LISTED:
            lines.append("  " + t("self_check.digest_more", count=len(items) - MOST_LISTED))
    lines.append(t("self_check.digest_open", count=found.still_open))
    if not found.records_compared:
        lines.append(t("self_check.digest_totals_only"))
    return "\n".join(lines)


def _line(item: Item, language: str) -> str:
    status = text(f"match.{item.status}", language) if item.key.startswith("D") else text("no_document.title", language)
    cause = text(f"cause.{item.cause}", language) if item.cause else ""
    gross = "" if item.gross is None else f"{'-' if item.gross < 0 else ''}¥{from_fen(abs(item.gross)):,}"
    parts = (item.number or "—", item.day or "", item.seller or "", gross, status, cause)
    return "  · " + "  ".join(part for part in parts if part)


def digest_of(session: Session, row: SelfCheckRow) -> Digest:
    return digest(row, previous_of(session, row))
