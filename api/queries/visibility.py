"""Who may see what: the one home of the rule, as conditions for queries and as bounds for a search.

Staff see what they brought in. Administrators see everything. Accountants see everything, unless a list of companies
is kept for them: then what was bought or sold by one of those, what belongs to none of our companies, and what they
brought in themselves. A thing belongs to a company by its tax id, or by its name exactly as registered. A record that
names none of ours belongs to the account it was exported from. A closed company's things stay its own.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, and_, case, cast, exists, false, func, not_, or_, select, true
from sqlalchemy import Integer as SqlInteger
from sqlalchemy.orm import Session, aliased

from matching.companies import company_tree, list_companies
from matching.reconciliation.scope import Scope
from matching.reconciliation.self_check import list_checks
from matching.searching import Bounds
from models.errors import RequestError
from models.tables import (
    CompanyRow,
    DocumentRow,
    DraftRow,
    ImportRow,
    InvoiceRow,
    NoticeRow,
    RecordRow,
    SelfCheckRow,
    StagedImportRow,
    User,
    UserCompanyRow,
)
from models.tables.accounts import Role

_BRACKETS = str.maketrans("（）", "()"), str.maketrans("()", "（）")


@dataclass(frozen=True, slots=True)
class Parties:
    """Companies by what documents name them by."""

    tax_ids: frozenset[str]
    names: frozenset[str]

    @classmethod
    def of(cls, rows: Iterable[CompanyRow]) -> Parties:
        held = list(rows)
        names = {name for row in held for name in (row.name, *row.former_names)}
        return cls(
            frozenset(row.tax_id for row in held),
            frozenset(name.translate(width) for name in names for width in _BRACKETS) | names,
        )

    def named_by(self, row: Any) -> ColumnElement[bool]:
        """Whether one of these is the buyer or the seller of an invoice or a record. Never null."""
        ids, names = sorted(self.tax_ids), sorted(self.names)
        return or_(
            func.coalesce(row.buyer_tax_id, "").in_(ids),
            func.coalesce(row.seller_tax_id, "").in_(ids),
            func.coalesce(row.buyer_name, "").in_(names),
            func.coalesce(row.seller_name, "").in_(names),
        )


@dataclass(frozen=True, slots=True)
class Sight:
    """What one user sees. `mine` None: not limited to companies."""

    user_id: int
    own_only: bool
    mine: Parties | None
    others: Parties
    company_ids: frozenset[int]

    @property
    def limited(self) -> bool:
        return self.mine is not None and not self.own_only

    def invoices(self) -> ColumnElement[bool]:
        brought = aliased(DocumentRow)
        own = exists().where(brought.id == InvoiceRow.document_id, brought.uploaded_by == self.user_id)
        if self.own_only:
            return own
        return or_(self._open(InvoiceRow), own) if self.limited else true()

    def documents(self) -> ColumnElement[bool]:
        """A file with several invoices is seen with any of them; an archive only where nothing in it is another's.
        A copy goes by the document that it is a copy of."""
        own: ColumnElement[bool] = DocumentRow.uploaded_by == self.user_id
        if self.own_only:
            return own
        if not self.limited:
            return true()
        invoice, within, member = aliased(InvoiceRow), aliased(InvoiceRow), aliased(DocumentRow)
        first = func.coalesce(DocumentRow.duplicate_of, DocumentRow.id)
        held = exists().where(invoice.document_id == first)
        seen = exists().where(invoice.document_id == first, self._open(invoice))
        hidden = exists().where(
            member.member_of == first, within.document_id == member.id, not_(self._open(within))
        )  # fmt: skip
        return or_(own, and_(or_(seen, not_(held)), not_(hidden)))

    def drafts(self) -> ColumnElement[bool]:
        invoice, document = aliased(InvoiceRow), aliased(DocumentRow)
        if not self.own_only and not self.limited:
            return true()
        seen: ColumnElement[bool] = document.uploaded_by == self.user_id
        if self.limited:
            seen = or_(seen, self._open(invoice))
        return exists().where(invoice.id == DraftRow.invoice_id, document.id == invoice.document_id, seen)

    def records(self) -> ColumnElement[bool]:
        if self.own_only:
            return false()
        if self.mine is None:
            return true()
        accounts = select(ImportRow.id).where(ImportRow.owner_tax_id.in_(sorted(self.others.tax_ids)))
        nobodys = and_(
            not_(self.others.named_by(RecordRow)), func.coalesce(RecordRow.import_id, 0).not_in(accounts)
        )  # fmt: skip
        return or_(self.mine.named_by(RecordRow), nobodys)

    def imports(self) -> ColumnElement[bool]:
        if self.own_only:
            return false()
        if self.mine is None:
            return true()
        others = func.coalesce(ImportRow.owner_tax_id, "").in_(sorted(self.others.tax_ids))
        return or_(not_(others), ImportRow.imported_by == self.user_id)

    def staged(self, row: StagedImportRow) -> bool:
        """A table that is not imported yet: by the account it is said or found to be of."""
        if self.mine is None:
            return True
        owner = row.owner_tax_id or (row.preview or {}).get("owner_tax_id")
        return row.created_by == self.user_id or self.account(owner)

    def account(self, tax_id: str | None) -> bool:
        """Whether things of this tax account are seen; of none of ours, or of an unknown one, they are."""
        return self.mine is None or tax_id in self.mine.tax_ids or tax_id not in self.others.tax_ids

    def notices(self) -> ColumnElement[bool]:
        """Those whose invoice or draft is seen; those about neither."""
        if not self.limited:
            return true()
        kind = func.substr(NoticeRow.subject, 1, 6)
        drafts = exists().where(DraftRow.application_number == func.substr(NoticeRow.subject, 7), self.drafts())
        invoices = exists().where(
            InvoiceRow.id == cast(func.substr(NoticeRow.subject, 9), SqlInteger), self.invoices()
        )  # fmt: skip
        # CASE, because its branches are not evaluated before its conditions
        return case(
            (NoticeRow.subject.is_(None), true()), (kind == "draft:", drafts), (kind == "invoic", invoices),
            else_=true(),
        )  # fmt: skip

    def bounds(self, session: Session) -> Bounds | None:
        """The same for a search, which knows parties and accounts by number."""
        if self.mine is None or self.own_only:
            return None
        accounts = session.scalars(
            select(ImportRow.id).where(ImportRow.owner_tax_id.in_(sorted(self.others.tax_ids)))
        )  # fmt: skip
        return Bounds(
            tax_ids=self.mine.tax_ids, names=self.mine.names, other_tax_ids=self.others.tax_ids,
            other_names=self.others.names, other_imports=frozenset(accounts), user_id=self.user_id,
        )  # fmt: skip

    def _open(self, row: Any) -> ColumnElement[bool]:
        """Names one of mine, or none of the others."""
        assert self.mine is not None
        return or_(self.mine.named_by(row), not_(self.others.named_by(row)))


_NOBODY = Parties(frozenset(), frozenset())


def sight_of(session: Session, user: User) -> Sight:
    own_only = user.role == Role.STAFF.value
    chosen: set[int] = set()
    if user.role == Role.ACCOUNTANT.value:
        chosen = set(session.scalars(select(UserCompanyRow.company_id).where(UserCompanyRow.user_id == user.id)))
    if not chosen:
        return Sight(user.id, own_only, None, _NOBODY, frozenset())
    rows = session.scalars(select(CompanyRow).order_by(CompanyRow.id)).all()
    ids = {row.tax_id for row in rows if row.id in chosen}
    mine = [row for row in rows if row.tax_id in ids]  # branches that share the tax id come with it
    others = [row for row in rows if row.tax_id not in ids]
    return Sight(user.id, own_only, Parties.of(mine), Parties.of(others), frozenset(row.id for row in mine))


def drafts_seen_by(session: Session, user: User) -> ColumnElement[bool]:
    return sight_of(session, user).drafts()


def seen_companies(session: Session, user: User) -> list[CompanyRow]:
    """Companies with a tax id of their own that the user may choose among."""
    sight = sight_of(session, user)
    return [row for row in list_companies(session) if sight.mine is None or row.id in sight.company_ids]


def seen_tree(session: Session, user: User) -> list[tuple[CompanyRow, int]]:
    """The same with their branches, each below what it belongs to, with its depth among what is seen."""
    sight = sight_of(session, user)
    depth: dict[int, int] = {}
    for row, _ in company_tree(session):
        if sight.mine is None or row.id in sight.company_ids:
            depth[row.id] = depth[row.parent_id] + 1 if row.parent_id in depth else 0
    return [(row, depth[row.id]) for row, _ in company_tree(session) if row.id in depth]


def scope_for(session: Session, user: User, period: str | None, company_tax_id: str | None) -> Scope:
    """A reconciliation of what the user sees. Raises RequestError for a company that is not among it."""
    sight = sight_of(session, user)
    if company_tax_id and not sight.account(company_tax_id):
        raise RequestError("no_such_item", what=company_tax_id)
    scope = Scope.of(period, company_tax_id)
    return scope.seen_by(sight.invoices(), sight.records()) if sight.limited else scope


def check_scope(session: Session, user: User, period: str | None, company_tax_id: str | None) -> Scope:
    """What a self-check is of. It is kept for everybody of that company, so that it is of a company, or of everything
    and taken by somebody who sees everything."""
    sight = sight_of(session, user)
    if sight.mine is not None and not company_tax_id:
        if len(sight.mine.tax_ids) != 1:
            raise RequestError("invalid_request", what="请选择单位 / choose a company")
        (company_tax_id,) = sight.mine.tax_ids
    if sight.mine is not None and company_tax_id not in sight.mine.tax_ids:
        raise RequestError("no_such_item", what=str(company_tax_id))
    return Scope.of(period, company_tax_id)


def sees_check(session: Session, user: User, row: SelfCheckRow) -> bool:
    mine = sight_of(session, user).mine
    return mine is None or row.company_tax_id in mine.tax_ids


def seen_checks(session: Session, user: User) -> list[SelfCheckRow]:
    """Newest first."""
    mine = sight_of(session, user).mine
    return [row for row in list_checks(session) if mine is None or row.company_tax_id in mine.tax_ids]


def set_companies(session: Session, user: User, company_ids: Iterable[int]) -> list[str]:
    """Keep this list for the user (none: all companies); returns the tax ids. Refuses ids that do not exist."""
    wanted = set(company_ids)
    known = {row.id: row for row in list_companies(session) if row.id in wanted}
    if wanted - known.keys():
        raise RequestError("no_such_item", what=", ".join(map(str, sorted(wanted - known.keys()))))
    before = {row.company_id: row for row in session.scalars(_list_of(user))}
    for company_id in before.keys() - wanted:
        session.delete(before[company_id])
    session.add_all(UserCompanyRow(user_id=user.id, company_id=id_) for id_ in sorted(wanted - before.keys()))
    session.flush()
    return [row.tax_id for row in known.values()]


def lists_of_companies(session: Session) -> dict[int, list[int]]:
    """User → the companies of the list kept for them."""
    found: dict[int, list[int]] = {}
    for row in session.scalars(select(UserCompanyRow).order_by(UserCompanyRow.company_id)):
        found.setdefault(row.user_id, []).append(row.company_id)
    return found


def _list_of(user: User) -> Any:
    return select(UserCompanyRow).where(UserCompanyRow.user_id == user.id)
