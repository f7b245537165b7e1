"""Reads invoice XML: a document of its own, an OFD attachment (original_invoice.xml, XBRL), or a PDF attachment.

Never guesses: an XML of no known dialect, or without an invoice number, gives no reading. Source: domain §4.1, §4.2.
"""

from __future__ import annotations

from collections.abc import Iterator

from extraction import field_values
from extraction.checks import arithmetic
from extraction.reading import Reading
from extraction.remark_facts import facts_in_remarks
from extraction.xml import parsing
from extraction.xml.dialects import AIR, DIALECTS, EINVOICE, PLAIN, RAIL, Dialect
from extraction.xml.kinds import kind_of, titled
from extraction.xml.parsing import Element, name_of, plain
from extraction.xml.toll import toll_fields, tolls, with_tolls
from models.evidence import Evidence, Source
from models.invoice import Line
from models.pages import Media, OpenedDocument

#: what an XML may simply not hold; number, date, seller and totals are never claimed to be absent
_OFTEN_LACKING = (
    "invoice_code", "check_code", "machine_number", "buyer_tax_id", "total_in_words",
    "remarks", "payee", "reviewer", "drawer",
)  # fmt: skip

Leaf = tuple[tuple[str, ...], str | None]


class XmlReader:
    """One reading per invoice in the document's XML."""

    source = Source.XML

    def read(self, document: OpenedDocument) -> list[Reading]:
        parts = [(document.data, True)] if document.media is Media.XML else []
        parts += [(attachment.data, False) for attachment in document.attachments]
        pages = tuple(page.number for page in document.pages) or (1,)
        found: dict[str | None, Reading] = {}
        for data, whole in parts:
            for reading in _read(data, pages, whole):
                found.setdefault(reading.first("invoice_number"), reading)
        return list(found.values())


def _read(data: bytes, pages: tuple[int, ...], whole: bool) -> Iterator[Reading]:
    """`whole`: the XML is the document, there is no face that could hold more."""
    root = parsing.parse(data)
    if root is None:
        return
    dialect = _dialect(root)
    for part in _invoices(root, dialect):
        reading = _reading(part, dialect, pages, whole)
        if reading.first("invoice_number"):
            yield reading


def _dialect(root: Element) -> Dialect:
    names: set[str] = set()
    namespaces: set[str] = set()
    for tag in {element.tag for element in root.iter() if isinstance(element.tag, str)}:
        names.add(plain(tag))
        namespaces.add(_namespace_end(tag))
    for dialect in DIALECTS:
        if dialect.markers & names or dialect.namespace in namespaces:
            return dialect
    return PLAIN


def _namespace_end(tag: str) -> str:
    """Last part of the element's namespace, or its prefix where the namespace was never declared."""
    if tag.startswith("{"):
        return tag[1:].partition("}")[0].rstrip("/").rsplit("/", 1)[-1]
    return tag.rpartition(":")[0]


def _invoices(root: Element, dialect: Dialect) -> list[Element]:
    """The largest elements that hold one invoice's number each, where several of one name stand beside each other with
    different numbers; else the root. One invoice may hold another's number: that of the one it corrects."""
    for name in dialect.fields["invoice_number"]:
        holders = [e for e in root.iter() if _called(e, name) and parsing.text_of(e)]
        if len({parsing.text_of(e) for e in holders}) > 1 and (parts := _beside_each_other(holders)):
            return parts
    return [root]


def _called(element: Element, name: str) -> bool:
    """`name` may bind an element to its parent: `parent/name`."""
    parent, _, own = name.rpartition("/")
    if name_of(element) != own:
        return False
    return not parent or (element.getparent() is not None and name_of(element.getparent()) == parent)


def _beside_each_other(holders: list[Element]) -> list[Element]:
    """Of each holder the largest element that holds no other, if these are of one name and in one place."""
    count: dict[Element, int] = {}
    for holder in holders:
        for above in holder.iterancestors():
            count[above] = count.get(above, 0) + 1
    parts = []
    for holder in holders:
        alone = [above for above in holder.iterancestors() if count[above] == 1]
        if not alone:
            return []
        parts.append(alone[-1])
    alike = {(name_of(part), part.getparent()) for part in parts}
    return parts if len(alike) == 1 else []


