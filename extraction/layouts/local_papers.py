"""Local papers of few fields: 火车票, 定额, 机打, 客运, 轮船, 过路费. Code and number on top, one amount."""

from __future__ import annotations

import re
from dataclasses import replace

from extraction import normalise
from extraction.checks import words
from extraction.layouts import labels, values
from extraction.layouts.findings import GUESSED, LABELLED, PLACED, Findings, plain
from extraction.layouts.labelled import NUMBERED, Labelled, party, read_code_and_number, read_labelled
from extraction.layouts.rail import read_rail
from extraction.layouts.roll_items import read_items
from extraction.layouts.rows import Row
from extraction.layouts.totals import words_text
from extraction.reading import FROM_WORDS
from models.kinds import InvoiceKind as K
from models.money import format_money

KINDS = frozenset({K.TRAIN_PAPER, K.QUOTA, K.MACHINE, K.BUS, K.SHIP, K.TOLL_PAPER})

_MONEY = re.compile(r"[¥Y]?\|?-?\d[\d,]*\.\d{1,2}元?(?!\d)")
_TEXT = re.compile(r"[^|:;]{2,40}")
_PLACE = re.compile(r"[\u4e00-\u9fff]{2,12}")
_TRAVEL = labels.label("乘车日期", "乘船日期", "开航日期")


def _yuan(text: str) -> str | None:
    return normalise.money_text(text.replace("元", ""))


_FACE_VALUE = re.compile(r"(?:[壹贰叁肆伍陆柒捌玖][拾佰仟]?|拾)[壹贰叁肆伍陆柒捌玖]?拾?[元圆]整?|[壹贰伍]角整?")
_CLOCK = re.compile(r"(?<![\d:])\d{1,2}:\d{2}(?![\d:])")
_SELLER, _BUYER = labels.label("收款单位", "收款方名称", "销售方名称"), labels.label("付款单位", "付款方名称")
#: a toll is a whole number of yuan, and many booths print it so
_WHOLE_YUAN = Labelled(
    "total_incl_tax",
    labels.label("收费金额", "实收金额", "通行费", "实收", "金额"),
    re.compile(r"(?<![\d.:/-])¥?\|?\d{1,4}(?:\.\d{2})?元?(?![\d.:/年-])"),
    _yuan,
)
_ISSUED = Labelled("issue_date", labels.label("开票日期", "日期", "时间"), values.DATE, normalise.date_iso)
_FIELDS = (
    *NUMBERED,
    Labelled(
        "buyer_name",
        labels.label("购买方名称", "付款方名称", "付款单位(个人)", "付款单位或个人", "付款单位", "付款方"),
        _TEXT,
        party,
    ),
    Labelled("seller_name", labels.label("销售方名称", "收款方名称", "收款单位", "开票单位"), _TEXT, party),
    Labelled(
        "total_in_words", labels.label("大写合计", "合计(大写)", "大写", "(大写)", "金额合计"), values.WORDS, words_text
    ),
    Labelled("total_incl_tax", labels.IN_FIGURES, _MONEY, normalise.money_text),
    Labelled("total_incl_tax", labels.label("小写", "票价", "合计", "金额", "收费金额"), _MONEY, normalise.money_text),
    Labelled(
        "buyer_tax_id", labels.label("付款方识别号", "购买方识别号", "付款方税号"), values.TAX_ID, normalise.tax_id
    ),
    Labelled(
        "seller_tax_id", labels.label("收款方识别号", "销售方识别号", "收款方税号"), values.TAX_ID, normalise.tax_id
    ),
    Labelled(
        "departure_place", labels.label("起点站", "起运港", "始发站", "上车站", "乘车站", "出发港", "发站"), _PLACE
    ),
    Labelled("arrival_place", labels.label("到达站", "到达港", "终点站", "下车站", "到站"), _PLACE),
    Labelled(
        "departure_time", labels.label("发车时间", "开车时间", "开航时间", "乘车时间"), re.compile(r"\d{1,2}:\d{2}")
    ),
    Labelled("seat", labels.label("座位号", "座号"), re.compile(r"\d{1,3}号?(?!\d)")),
    Labelled("entrance", labels.label("入口站", "入口"), _TEXT),
    Labelled("exit", labels.label("出口站", "出口"), _TEXT),
    Labelled("drawer", labels.label("开票人"), re.compile(r"[\u4e00-\u9fff]{2,5}")),
    Labelled("payee", labels.label("收款人", "收款员"), re.compile(r"[\u4e00-\u9fff]{2,5}|\d{2,6}(?!\d)")),
)


def read_local_paper(findings: Findings, rows: list[Row], kind: K) -> None:
    if kind is K.TRAIN_PAPER:
        _train(findings, rows)
        return
    if kind is K.QUOTA:
        _quota(findings, rows)
        return
    if kind in (K.BUS, K.SHIP):  # the day printed is that of the journey
        read_labelled(findings, rows, (Labelled("travel_date", _TRAVEL, values.DATE, normalise.date_iso),))
    read_labelled(findings, rows, _FIELDS if kind in (K.BUS, K.SHIP) else (_ISSUED, *_FIELDS))
    read_code_and_number(findings, rows)
    if kind is K.MACHINE:
        _seller_of_machine(findings, rows)
        findings.lines = read_items(findings)
    if kind is K.TOLL_PAPER:
        read_labelled(findings, rows, (_WHOLE_YUAN,))
    _only_date(findings, rows, "travel_date" if kind in (K.BUS, K.SHIP) else "issue_date")
    _only_words(findings, rows)
    if not findings.has("total_incl_tax"):
        loose = values.shaped(rows, re.compile(r"[¥]\|?\d[\d,]*\.\d{1,2}"))
        if len({value.text for value in loose}) == 1:
            findings.add("total_incl_tax", loose[0].span, _yuan, label="¥", association=PLACED)


