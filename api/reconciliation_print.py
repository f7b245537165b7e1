"""The reconciliation as a PDF to print and file: totals with their proof, ageing, what is absent, who owes what.

In the language of whoever asks. Rows are as many as a person reads; the workbook has them all.
"""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from api import printing
from matching.names import AGES, CAUSES, STATUSES, class_name
from matching.reconciliation.summary import Summary
from matching.reconciliation.totals import Sums, Tally
from matching.report import differences_of
from matching.report_words import CHINESE, Words
from models.matching import CauseCode, MatchStatus
from models.money import from_fen

MOST_ROWS = 300  #: of one list
_SHOWN = (MatchStatus.ABSENT, MatchStatus.DIFFERS, MatchStatus.PROBABLE, MatchStatus.NOT_OURS, MatchStatus.VOID,
          MatchStatus.RED_FLUSHED)  # fmt: skip


def reconciliation_pdf(rows: Iterable[dict[str, Any]], summary: Summary, words: Words = CHINESE) -> bytes:
    """The report's bytes. `rows` are those of `reconcile`, said in the same language."""
    about = words(
        "{company} · {period} · 账龄截至 {day}", company=summary.company or words("全部单位"),
        period=summary.scope.period or words("全部期间"), day=summary.as_of,
    )  # fmt: skip
    title = words("发票核对报告")
    flow: list[Any] = [printing.paragraph(title, size=16, bold=True), printing.paragraph(about, size=10)]
    proven = "两侧及各次导入的合计均与明细相符，差额 0.00。" if summary.ties_out else "合计与明细不符，请先查明差额。"
    colour = printing.GOOD if summary.ties_out else printing.BAD
    flow += [printing.paragraph(words(proven), size=10, colour=colour), printing.gap()]
    flow += _side("一、记录（台账）", summary.records, words)
    flow += _imports(summary, words)
    flow += _side("二、单据", summary.documents, words)
    flow += _ageing(summary, words)
    flow += _differences(summary, words)
    flow += _lists(rows, words)
    flow += _owed(summary, words)
    return printing.pdf(title, flow, footer=f"{title} · {about}", wide=True)


def _said(words: Words, *titles: str) -> list[str]:
    return [words(title) for title in titles]


def _money(fen: int) -> str:
    return f"{from_fen(fen):,}"


def _cells(name: str, sums: Sums) -> list[str]:
    return [name, str(sums.count), _money(sums.net), _money(sums.tax), _money(sums.gross)]


def _side(title: str, tally: Tally, words: Words) -> list[Any]:
    rows = [_cells(words.name(class_name(name)), sums) for name, sums in tally.classes.items()]
    rows += [
        _cells(words("以上合计"), tally.sum_of_classes),
        _cells(words("全部"), tally.whole),
        _cells(words("差额"), tally.difference),
    ]
    last = len(rows) - 1
    return [
        printing.heading(words(title)),
        printing.table(
            _said(words, "结论", "张数", "金额", "税额", "价税合计"), rows, (70, 25, 45, 45, 45), numbers=(1, 2, 3, 4),
            red_rows=[last] if tally.difference else [], strong_rows=[last - 2, last - 1],
        ),
        printing.gap(),
    ]  # fmt: skip


def _imports(summary: Summary, words: Words) -> list[Any]:
    if not summary.imports:
        return []
    rows = [_cells(share.file_name or words("补录"), share.sums) for share in summary.imports[-40:]]
    difference = summary.imports_whole - summary.records.whole
    rows.append(_cells(words("各次导入合计与全部记录之差"), difference))
    return [
        printing.table(
            _said(words, "按导入文件", "张数", "金额", "税额", "价税合计"), rows, (70, 25, 45, 45, 45),
            numbers=(1, 2, 3, 4), red_rows=[len(rows) - 1] if difference else [],
        ),
        printing.gap(),
    ]  # fmt: skip