def _reading(root: Element, dialect: Dialect, pages: tuple[int, ...], whole: bool) -> Reading:
    rows = _rows(root, dialect)
    leaves = list(parsing.leaves(root, frozenset(rows)))
    held = list(_values(leaves, dialect))
    fields, notes = field_values.collect(held, source=Source.XML, confidence=dialect.confidence)
    passages = tolls(root) if dialect is EINVOICE else []
    fields |= toll_fields(passages, label=dialect.name, confidence=dialect.confidence)
    remarks = _first(fields, "remarks")
    for field, said in {**facts_in_remarks(remarks), **field_values.people_in_remarks(remarks)}.items():
        if not fields.get(field):
            fields[field] = (
                Evidence(source=Source.XML, value=said, raw=said, confidence=0.98, label=f"{dialect.name}: remarks"),
            )
    lacking = set(_OFTEN_LACKING) - {field for field, _, _ in held} if whole else set()
    for field in (*dialect.never, *lacking):
        fields.setdefault(field, ())
    if dialect is RAIL:
        notes += _doubtful_fare(fields)
    kind = kind_of(dialect, leaves, _first(fields, "invoice_code"), _first(fields, "invoice_number"))
    lines = with_tolls([line for row in rows if (line := _line(row, dialect)) is not None], passages)
    return Reading(
        source=Source.XML,
        pages=pages,
        kind=kind,
        title=titled(kind),
        fields=fields,
        lines=tuple(lines),
        lines_complete=bool(lines) or dialect in (RAIL, AIR),
        notes=tuple(notes),
    )


def _first(fields: field_values.Fields, name: str) -> str | None:
    return next((item.value for item in fields.get(name, ())), None)


def _values(leaves: list[Leaf], dialect: Dialect) -> Iterator[tuple[str, str | None, str]]:
    """(field, text, label). Of a field's names the first that has text counts; a blank one shows the field exists."""
    by_name: dict[str, list[str | None]] = {}
    for path, text in leaves:
        by_name.setdefault(path[-1], []).append(text)
        if len(path) > 1:
            by_name.setdefault(f"{path[-2]}/{path[-1]}", []).append(text)
    for field, names in dialect.fields.items():
        present = [(name, text) for name in names for text in by_name.get(name, ())]
        if present:
            name, text = next(((name, text) for name, text in present if text), present[0])
            yield field, text, f"{dialect.name}: {name}"
    if dialect is EINVOICE:
        yield from _joined(by_name)


#: two elements in 数电票 XML, one field on the face of older kinds
_JOINED = {
    "buyer_address_phone": ("buyeraddr", "buyertelnum"),
    "buyer_bank_account": ("buyerbankname", "buyerbankaccnum"),
    "seller_address_phone": ("selleraddr", "sellertelnum"),
    "seller_bank_account": ("sellerbankname", "sellerbankaccnum"),
}


def _joined(by_name: dict[str, list[str | None]]) -> Iterator[tuple[str, str | None, str]]:
    for field, names in _JOINED.items():
        parts = [by_name[name][0] for name in names if name in by_name]
        if parts:
            yield field, " ".join(part for part in parts if part) or None, f"{EINVOICE.name}: {' '.join(names)}"


def _rows(root: Element, dialect: Dialect) -> list[Element]:
    """Elements that are item rows: a name and an amount, or three cells of a row, among their children."""
    if not dialect.cells:
        return []
    cells = {name: target for target, names in dialect.cells.items() for name in names}
    found = []
    for element in root.iter():
        if len(element) == 0 or element is root:
            continue
        held = {cells.get(name_of(child)) for child in element}
        if "item_name" in held and held & {"amount_excl_tax", "tax_amount", "quantity"}:
            found.append(element)
    return found


def _line(row: Element, dialect: Dialect) -> Line | None:
    texts: dict[str, str] = {}
    for child in row:
        text = parsing.text_of(child) if isinstance(child.tag, str) else None
        if text:
            texts.setdefault(name_of(child), text)
    return field_values.line(
        {cell: next((texts[name] for name in names if name in texts), None) for cell, names in dialect.cells.items()}
    )


def _doubtful_fare(fields: field_values.Fields) -> list[str]:
    """Refund and change vouchers: the fare is the total only where net and tax add up to it."""
    check = arithmetic.total(
        _first(fields, "total_excl_tax"), _first(fields, "total_tax"), _first(fields, "total_incl_tax")
    )
    if check is None or check.passed:
        return []
    del fields["total_incl_tax"]
    return [f"rail: the fare is not net plus tax ({check.detail}); the total is left to the face"]
