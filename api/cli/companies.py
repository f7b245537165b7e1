"""`companies`: who we are. Nothing is removed here: what ended is closed."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Any

import typer

from api.cli.opening import database, load_settings
from api.cli.output import emit, say, show_table
from api.cli.records import AsJson, match_again

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from models.tables import CompanyRow

companies = typer.Typer(help="登记本单位。 · Who we are.", no_args_is_help=True)

_TAX_ID_LENGTH = 15  #: the shortest; a shorter number is a company's number in the list
Which = Annotated[str, typer.Argument(help="税号，或列表中的编号。 · Tax id, or the number in the list.")]
FormerName = Annotated[
    list[str] | None,
    typer.Option(help="曾用名，可写最后使用日，可多次。 · Former name, its last day may follow; repeatable."),
]
Parent = Annotated[str | None, typer.Option(help="总机构的税号或编号。 · Head office, by tax id or number.")]
ShortName = Annotated[str | None, typer.Option(help="简称。 · Short name.")]
Note = Annotated[str | None, typer.Option(help="备注。 · Note.")]


@companies.command("add")
def add(
    name: Annotated[str, typer.Option(help="单位全称。 · Full name.")],
    tax_id: Annotated[
        str, typer.Option(help="统一社会信用代码；分支机构可留空。 · Tax id; a branch may use its head office's.")
    ] = "",
    former_name: FormerName = None,
    parent: Parent = None,
    *,
    short_name: ShortName = None,
    note: Note = None,
) -> None:
    """登记本单位，并重新核对。 · Register one of our companies, then match again."""
    from api import audit
    from matching.companies import add_company
    from models.database import transaction

    settings = load_settings()
    with database(settings) as sessions:
        with transaction(sessions) as session:
            row = add_company(
                session, name=name, tax_id=tax_id, former_names=tuple(former_name or ()), short_name=short_name,
                parent=_find(session, parent) if parent else None, note=note,
            )  # fmt: skip
            _note(session, audit.Action.CLI_COMPANY_ADD, row, {})
            told = f"{row.name} {row.tax_id}"
        match_again(sessions, settings)
    say(told)


@companies.command("edit")
def edit(
    which: Which,
    name: Annotated[str | None, typer.Option(help="新名称。 · New name.")] = None,
    tax_id: Annotated[str | None, typer.Option(help="新税号。 · New tax id.")] = None,
    former_name: FormerName = None,
    *,
    parent: Annotated[
        str | None, typer.Option(help="总机构的税号或编号；空串为无。 · Head office; an empty text for none.")
    ] = None,
    short_name: ShortName = None,
    note: Note = None,
) -> None:
    """修改，并重新核对。 · Change what is given; the former names given replace all of them. Then match again."""
    from api import audit
    from matching.companies import MATCHED_BY, edit_company
    from models.database import transaction

    given = {"name": name, "former_names": former_name, "short_name": short_name, "note": note}
    changes: dict[str, Any] = {field: value for field, value in given.items() if value is not None}
    if tax_id is not None:
        changes |= {"tax_id": tax_id, "shares_tax_id": False}
    settings = load_settings()
    with database(settings) as sessions:
        with transaction(sessions) as session:
            row = _find(session, which)
            if parent is not None:
                changes["parent_id"] = _find(session, parent).id if parent else None
            changed = edit_company(session, row, changes)
            if changed:
                _note(session, audit.Action.CLI_COMPANY_EDIT, row, changed)
        if changed.keys() & MATCHED_BY:
            match_again(sessions, settings)
    for field, (before, after) in changed.items():
        say(f"{field}: {before} → {after}")


@companies.command("close")
def close(
    which: Which,
    on: Annotated[
        datetime | None, typer.Option(formats=["%Y-%m-%d"], help="最后营业日。 · Last day of business.")
    ] = None,
    reopen: Annotated[bool, typer.Option("--reopen", help="恢复营业。 · Open it again.")] = False,
) -> None:
    """登记停业，并重新核对；以前的发票仍是本单位的。 · Close it with a day; what was issued before stays ours."""
    from api import audit
    from matching.companies import close_company
    from models.database import transaction

    if (on is None) != reopen:
        raise typer.BadParameter("--on 或 --reopen / one of both")
    settings = load_settings()
    with database(settings) as sessions:
        with transaction(sessions) as session:
            row = _find(session, which)
            before = row.closed_on.isoformat() if row.closed_on else None
            close_company(session, row, on.date() if on else None)
            action = audit.Action.CLI_COMPANY_CLOSE if on else audit.Action.CLI_COMPANY_REOPEN
            after = row.closed_on.isoformat() if row.closed_on else None
            _note(session, action, row, {"closed_on": [before, after]})
            told = f"{row.name} {after or '—'}"
        match_again(sessions, settings)
    say(told)


@companies.command("list")
def list_companies(as_json: AsJson = False) -> None:
    """列出本单位及分支机构。 · List our companies and their branches."""
    from matching.companies import company_tree, exported, former_lines

    with database(load_settings()) as sessions, sessions() as session:
        found = company_tree(session)
        if as_json:
            for row, _ in found:
                emit({"id": row.id, **exported(row)})
            return
        show_table(
            "",
            ["编号 no.", "名称 name", "税号 tax id", "曾用名", "停业 closed"],
            [
                [
                    str(row.id),
                    "  " * depth + row.name,
                    row.tax_id,
                    ", ".join(former_lines(row)),
                    str(row.closed_on or ""),
                ]
                for row, depth in found
            ],
        )


def _find(session: Session, which: str) -> CompanyRow:
    from matching.companies import find_company

    return find_company(session, int(which) if which.isdecimal() and len(which) < _TAX_ID_LENGTH else which)


def _note(session: Session, action: str, row: CompanyRow, changes: dict[str, Any]) -> None:
    from api import audit

    detail = {"name": row.name, **({"changes": changes} if changes else {})}
    audit.record(session, None, action, f"company:{row.tax_id}", detail)
