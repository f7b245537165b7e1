"""销售货物或者提供应税劳务清单: the lines of an invoice whose face says （详见销货清单）.

小计 is this page's, 合计 may be a running total; neither is the invoice's, so no totals are read here.
"""

from __future__ import annotations

import re

from extraction import normalise
from extraction.layouts import labels, values
from extraction.layouts.columns import find_columns, find_headers
from extraction.layouts.findings import Findings, plain
from extraction.layouts.labelled import Labelled, read_labelled
from extraction.layouts.lines import Table, read_table
from extraction.layouts.rows import Row, Sheet
from extraction.layouts.totals import find_total_rows, subtotal_text
from extraction.reading import Reading
from models.evidence import EXACT, Source

_TITLE = re.compile(r"销售货物或者提供应税劳务|应税劳务、?服务?清单|销货清单|货物清单")
_FIELDS = (
    Labelled(
        "invoice_code",
        labels.label("所属增值税电子普通发票代码", "发票代码", "票代码", "代码"),
        values.CODE,
        normalise.digits,
    ),
    Labelled("invoice_number", labels.label("号码"), values.EIGHT, normalise.digits),
    Labelled(
        "buyer_name", labels.label("购货单位名称", "购买方名称", "购货方名称"), re.compile(r"[^|:;]{2,60}"), plain
    ),
    Labelled(
        "seller_name", labels.label("销货单位名称", "销售方名称", "销货方名称"), re.compile(r"[^|:;]{2,60}"), plain
    ),
)


def is_sales_list(rows: list[Row]) -> bool:
    """A title that names a 清单; a face only mentions one in a line."""
    return any(_TITLE.search(row.key) and "清单" in row.key and "详见" not in row.key for row in rows[:8])


def read_sales_list(sheet: Sheet, rows: list[Row], source: Source) -> Reading:
    findings = Findings(sheet, source)
    headers = find_headers(rows)
    table = Table()
    subtotal = None
    if headers:
        header = headers[0]
        read_labelled(findings, [row for row in rows if row.centre_y < header.y0], _FIELDS)
        marks = find_total_rows(rows, header)
        bottom = marks.first_y or sheet.page.height
        columns = find_columns(sheet, header, bottom)
        table = read_table(sheet, columns, header.y1, bottom, exact=source in EXACT)
        subtotal = subtotal_text(rows, columns, marks)
    return Reading(
        source=source,
        pages=(sheet.page.number,),
        kind=None,
        title="清单",
        fields=findings.frozen(),
        lines=table.lines,
        blank_cells=table.blank_cells,
        page_subtotal=subtotal,
        notes=tuple(findings.notes),
    )