def _quota(findings: Findings, rows: list[Row]) -> None:
    """Code, number and a face value. It has no total of its own: one that is found is of a slip glued beside it."""
    read_labelled(findings, rows, NUMBERED)
    read_code_and_number(findings, rows)
    _face_value(findings, rows)


def _seller_of_machine(findings: Findings, rows: list[Row]) -> None:
    """The number under the seller's name, where its label does not say whose it is."""
    names = labels.find(rows, _SELLER)
    ids = values.beside(rows, labels.TAX_ID_OF_SLIP, values.TAX_ID)
    if names and len(ids) == 1 and not findings.has("seller_tax_id") and not findings.has("buyer_tax_id"):
        buyer = [hit for hit in labels.find(rows, _BUYER) if hit.span.centre_y < ids[0].span.centre_y]
        above = names[0].span.centre_y < ids[0].span.centre_y
        if above and not any(hit.span.centre_y > names[0].span.centre_y for hit in buyer):
            findings.add("seller_tax_id", ids[0].span, normalise.tax_id, label="税号", association=PLACED)


def _only_date(findings: Findings, rows: list[Row], name: str) -> None:
    """The one day that is printed, labelled or not; where it is that of a journey, the clock behind it is its start."""
    found = [(row, f) for row in rows for f in row.search(values.DATE)]
    if len({f.match.group() for _, f in found}) != 1:
        return
    row, day = found[0]
    if not findings.has(name):
        findings.add(name, day.span, normalise.date_iso, label="date shape", association=PLACED)
    rest = row.after(day.end)
    clocks = rest.search(_CLOCK) if rest else []
    if name == "travel_date" and len(clocks) == 1 and not findings.has("departure_time"):
        findings.add("departure_time", clocks[0].span, plain, label="behind the day", association=PLACED)


def _only_words(findings: Findings, rows: list[Row]) -> None:
    found = values.shaped(rows, values.WORDS)
    if len({v.text for v in found}) == 1 and not findings.has("total_in_words"):
        findings.add("total_in_words", found[0].span, words_text, label="words shape", association=PLACED)


def _face_value(findings: Findings, rows: list[Row]) -> None:
    """A quota invoice prints its value in words, seldom in figures as well."""
    loose = values.shaped(rows, re.compile(r"[¥]\d{1,4}(?:\.\d{2})?|\d{1,4}元"))
    if len({v.text for v in loose}) == 1:
        findings.add("total_incl_tax", loose[0].span, _yuan, label="face value", association=PLACED)
    found = [f for row in rows for f in row.search(_FACE_VALUE)]
    if found:
        association = LABELLED if len({f.match.group() for f in found}) == 1 else GUESSED
        findings.add("total_in_words", found[0].span, words_text, label="face value", association=association)
        _in_figures(findings)


def _in_figures(findings: Findings) -> None:
    """The face value as an amount, by the grammar of its words: marked, because no figure was printed."""
    spoken = findings.fields.get("total_in_words")
    amount = words.parse(spoken[0].value) if spoken else None
    if spoken and amount is not None and not findings.has("total_incl_tax"):
        derived = replace(spoken[0], value=format_money(amount), label="face value", repaired=FROM_WORDS)
        findings.fields["total_incl_tax"] = [derived]


def _train(findings: Findings, rows: list[Row]) -> None:
    """Blue or red ticket: no code; a serial number top left (letter and digits), date of travel, fare."""
    read_rail(findings, rows)
    serial = values.shaped(rows, re.compile(r"(?<![0-9A-Z])[A-Z]\d{6}(?![0-9A-Z])"))
    if len({v.text for v in serial}) == 1:
        findings.add("ticket_number", serial[0].span, plain, label="serial shape", association=PLACED)
    given_back = values.beside(rows, labels.label("退票费", colon=True), _MONEY)
    if given_back:  # beside it stands what the ticket had cost
        findings.fields.pop("total_incl_tax", None)
        findings.add("total_incl_tax", given_back[-1].span, _yuan, label="退票费", association=PLACED)
    fares = [] if given_back else values.shaped(rows, re.compile(r"[¥Y]\|?\d{1,4}(?:\.\d{1,2}元?|元)"))
    if len({v.text for v in fares}) == 1:
        findings.add("total_incl_tax", fares[0].span, _yuan, label="¥…元", association=PLACED)
    for name in ("invoice_number", "issue_date"):
        findings.fields.pop(name, None)
    travel = [(row, found) for row in rows for found in row.search(re.compile(r"20\d\d年\|?\d{1,2}月\|?\d{1,2}日"))]
    if travel and not findings.has("travel_date"):
        findings.add("travel_date", travel[0][1].span, normalise.date_iso, label="date shape", association=PLACED)
