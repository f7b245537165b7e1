"""The VAT table family: old e-invoices, 数电票, blockchain, toll, paper 专票/普票.

One structure: a head; party boxes; an item table with a header row, 合计 and 价税合计; more boxes; a foot. The header
row and the two total rows are found by their labels; everything else is placed from them, in fractions of the ruled
frame (domain §1.3) where a label is missing.
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass

from extraction.checks import codes
from extraction.layouts import labels
from extraction.layouts.blanks import blank_total
from extraction.layouts.columns import Columns, Header, find_columns, find_headers
from extraction.layouts.corner_mark import read_corner_mark
from extraction.layouts.findings import PLACED, Findings
from extraction.layouts.foot import read_clerks_in_remarks, read_foot
from extraction.layouts.head import DIGITAL, read_head
from extraction.layouts.lines import list_attached, read_table
from extraction.layouts.parties import read_party
from extraction.layouts.remarks import read_phrases, read_remarks
from extraction.layouts.rows import Row, Sheet, sheet_of
from extraction.layouts.short_names import FIRST_DAY, with_asterisks
from extraction.layouts.skeleton import placed_header
from extraction.layouts.special import read_columns, read_lower_table, read_special_business
from extraction.layouts.titles import Title, find_title
from extraction.layouts.totals import TotalRows, find_total_rows, read_totals, subtotal_text
from extraction.layouts.values import TWENTY, shaped
from extraction.normalise import digits
from extraction.reading import BlankCell, Reading
from models.evidence import EXACT, Source
from models.kinds import InvoiceKind
from models.pages import Box, Page

_FRAME_RATIO = 0.475  #: height of the ruled frame in its widths (201 × 95 mm)
_HEAD_REACH = 0.66  #: from the header row up to the top of the title, in frame heights
_DIGITAL_PAPER = {
    InvoiceKind.SPECIAL_PAPER: InvoiceKind.DIGITAL_PAPER_SPECIAL,
    InvoiceKind.ORDINARY_PAPER: InvoiceKind.DIGITAL_PAPER_ORDINARY,
}
#: what a title says that lost its 电子发票: the boxes beside each other say 数电票
_SIDE_BY_SIDE = {
    InvoiceKind.SPECIAL_PAPER: InvoiceKind.DIGITAL_SPECIAL,
    InvoiceKind.SPECIAL_E: InvoiceKind.DIGITAL_SPECIAL,
    InvoiceKind.ORDINARY_PAPER: InvoiceKind.DIGITAL_ORDINARY,
    InvoiceKind.ORDINARY_E: InvoiceKind.DIGITAL_ORDINARY,
}
_STRIP = 0.037  #: width of a vertical strip
_MIDDLE_OLD = 0.575  #: where the cipher and remarks strip begins
_PARTY_OLD = 0.245  #: height of the party block above the header, in frame heights


@dataclass(frozen=True, slots=True)
class Form:
    """What was found of the form on a sheet."""

    sheet: Sheet
    rows: list[Row]
    header: Header
    columns: Columns
    marks: TotalRows
    title: Title | None

    @property
    def width(self) -> float:
        return self.columns.x1 - self.columns.x0

    @property
    def height(self) -> float:
        """Height of the frame, from header to 价税合计 where both were read (they are 0.485 apart)."""
        return self.width * _FRAME_RATIO

    def x(self, fraction: float) -> float:
        return self.columns.x0 + fraction * self.width

    @property
    def gross_y(self) -> float:
        """Middle of the 价税合计 row."""
        if self.marks.gross:
            return self.marks.gross.span.centre_y
        if self.marks.subtotal and not self.marks.total:
            return self.marks.subtotal.span.centre_y + 0.13 * self.height
        if self.marks.total:
            return self.marks.total.span.centre_y + 0.075 * self.height
        return self.header.y0 + 0.485 * self.height


def find_forms(page: Page, *, slope: float = 0.0, exact: bool = False) -> list[Form]:
    """One form per header row on the page, whose lines lean by `slope`; two invoices on one sheet of A4 give two.
    `exact`: the page is a text layer."""
    rough = sheet_of(page, slope=slope)
    rows = rough.rows()
    headers = find_headers(rows) or find_headers(rows, least_amounts=1) or _placed(rough, rows)
    bounds = _bounds(rough, headers)
    out = []
    for header, (top, bottom) in zip(headers, bounds, strict=True):
        left = header.slope if abs(header.slope) > 0.001 else 0.0
        sheet = sheet_of(page, slope=slope + left, y0=top, y1=bottom)
        form = _form(sheet, headers if sheet is rough else None, exact)
        if form:
            out.append(form)
    return out


def _placed(sheet: Sheet, rows: list[Row]) -> list[Header]:
    header = placed_header(sheet, rows)
    return [header] if header else []


def _bounds(sheet: Sheet, headers: list[Header]) -> list[tuple[float, float]]:
    """Heights that part invoices standing below each other: the widest empty band between two item tables."""
    if not headers:
        return []
    cuts = [float("-inf")]
    rows = sheet.rows()
    for above, below in itertools.pairwise(headers):
        gross = next((h for h in labels.find(rows, labels.GROSS) if above.y1 < h.span.centre_y < below.y0), None)
        start = gross.span.y1 if gross else above.y1
        between = sorted((r.y0, r.y1) for r in rows if start < r.centre_y < below.y0)
        reach, best = start, (0.0, (start + below.y0) / 2)
        for y0, y1 in between:
            best = max(best, (y0 - reach, (y0 + reach) / 2))
            reach = max(reach, y1)
        cuts.append(best[1])
    cuts.append(float("inf"))
    return list(itertools.pairwise(cuts))


def _form(sheet: Sheet, headers: list[Header] | None, exact: bool) -> Form | None:
    """`headers`: of this very sheet, where they are known."""
    rows = sheet.rows()
    if headers is None:
        headers = find_headers(rows) or find_headers(rows, least_amounts=1) or _placed(sheet, rows)
    if not headers:
        return None
    header = headers[0]
    marks = find_total_rows(rows, header)
    table = marks.first_y or (marks.gross.span.y0 if marks.gross else None)
    bottom = table or header.y1 + 0.4 * (header.row.x1 - header.row.x0) * _FRAME_RATIO
    columns = find_columns(sheet, header, bottom, exact=exact)
    # another invoice may look out from under this one: its head stands higher than a head can
    rows = [row for row in rows if row.centre_y > header.y0 - _HEAD_REACH * (columns.x1 - columns.x0) * _FRAME_RATIO]
    return Form(sheet, rows, header, columns, marks, find_title([r for r in rows if r.centre_y < header.y0]))


def read_form(form: Form, source: Source) -> Reading:
    """Read one invoice of the family."""
    findings = Findings(form.sheet, source)
    kind = form.title.kind if form.title else None
    digital = kind in DIGITAL or _side_by_side(form)
    if digital and kind not in DIGITAL:
        kind = _SIDE_BY_SIDE.get(kind) if kind else None
    party_top = _party_top(form, digital)
    head = [row for row in form.rows if row.centre_y < party_top + 0.3 * form.header.height]
    read_head(findings, head, form.rows, kind, digital=digital, header_y=form.header.y0)
    kind = _settled_kind(findings, kind, form)
    if digital and kind is None:
        kind = _half_read_kind(form.sheet, party_top)
    if kind in _DIGITAL_PAPER:
        kind = _digital_paper(findings, form, party_top) or kind
    (_read_digital_boxes if digital else _read_old_boxes)(findings, form, party_top)
    items_bottom = form.marks.first_y or form.gross_y - 0.1 * form.height
    table = read_table(
        form.sheet,
        form.columns,
        form.header.y0 - 0.3 * form.header.height,
        items_bottom,
        exact=source in EXACT,
        header=form.header,
    )
    classified = digital or (findings.value("issue_date") or "") >= FIRST_DAY
    lines = with_asterisks(table.lines) if classified and source not in EXACT else table.lines
    gross_bottom = form.gross_y + 0.045 * form.height
    read_totals(
        findings,
        form.rows,
        form.columns,
        form.marks,
        top=items_bottom - form.header.height,
        bottom=gross_bottom,
    )
    below = [row for row in form.rows if row.centre_y > form.gross_y + form.header.height]
    if digital:
        below = [row for row in below if row.centre_y >= _foot_y(form, digital)]
    read_foot(findings, below)
    _read_remarks(findings, form, digital, gross_bottom)
    read_phrases(findings)
    if digital:
        read_special_business(findings, head)
        read_columns(findings, lines)
        read_lower_table(findings, [row for row in form.rows if items_bottom < row.centre_y < gross_bottom])
    else:
        read_corner_mark(findings, head, left=form.x(-0.02), right=form.x(_MIDDLE_OLD))
    return Reading(
        source=source,
        pages=(form.sheet.page.number,),
        kind=kind,
        title=form.title.text if form.title else None,
        fields=findings.frozen(),
        lines=lines,
        lines_complete=bool(lines) and not list_attached(lines),
        blank_cells=table.blank_cells + _blank_total(findings, form),
        page_subtotal=subtotal_text(form.rows, form.columns, form.marks),
        notes=tuple(findings.notes),
    )


def _blank_total(findings: Findings, form: Form) -> tuple[BlankCell, ...]:
    if findings.source in EXACT or findings.has("total_tax") or form.marks.total is None:
        return ()
    label, own = form.marks.total.span, form.marks.total.row  # of a slanted page, the figures may be a row of their own
    level = [row for row in form.rows if abs(row.centre_y - label.centre_y) < 1.2 * max(row.height, label.height)]
    level.sort(key=lambda row: row is not own)
    return next((cells for row in level if (cells := blank_total(form.sheet, form.columns, row))), ())


def _digital_paper(findings: Findings, form: Form, top: float) -> InvoiceKind | None:
    """数电纸质发票 print a digital number where older paper prints its cipher."""
    bottom = form.header.y0
    area = Box(_strip_x(form, "密码区", top, bottom), top, form.x(1.02), bottom)
    found = [v for v in shaped(form.sheet.rows(area), TWENTY) if codes.plausible_digital_number(v.text)]
    if len(found) != 1 or form.title is None:
        return None
    findings.add("digital_invoice_number", found[0].span, digits, label="密码区", association=PLACED, raw=found[0].text)
    return _DIGITAL_PAPER.get(form.title.kind)


def _side_by_side(form: Form) -> bool:
    """Two party boxes beside each other above the items: a 数电票, whatever of its title was read."""
    names = [h for h in labels.find(form.rows, labels.TAX_ID) if h.span.centre_y < form.header.y0]
    return len(names) == 2 and abs(names[0].span.centre_y - names[1].span.centre_y) < names[0].span.height


def _half_read_kind(sheet: Sheet, bottom: float) -> InvoiceKind | None:
    """A 数电票 whose title lies under the seal: one character tells special from ordinary."""
    text = "".join(token.text for token in sheet.page.tokens if token.box.centre_y < bottom)
    special, ordinary = "专" in text, "普" in text
    if special == ordinary:
        return None
    return InvoiceKind.DIGITAL_SPECIAL if special else InvoiceKind.DIGITAL_ORDINARY


def _settled_kind(findings: Findings, kind: InvoiceKind | None, form: Form) -> InvoiceKind | None:
    code = findings.value("invoice_code")
    number = findings.value("invoice_number")
    if number and len(number) == 20:
        return kind
    if kind is InvoiceKind.BLOCKCHAIN_SZ or code is None:
        return kind
    return codes.kind_from_code(code) or kind


def _party_top(form: Form, digital: bool) -> float:
    """Top of the party block: a little above its first 名称, else measured up from the header."""
    reach = (0.30 if digital else _PARTY_OLD + 0.06) * form.height
    hits = [
        hit
        for hit in labels.find(form.rows, labels.NAME)
        if form.header.y0 - reach < hit.span.centre_y < form.header.y0 - form.header.height
        and hit.span.x0 < form.x(0.75)
    ]
    if hits:
        return min(hit.span.y0 for hit in hits) - 0.6 * form.header.height
    return form.header.y0 - (0.25 if digital else _PARTY_OLD) * form.height


def _read_old_boxes(findings: Findings, form: Form, party_top: float) -> None:
    left, strip = form.x(-0.02), (_STRIP + 0.045) * form.width
    top, bottom = party_top, form.header.y0 - 0.2 * form.header.height
    buyer = Box(left, top, _strip_x(form, "密码区", top, bottom), bottom)
    read_party(findings, form.sheet, "buyer", buyer, strip)
    top, bottom = form.gross_y + 0.035 * form.height, _foot_y(form, digital=False)
    seller = Box(left, top, _strip_x(form, "备注", top, bottom), bottom)
    read_party(findings, form.sheet, "seller", seller, strip)


def _strip_x(form: Form, text: str, top: float, bottom: float) -> float:
    """Left side of the strip with these letters, by the letters themselves, else by the form's proportions."""
    found = sorted(
        glyph.x0
        for token in (*form.sheet.tokens, *form.sheet.upright)
        for glyph in token
        if glyph.key in text
        and glyph.token_length <= len(text)
        and form.x(0.5) < glyph.x0 < form.x(0.66)
        and top - form.header.height < glyph.centre_y < bottom + form.header.height
    )
    return found[len(found) // 2] - 0.002 * form.width if found else form.x(_MIDDLE_OLD)


def _read_digital_boxes(findings: Findings, form: Form, party_top: float) -> None:
    left, middle, right = form.x(-0.02), _digital_middle(form), form.x(1.02)
    bottom = form.header.y0 - 0.2 * form.header.height
    strip = 0.045 * form.width
    read_party(findings, form.sheet, "buyer", Box(left, party_top, middle, bottom), strip)
    read_party(findings, form.sheet, "seller", Box(middle, party_top, right, bottom), strip)


def _digital_middle(form: Form) -> float:
    """Left side of the seller's strip: just before 销/售, or 名称 of the right box, else the middle of the frame."""
    for row in form.rows:
        if row.centre_y > form.header.y0:
            break
        for glyph in row.glyphs:
            if glyph.key in "销售" and form.x(0.42) < glyph.x0 < form.x(0.58) and glyph.token_length == 1:
                return glyph.x0 - 0.3 * glyph.height
    hits = [h for h in labels.find(form.rows, labels.TAX_ID) if h.span.centre_y < form.header.y0]
    if len(hits) >= 2:
        return max(hit.span.x0 for hit in hits) - 0.05 * form.width
    return form.x(0.49)


def _foot_y(form: Form, digital: bool) -> float:
    """Top of the foot row."""
    below = [row for row in form.rows if row.centre_y > form.gross_y + 0.05 * form.height]
    clerks = (labels.DRAWER,) if digital else (labels.PAYEE, labels.REVIEWER, labels.DRAWER)
    hits = [hit for pattern in clerks for hit in labels.find(below, pattern) if not _in_remarks(hit)]
    if digital:
        hits = hits[-1:]
    if hits:
        return min(max(h.span.y0 for h in hits), min(h.span.y0 for h in hits) + form.header.height)
    return form.gross_y + 0.27 * form.height


def _in_remarks(hit: labels.Hit) -> bool:
    """`收款人:…; 复核人:…;` inside the remarks is no foot."""
    rest = hit.rest
    return rest is not None and ";" in rest.key


def _read_remarks(findings: Findings, form: Form, digital: bool, top: float) -> None:
    known = tuple(findings.value(name) for name in ("seller_tax_id", "seller_name", "drawer", "reviewer", "payee"))
    bottom = _foot_y(form, digital) - 0.1 * form.header.height
    if digital:
        box = Box(form.x(-0.01), top - 0.02 * form.height, form.x(1.02), bottom)
        span = read_remarks(findings, form.sheet, box, form.x(0.045), known, plain=True)
        if span:
            read_clerks_in_remarks(findings, span)
        return
    left = _strip_x(form, "备注", top, bottom)
    box = Box(left, top - 0.01 * form.height, form.x(1.01), bottom)
    read_remarks(findings, form.sheet, box, left + 0.05 * form.width, known, plain=False)
