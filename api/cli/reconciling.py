"""`reconcile` and `search`: what the two sides say about each other, and finding a thing in either."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from api.cli.opening import database, load_settings
from api.cli.output import Term, emit, notice, say, show_table, terms

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from matching.report_words import Words

#: kind of a hit → whose names its status has
_STATUS = {"document": "match", "record": "record", "draft": "draft"}
AsJson = Annotated[bool, typer.Option("--json", help="同 --format jsonl。")]


def register(app: typer.Typer) -> None:
    app.command()(reconcile)
    app.command()(search)


def reconcile(
    *,
    period: Annotated[
        str | None, typer.Option(help="月份或区间：2024-06、2024-04..2024-06。 · Month or range.")
    ] = None,
    company: Annotated[str | None, typer.Option(help="只核对此税号的本单位。 · Tax id of one of ours.")] = None,
    format: Annotated[str, typer.Option("--format", "-f", help="table | jsonl")] = "table",
    xlsx: Annotated[Path | None, typer.Option(help="另存为 Excel。 · Also write a workbook.")] = None,
    pdf: Annotated[Path | None, typer.Option(help="另存为可打印的 PDF。 · Also write a printable report.")] = None,
    save: Annotated[bool, typer.Option("--save", help="存为自查并给出与上次的对比。 · Keep as a self-check.")] = False,
    as_json: AsJson = False,
) -> None:
    """单据与台账双向核对。 · Documents against records, both ways."""
    if format not in ("table", "jsonl"):
        raise typer.BadParameter("table | jsonl", param_hint="--format")
    with database(load_settings()) as sessions:
        with sessions() as session:
            if xlsx is not None:
                _write_xlsx(session, period, company, xlsx)
            if pdf is not None:
                _write_pdf(session, period, company, pdf)
            if as_json or format == "jsonl":
                for row in _rows(session, period, company):
                    emit(row)
            elif xlsx is None and pdf is None and not save:
                columns = ["文件 document", "代码 code", "号码 number", "状态 status", "差异 differences", "原因 cause",
                           "补录单 draft"]  # fmt: skip
                term = terms(_language())
                show_table("", columns, (_shown(row, term) for row in _rows(session, period, company)))
        if save:
            from models.database import transaction

            with transaction(sessions) as session:
                text = _kept(session, period, company)
            say(text)


def _rows(
    session: Session, period: str | None, company: str | None, words: Words | None = None
) -> Iterator[dict[str, Any]]:
    from matching.reconciling import reconcile as join

    return join(session, period=period, company_tax_id=company, worded=words.finding if words else None)


def _write_xlsx(session: Session, period: str | None, company: str | None, path: Path) -> None:
    from api.report_language import words_in
    from matching.reconciliation import Scope, summarise
    from matching.report import write_xlsx

    summary, words = summarise(session, Scope.of(period, company), as_of=date.today()), words_in(_language())
    write_xlsx(_rows(session, period, company, words), path, summary=summary, words=words)
    notice(f"已写入 written: {path}")


def _write_pdf(session: Session, period: str | None, company: str | None, path: Path) -> None:
    from api.reconciliation_print import reconciliation_pdf
    from api.report_language import words_in
    from matching.reconciliation import Scope, summarise

    summary, words = summarise(session, Scope.of(period, company), as_of=date.today()), words_in(_language())
    path.write_bytes(reconciliation_pdf(_rows(session, period, company, words), summary, words))
    notice(f"已写入 written: {path}")


def _language() -> str:
    return load_settings().language


def _kept(session: Session, period: str | None, company: str | None) -> str:
    """Take a self-check and say what is new in it."""
    from api.self_check import digest_text, take_and_audit
    from matching.reconciliation import Scope

    row = take_and_audit(session, Scope.of(period, company), as_of=date.today(), user_id=None, source="cli")
    return digest_text(session, row, load_settings().language)


def _shown(row: dict[str, Any], term: Callable[..., Term | None]) -> list[object]:
    record = row.get("record") or {}
    causes = row.get("causes") or []
    return [
        row.get("document"),
        row.get("invoice_code") or record.get("invoice_code"),
        row.get("invoice_number") or record.get("invoice_number"),
        term("match", row["status"]),
        "、".join(_text(term("field", d["field"])) for d in row.get("differences") or []),
        f"{_text(term('cause', causes[0]['code']))} {causes[0]['probability']:.0%}" if causes else None,
        row.get("draft"),
    ]


def _text(term: Term | None) -> str:
    return term.text if term else ""


def search(
    text: Annotated[
        list[str], typer.Argument(help="号码、名称、拼音首字母、金额、日期，可组合。 · Number, name, amount, date …")
    ],
    kind: Annotated[
        Literal["document", "record", "draft"] | None, typer.Option(help="只找其中一类。 · Only one kind.")
    ] = None,
    limit: Annotated[int, typer.Option(min=1, max=1000, help="每类最多几条。 · Most of each kind.")] = 20,
    nearly: Annotated[bool, typer.Option("--nearly", help="也找差一位、错一字的。 · One slip away, too.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="逐行输出 JSON。 · One JSON line each.")] = False,
) -> None:
    """在单据、记录和补录中查找。 · Find documents, records and supplements."""
    from api.queries.searching import everything, found_in, line_of
    from matching.searching import Asked, Kind, index_of, take_apart

    asked = Asked(terms=take_apart(" ".join(text)), nearly=nearly)
    term = terms(_language())
    with database(load_settings()) as sessions, sessions() as session:
        index = index_of(session)
        index.follow(session)
        index.wait()
        shown = []
        for each in (Kind(kind),) if kind else Kind:
            page = found_in(session, index, everything, each, asked, limit=limit)
            for hit in page.rows:
                line = line_of(each, hit)
                if as_json:
                    emit(line)
                said = [line[name] for name in ("number", "issue_date", "seller_name", "total_incl_tax")]
                status = term(_STATUS[each.value], line["status"])
                shown.append([term("search", each.value), *said, status, "≈" if line["approximate"] else ""])
            notice(f"{_text(term('search', each.value))}: {page.exact}" + (f" + ≈{page.nearly}" if page.nearly else ""))
        if not as_json:
            show_table("", ["类 kind", "号码 number", "日期 date", "销售方 seller", "价税合计 total", "状态 status",
                            "≈"], shown)  # fmt: skip
