"""The application form as a PDF of A4 pages, with a font embedded so that it prints alike everywhere."""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence
from functools import cache
from xml.sax.saxutils import escape

from reportlab.lib import colors
from reportlab.lib.enums import TA_CENTER, TA_RIGHT
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFError, TTFont
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import Flowable, Paragraph, SimpleDocTemplate, Spacer, Table, TableStyle

from api.fonts import embeddable_font
from api.supplement.form import LINE_CELLS, ApplicationForm
from models.errors import RequestError

_FONT = "ChapiaoForm"
_WIDTH = A4[0] - 32 * mm
_GREY, _RULE = colors.HexColor("#f2f3f1"), colors.HexColor("#555555")
_NUMBERS = (3, 4, 5, 6, 7)  #: columns of the item table that are set to the right


@cache
def _style(size: float = 9, alignment: int = 0, leading: float = 1.35) -> ParagraphStyle:
    return ParagraphStyle(
        f"{size}-{alignment}", fontName=_FONT, fontSize=size, leading=size * leading, wordWrap="CJK",
        alignment=alignment,
    )  # fmt: skip


def write_pdf(form: ApplicationForm) -> bytes:
    """Raises `form_font_missing` where no font can be embedded."""
    _register()
    out = io.BytesIO()
    title = f"{form.words.t('draft.form_title')} {form.number}"
    document = SimpleDocTemplate(
        out, pagesize=A4, leftMargin=16 * mm, rightMargin=16 * mm, topMargin=14 * mm, bottomMargin=16 * mm,
        title=title, author="查票 Chapiao",
    )  # fmt: skip
    document.build(list(_story(form)), onFirstPage=_foot(form), onLaterPages=_foot(form))
    return out.getvalue()


@cache
def _register() -> None:
    font = embeddable_font()
    if font is None:
        raise RequestError("form_font_missing")
    try:
        pdfmetrics.registerFont(TTFont(_FONT, str(font)))
    except TTFError as error:
        raise RequestError("form_font_missing") from error


def _p(text: str, size: float = 9, alignment: int = 0) -> Paragraph:
    return Paragraph(escape(text.replace("¥", "￥")).replace("\n", "<br/>"), _style(size, alignment))


def _story(form: ApplicationForm) -> Iterable[Flowable]:
    t = form.words.t
    yield _p(t("draft.form_title"), 17, TA_CENTER)
    yield Spacer(1, 4 * mm)
    head = [_p(form.words.pair(t("drafts.number"), form.number)),
            _p(form.words.pair(t("documents.status"), form.state), 9, TA_CENTER),
            _p(form.words.pair(t("draft.created"), form.created), 9, TA_RIGHT)]  # fmt: skip
    yield Table([head], colWidths=[_WIDTH / 3] * 3, style=[("LEFTPADDING", (0, 0), (-1, -1), 0)])
    yield from _section(t("draft.form_contents"))
    rows = [
        [_p(e.label), _p(e.value or t("draft.to_fill")), _p(e.source if not e.missing else "", 7.5)]
        for e in form.entries
    ]
    yield _table(rows, [36 * mm, _WIDTH - 92 * mm, 56 * mm])
    if form.lines:
        yield from _section(t("document.lines"))
        yield _lines(form)
        yield from (_p(each, 7.5) for each in form.support)
    if form.causes:
        yield from _section(t("print.why"))
        yield from _causes(form)
    yield from _section(t("draft.form_evidence"))
    yield _table(_evidence(form), [36 * mm, _WIDTH - 36 * mm])
    yield from _section(t("document.history"))
    yield _table(
        [[_p(h.when, 8), _p(h.who, 8), _p("\n".join((h.what, *h.details)), 8)] for h in form.history],
        [30 * mm, 26 * mm, _WIDTH - 56 * mm],
        shaded=False,
    )
    yield from _section(t("draft.form_signatures"))
    yield _signatures(form)


def _section(title: str) -> Iterable[Flowable]:
    yield Spacer(1, 3 * mm)
    yield _p(title, 10.5)
    yield Spacer(1, 1 * mm)


def _table(rows: Sequence[Sequence[Flowable]], widths: Sequence[float], *, shaded: bool = True) -> Flowable:
    style = [("GRID", (0, 0), (-1, -1), 0.4, _RULE), ("VALIGN", (0, 0), (-1, -1), "MIDDLE"),
             ("TOPPADDING", (0, 0), (-1, -1), 2), ("BOTTOMPADDING", (0, 0), (-1, -1), 3)]  # fmt: skip
    if shaded:
        style.append(("BACKGROUND", (0, 0), (0, -1), _GREY))
    # a comment or a remark may be longer than a page
    return Table(rows, colWidths=widths, style=TableStyle(style), splitInRow=1) if rows else Spacer(1, 0)


def _lines(form: ApplicationForm) -> Flowable:
    head = [_p(form.words.named("line", cell), 7.5, TA_CENTER) for cell in LINE_CELLS]
    body = [
        [_p(cell, 7.5, TA_RIGHT if place in _NUMBERS else 0) for place, cell in enumerate(line)] for line in form.lines
    ]
    shares = (0.26, 0.13, 0.07, 0.09, 0.13, 0.13, 0.08, 0.11)
    table = Table([head, *body], colWidths=[_WIDTH * share for share in shares], repeatRows=1, splitInRow=1)
    table.setStyle(TableStyle([("GRID", (0, 0), (-1, -1), 0.4, _RULE), ("BACKGROUND", (0, 0), (-1, 0), _GREY)]))
    return table


def _causes(form: ApplicationForm) -> Iterable[Flowable]:
    for cause in form.causes[:3]:
        evidence = form.words.t("list.semicolon").join(cause["evidence"])
        yield _p(f"{form.words.named('cause', cause['code'])} {cause['probability']:.0%}　{evidence}", 8.5)


def _evidence(form: ApplicationForm) -> list[list[Flowable]]:
    rows: list[list[Flowable]] = [
        [_p(form.words.t("draft.form_document")), _p(f"{d.name}\nSHA-256 {d.sha256}", 7.5)] for d in form.documents
    ]
    rows += [[_p(form.words.t("draft.attachment")), _p(f"{a.name}\nSHA-256 {a.sha256}", 7.5)] for a in form.attachments]
    return rows


def _signatures(form: ApplicationForm) -> Flowable:
    t = form.words.t
    names = (("print.submitter", form.submitter), ("print.approver", form.approver), ("draft.form_head", ("", "")),
             ("draft.form_seal", ("", "")))  # fmt: skip
    sign = t("draft.form_sign_here")
    cells = [
        _p(f"{t(key)}\n{who[0]}\n{who[1]}\n\n{'' if key == 'draft.form_seal' else sign}", 8.5) for key, who in names
    ]
    return Table(
        [cells], colWidths=[_WIDTH / 4] * 4, rowHeights=[27 * mm],
        style=[("GRID", (0, 0), (-1, -1), 0.4, _RULE), ("VALIGN", (0, 0), (-1, -1), "TOP")],
    )  # fmt: skip


def _foot(form: ApplicationForm) -> object:
    def draw(canvas: Canvas, document: SimpleDocTemplate) -> None:
        canvas.setFont(_FONT, 7.5)
        canvas.setFillColor(_RULE)
        canvas.drawString(16 * mm, 9 * mm, f"{form.number}　{form.words.t('draft.form_foot')}")
        canvas.drawRightString(A4[0] - 16 * mm, 9 * mm, str(document.page))

    return draw
