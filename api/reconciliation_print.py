"""The reconciliation as a PDF to print and file: totals with their proof, ageing, what is absent, who owes what.

Chinese, as the books it is filed with. Rows are as many as a person reads; the workbook has them all.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from api import printing
from matching.comparing import LABELS
from matching.names import AGES, CAUSES, STATUSES, class_name
from matching.reconciliation.summary import Summary
from matching.reconciliation.totals import Sums, Tally
from matching.report import differences_of
from models.matching import CauseCode, MatchStatus
from models.money import from_fen

MOST_ROWS = 300  #: of one list
_SHOWN = (MatchStatus.ABSENT, MatchStatus.DIFFERS, MatchStatus.PROBABLE, MatchStatus.NOT_OURS, MatchStatus.VOID,
          MatchStatus.RED_FLUSHED)  # fmt: skip


def reconciliation_pdf(rows: Iterable[dict[str, Any]], summary: Summary) -> bytes:
    """The report's bytes. `rows` are those of `reconcile`."""
    about = f"{summary.company or '全部单位'} · {summary.scope.period or '全部期间'} · 账龄截至 {summary.as_of}"
    flow: list[Any] = [printing.paragraph("发票核对报告", size=16, bold=True), printing.paragraph(about, size=10)]
    proven = "两侧及各次导入的合计均与明细相符，差额 0.00。" if summary.ties_out else "合计与明细不符，请先查明差额。"
    colour = printing.GOOD if summary.ties_out else printing.BAD
    flow += [printing.paragraph(proven, size=10, colour=colour), printing.gap()]
    flow += _side("一、记录（台账）", summary.records)
    flow += _imports(summary)
    flow += _side("二、单据", summary.documents)
    flow += _ageing(summary)
    flow += _differences(summary)
    flow += _lists(rows)
    flow += _owed(summary)
    return printing.pdf("发票核对报告", flow, footer=f"发票核对报告 · {about}", wide=True)


def _money(fen: int) -> str:
    return f"{from_fen(fen):,}"


def _cells(name: str, sums: Sums) -> list[str]:
    return [name, str(sums.count), _money(sums.net), _money(sums.tax), _money(sums.gross)]


def _side(title: str, tally: Tally) -> list[Any]:
    rows = [_cells(class_name(name).zh, sums) for name, sums in tally.classes.items()]
    rows += [_cells("以上合计", tally.sum_of_classes), _cells("全部", tally.whole), _cells("差额", tally.difference)]
    last = len(rows) - 1
    return [
        printing.heading(title),
        printing.table(
            ("结论", "张数", "金额", "税额", "价税合计"), rows, (70, 25, 45, 45, 45), numbers=(1, 2, 3, 4),
            red_rows=[last] if tally.difference else [], strong_rows=[last - 2, last - 1],
        ),
        printing.gap(),
    ]  # fmt: skip


def _imports(summary: Summary) -> list[Any]:
    if not summary.imports:
        return []
    rows = [_cells(share.file_name or "补录", share.sums) for share in summary.imports[-40:]]
    difference = summary.imports_whole - summary.records.whole
    rows.append(_cells("各次导入合计与全部记录之差", difference))
    return [
        printing.table(
            ("按导入文件", "张数", "金额", "税额", "价税合计"), rows, (70, 25, 45, 45, 45), numbers=(1, 2, 3, 4),
            red_rows=[len(rows) - 1] if difference else [],
        ),
        printing.gap(),
    ]  # fmt: skip


def _ageing(summary: Summary) -> list[Any]:
    rows = [
        [AGES[each.age].zh, str(each.absent), _money(each.absent_gross), str(each.no_document),
         _money(each.no_document_gross)]
        for each in summary.ageing
    ]  # fmt: skip
    head = ("账龄", "未入账张数", "未入账价税合计", "无单据张数", "无单据价税合计")
    return [
        printing.heading("三、账龄"), printing.table(head, rows, (40, 35, 50, 35, 50), numbers=(1, 2, 3, 4)),
        printing.gap(),
    ]  # fmt: skip


def _differences(summary: Summary) -> list[Any]:
    if not summary.differences:
        return []
    rows = [
        [LABELS.get(each.field, each.field), str(each.count), f"{each.amount:,}" if each.amount is not None else "—"]
        for each in summary.differences
    ]
    head = ("不一致的字段", "次数", "差额绝对值合计")
    return [
        printing.heading("四、有差异的字段"), printing.table(head, rows, (70, 30, 50), numbers=(1, 2)),
        printing.gap(),
    ]  # fmt: skip


def _lists(rows: Iterable[dict[str, Any]]) -> list[Any]:
    lists: dict[MatchStatus, list[list[str]]] = {status: [] for status in _SHOWN}
    counts = dict.fromkeys(_SHOWN, 0)
    for row in rows:
        status = MatchStatus(row["status"])
        if status not in lists:
            continue
        counts[status] += 1
        if len(lists[status]) < MOST_ROWS:
            lists[status].append(_listed(row))
    flow: list[Any] = []
    head = ("发票号码", "开票日期", "销售方", "价税合计", "原因或差异", "建议", "补录申请号")
    for status in _SHOWN:
        if lists[status]:
            flow.append(printing.heading(f"{STATUSES[status].zh}（{counts[status]} 张）"))
            flow.append(printing.table(head, lists[status], (38, 20, 50, 24, 50, 52, 33), numbers=(3,), size=7.5))
            if counts[status] > MOST_ROWS:
                flow.append(printing.paragraph(f"此处列出前 {MOST_ROWS} 张，其余见核对表。"))
            flow.append(printing.gap())
    return flow


def _listed(row: dict[str, Any]) -> list[str]:
    cause = (row.get("causes") or [{}])[0]
    why = CAUSES[CauseCode(cause["code"])].zh if cause else ""
    if cause.get("probability") is not None:
        why = f"{why} {cause['probability']:.0%}"
    gross = row.get("total_incl_tax")
    number = " ".join(filter(None, (row.get("invoice_code"), row.get("invoice_number")))) or row["document"]
    return [
        number, row.get("issue_date") or "", row.get("seller_name") or "", gross or "",
        differences_of(row) or why or row.get("why") or "", cause.get("action") or "", row.get("draft") or "",
    ]  # fmt: skip


def _owed(summary: Summary) -> list[Any]:
    if not summary.owed:
        return []
    rows = [
        [each.seller_name or each.seller_tax_id or "—", each.buyer_name or "—", str(each.count), _money(each.gross),
         each.holder.name if each.holder else "—"]
        for each in summary.owed[:MOST_ROWS]
    ]  # fmt: skip
    head = ("销售方", "购买方", "张数", "价税合计", "最近交单人")
    count = sum(each.count for each in summary.owed)
    flow = [
        printing.heading(f"有记录无单据（{count} 张，按销售方）"),
        printing.table(head, rows, (90, 70, 20, 40, 40), numbers=(2, 3)),
    ]
    if len(summary.owed) > MOST_ROWS:
        flow.append(printing.paragraph(f"此处列出金额最大的 {MOST_ROWS} 家，其余见核对表。"))
    return flow