def _ageing(summary: Summary, words: Words) -> list[Any]:
    rows = [
        [words.name(AGES[each.age]), str(each.absent), _money(each.absent_gross), str(each.no_document),
         _money(each.no_document_gross)]
        for each in summary.ageing
    ]  # fmt: skip
    head = _said(words, "账龄", "未入账张数", "未入账价税合计", "无单据张数", "无单据价税合计")
    return [
        printing.heading(words("三、账龄")), printing.table(head, rows, (40, 35, 50, 35, 50), numbers=(1, 2, 3, 4)),
        printing.gap(),
    ]  # fmt: skip


def _differences(summary: Summary, words: Words) -> list[Any]:
    if not summary.differences:
        return []
    rows = [
        [words.field(each.field), str(each.count), f"{each.amount:,}" if each.amount is not None else "—"]
        for each in summary.differences
    ]
    head = _said(words, "不一致的字段", "次数", "差额绝对值合计")
    return [
        printing.heading(words("四、有差异的字段")), printing.table(head, rows, (70, 30, 50), numbers=(1, 2)),
        printing.gap(),
    ]  # fmt: skip


def _lists(rows: Iterable[dict[str, Any]], words: Words) -> list[Any]:
    lists: dict[MatchStatus, list[list[str]]] = {status: [] for status in _SHOWN}
    counts = dict.fromkeys(_SHOWN, 0)
    for row in rows:
        status = MatchStatus(row["status"])
        if status not in lists:
            continue
        counts[status] += 1
        if len(lists[status]) < MOST_ROWS:
            lists[status].append(_listed(row, words))
    flow: list[Any] = []
    head = _said(words, "发票号码", "开票日期", "销售方", "价税合计", "原因或差异", "建议", "补录申请号")
    for status in _SHOWN:
        if lists[status]:
            flow.append(
                printing.heading(words("{name}（{count} 张）", name=words.name(STATUSES[status]), count=counts[status]))
            )
            flow.append(printing.table(head, lists[status], (38, 20, 50, 24, 50, 52, 33), numbers=(3,), size=7.5))
            if counts[status] > MOST_ROWS:
                flow.append(printing.paragraph(words("此处列出前 {most} 张，其余见核对表。", most=MOST_ROWS)))
            flow.append(printing.gap())
    return flow


def _listed(row: dict[str, Any], words: Words) -> list[str]:
    cause = (row.get("causes") or [{}])[0]
    why = words.name(CAUSES[CauseCode(cause["code"])]) if cause else ""
    if cause.get("probability") is not None:
        why = f"{why} {cause['probability']:.0%}"
    gross = f"{Decimal(row['total_incl_tax']):,}" if row.get("total_incl_tax") else ""
    number = " ".join(filter(None, (row.get("invoice_code"), row.get("invoice_number")))) or row["document"]
    return [
        number, row.get("issue_date") or "", row.get("seller_name") or "", gross,
        differences_of(row, words) or why or row.get("why") or "", cause.get("action") or "", row.get("draft") or "",
    ]  # fmt: skip


def _owed(summary: Summary, words: Words) -> list[Any]:
    if not summary.owed:
        return []
    rows = [
        [each.seller_name or each.seller_tax_id or "—", each.buyer_name or "—", str(each.count), _money(each.gross),
         each.holder.name if each.holder else "—"]
        for each in summary.owed[:MOST_ROWS]
    ]  # fmt: skip
    head = _said(words, "销售方", "购买方", "张数", "价税合计", "最近交单人")
    count = sum(each.count for each in summary.owed)
    flow = [
        printing.heading(words("有记录无单据（{count} 张，按销售方）", count=count)),
        printing.table(head, rows, (90, 70, 20, 40, 40), numbers=(2, 3)),
    ]
    if len(summary.owed) > MOST_ROWS:
        flow.append(printing.paragraph(words("此处列出金额最大的 {most} 家，其余见核对表。", most=MOST_ROWS)))
    return flow
