"""`drafts …`: list, look at, submit, review, approve, return and withdraw supplement drafts."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Annotated

import typer

from api.cli.opening import database, load_settings
from api.cli.output import Term, emit, notice, say, show_table, terms
from models.errors import RequestError, Text
from models.matching import DraftState

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from models.tables import DraftRow

commands = typer.Typer(help="补录草稿。 · Supplement drafts.", no_args_is_help=True)
AsJson = Annotated[bool, typer.Option("--json", help="输出 JSON。 · As JSON.")]
Number = Annotated[str, typer.Argument(help="补录单号。 · Application number.")]
As = Annotated[str, typer.Option("--as", help="以哪个用户的身份。 · User who acts.")]


@commands.command("list")
def list_drafts(
    state: Annotated[DraftState | None, typer.Option(help="只列此状态。 · Only this state.")] = None,
    as_json: AsJson = False,
) -> None:
    """列出补录草稿。 · List drafts."""
    from sqlalchemy import select

    from models.tables import DraftRow

    settings = load_settings()
    term = terms(settings.language)
    with database(settings) as sessions, sessions() as session:
        query = select(DraftRow).order_by(DraftRow.id)
        rows = session.scalars(query if state is None else query.where(DraftRow.state == state.value)).all()
        if as_json:
            for row in rows:
                emit(_export(row))
            return
        show_table(
            "",
            [
                "补录单 draft",
                "状态 state",
                "期限 due",
                "号码 number",
                "销售方 seller",
                "价税合计 total",
                "缺少 missing",
            ],
            [
                [
                    row.application_number,
                    _state(row, term),
                    row.due_on,
                    _value(row, "invoice_number"),
                    _value(row, "seller_name"),
                    _grouped(row),
                    _fields(row.missing, term),
                ]
                for row in rows
            ],
        )


@commands.command()
def show(number: Number, as_json: AsJson = False) -> None:
    """一份草稿的全部内容与来源。 · One draft with the source of every value."""
    settings = load_settings()
    term = terms(settings.language)
    with database(settings) as sessions, sessions() as session:
        row = find(session, number)
        if as_json:
            emit(_export(row))
            return
        show_table(
            f"{row.application_number}  {_state(row, term).text}",
            ["项目 field", "值 value", "来源 source", "可信度 confidence", "原文 raw"],
            [
                [
                    term("field", name),
                    term("kind", f.get("value")) if name == "kind" else f.get("value"),
                    term("source", f.get("source")),
                    f.get("confidence"),
                    f.get("raw"),
                ]
                for name, f in row.fields.items()
            ],
        )
        if row.missing:
            say("缺少 missing: " + _fields(row.missing, term))
        if row.return_reason:
            say("退回原因 returned: " + row.return_reason)


@commands.command()
def submit(number: Number, user: As) -> None:
    """提交审批。 · Submit for approval."""
    from matching.drafts import submit as step

    days = load_settings().supplement_due_days
    _act(number, user, "submit", lambda session, row, user_id: step(session, row, user_id=user_id, due_days=days))


@commands.command("take-up")
def take_up(number: Number, user: As) -> None:
    """暂缓的仍要补录。 · Supplement it although it is on hold until an import."""
    from matching.drafts import take_up as step

    days = load_settings().supplement_due_days
    _act(number, user, "take_up", lambda session, row, user_id: step(session, row, user_id=user_id, due_days=days))


@commands.command()
def take(number: Number, user: As) -> None:
    """开始审核，其他人会看到是谁。 · Take for review; the others see who has it."""
    from matching.drafts import take as step

    _act(number, user, "take", lambda session, row, user_id: step(session, row, user_id=user_id))


@commands.command()
def release(number: Number, user: As) -> None:
    """放弃审核，退回待审批。 · Give the review up."""
    from matching.drafts import release as step

    _act(number, user, "release", lambda session, row, user_id: step(session, row, user_id=user_id))


@commands.command()
def approve(number: Number, user: As) -> None:
    """批准（不能是提交人或最后修改人）。 · Approve; never by the submitter or the last editor."""
    from matching.drafts import approve as step

    _act(number, user, "approve", lambda session, row, user_id: step(session, row, user_id=user_id))


@commands.command("return")
def send_back(number: Number, user: As, reason: Annotated[str, typer.Option(help="退回原因。 · Why.")]) -> None:
    """退回修改。 · Send back with a reason."""
    from matching.drafts import send_back as step

    _act(number, user, "return", lambda session, row, user_id: step(session, row, reason, user_id=user_id))


@commands.command()
def withdraw(number: Number, user: As) -> None:
    """撤回。 · Withdraw."""
    from matching.drafts import withdraw as step

    _act(number, user, "withdraw", lambda session, row, user_id: step(session, row, user_id=user_id))


def _act(number: str, username: str, action: str, change: Callable[[Session, DraftRow, int], object]) -> None:
    from sqlalchemy import select

    from api import audit
    from models.database import transaction
    from models.tables import User
    from models.tables.accounts import Role

    settings = load_settings()
    with database(settings) as sessions, transaction(sessions) as session:
        user = session.scalar(select(User).where(User.username == username, User.disabled.is_(False)))
        if user is None:
            raise RequestError("no_such_item", what=username)
        if user.role == Role.STAFF.value:
            raise RequestError("forbidden")
        row = find(session, number)
        change(session, row, user.id)
        audit.record(session, user.id, audit.Action(f"cli:draft:{action}"), f"draft:{row.application_number}")
        state, number = _state(row, terms(settings.language)).text, row.application_number
    notice(f"{number}: {state}")


def find(session: Session, typed: str) -> DraftRow:
    """The draft of a number as typed. A wrong check digit is told as what it is, and part of a number with the drafts
    that it may mean: nothing is done to a draft that was only guessed."""
    from sqlalchemy import select

    from api.supplement.progress import numbers_meant
    from matching.application_numbers import could_be, is_valid, normalised
    from models.tables import DraftRow

    number = normalised(typed)
    row = session.scalar(select(DraftRow).where(DraftRow.application_number == number))
    if row is not None:
        return row
    if is_valid(number):
        raise RequestError("no_such_item", what=number)
    found = ", ".join(numbers_meant(session, select(DraftRow), number))
    meant = Text(f"可能是：{found}" if found else "", f"It may be: {found}" if found else "")
    code = "application_number_wrong" if could_be(number) else "application_number_part"
    raise RequestError(code, number=number, meant=meant)


def _state(row: DraftRow, term: Callable[..., Term | None]) -> Term:
    state = term("draft", "held" if row.held_because else row.state)
    assert state is not None
    if row.held_because and (because := term("cause", row.held_because)) is not None:
        return Term(f"{state.text} ({because.text})", state.code)
    return state


def _fields(names: Iterable[str], term: Callable[..., Term | None]) -> str:
    return "、".join(found.text for name in names if (found := term("field", name)))


def _grouped(row: DraftRow) -> str:
    from models.money import from_fen

    return "" if row.total_incl_fen is None else f"{from_fen(row.total_incl_fen):,}"


def _value(row: DraftRow, name: str) -> object:
    return (row.fields.get(name) or {}).get("value")


def _export(row: DraftRow) -> dict[str, object]:
    return {
        "application_number": row.application_number,
        "state": row.state,
        "version": row.version,
        "due_on": row.due_on.isoformat() if row.due_on else None,
        "held_because": row.held_because,
        "reviewer_id": row.reviewer_id,
        "ended_because": row.ended_because,
        "identity_key": row.identity_key,
        "fields": row.fields,
        "lines": row.lines,
        "line_support": row.line_support,
        "missing": row.missing,
        "return_reason": row.return_reason,
        "created_at": row.created_at.isoformat(),
    }
