"""Pages of an OFD document: template beneath, page above, annotations on top, each a flat list of objects."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from capture.hardened_xml import Element, child, child_text, descendants, local_name
from capture.ofd.geometry import Matrix, numbers, placement
from capture.ofd.package import Package
from capture.ofd.paths import Line, lines_of, segments_of
from capture.ofd.text import tokens_of
from models.pages import Box, Page, Token

DEFAULT_AREA = Box(0, 0, 210, 297)
MOST_DEPTH = 16


@dataclass(slots=True)
class Leaf:
    """A page with what is needed to read and to draw it."""

    id: str
    area: Box
    text_objects: dict[str, Element] = field(default_factory=dict)  #: by ID, page before template
    tokens: list[Token] = field(default_factory=list)
    lines: list[Line] = field(default_factory=list)
    images: list[tuple[str, Box]] = field(default_factory=list)  #: ResourceID and where it stands

    def page(self, number: int) -> Page:
        visible = [t for t in self.tokens if _on_page(t.box, self.area)]
        return Page(number, self.area.width, self.area.height, tuple(visible), tuple(segments_of(self.lines)))


def read_leaves(package: Package, document: str) -> list[Leaf]:
    """Every page of the document part `document`, in order."""
    root = package.xml(document)
    if root is None:
        return []
    common = _area(root)
    templates = {
        e.get("ID", ""): package.find(e.get("BaseLoc", ""), document) for e in descendants(root, "TemplatePage")
    }
    annotations = _annotations(package, document, root)
    leaves: list[Leaf] = []
    for element in descendants(root, "Page"):
        if location := element.get("BaseLoc"):
            content = package.xml(package.find(location, document))
            leaves.append(_leaf(package, element.get("ID", ""), content, templates, common))
            for annotation in annotations.get(element.get("ID", ""), []):
                _add_annotation(leaves[-1], annotation)
    return leaves


def _leaf(
    package: Package, ident: str, content: Element | None, templates: dict[str, str | None], common: Box | None
) -> Leaf:
    below = (
        []
        if content is None
        else [package.xml(templates.get(e.get("TemplateID", ""))) for e in descendants(content, "Template")]
    )
    layers = [root for root in below if root is not None]
    own = _area(content) if content is not None else None
    area = own or common or next((a for a in map(_area, layers) if a), None) or DEFAULT_AREA
    leaf = Leaf(ident, area)
    outer = Matrix(e=-area.x0, f=-area.y0)
    for root in (*layers, *([content] if content is not None else [])):
        for layer in descendants(root, "Content"):
            _add(leaf, layer, outer)
    return leaf


def _add(leaf: Leaf, holder: Element, outer: Matrix) -> None:
    for element, matrix in _objects(holder, outer, 0):
        match local_name(element):
            case "TextObject":
                leaf.text_objects[element.get("ID", "")] = element
                if element.get("Visible", "true").lower() != "false":
                    leaf.tokens += tokens_of(element, matrix)
            case "PathObject":
                leaf.lines += lines_of(element, matrix)
            case "ImageObject":
                leaf.images.append((element.get("ResourceID", ""), _boundary(element, matrix)))


def _objects(holder: Element, outer: Matrix, depth: int) -> Iterator[tuple[Element, Matrix]]:
    for element in holder:
        if not isinstance(element.tag, str) or depth > MOST_DEPTH:
            continue
        if local_name(element) in ("Layer", "PageBlock", "Block"):
            yield from _objects(element, outer, depth + 1)
        else:
            yield element, outer


def _add_annotation(leaf: Leaf, annotation: Element) -> None:
    appearance = child(annotation, "Appearance")
    if appearance is not None and annotation.get("Visible", "true").lower() != "false":
        _add(leaf, appearance, placement(appearance, Matrix(e=-leaf.area.x0, f=-leaf.area.y0)))


def _annotations(package: Package, document: str, root: Element) -> dict[str, list[Element]]:
    found: dict[str, list[Element]] = {}
    part = package.find(child_text(root, "Annotations") or "Annots/Annotations.xml", document)
    index = package.xml(part)
    for page in descendants(index, "Page") if index is not None else []:
        location = child_text(page, "FileLoc")
        content = package.xml(package.find(location, part or "")) if location else None
        if content is not None:
            found.setdefault(page.get("PageID", ""), []).extend(descendants(content, "Annot"))
    return found


def _area(root: Element) -> Box | None:
    """PhysicalBox, or the next best box where it is missing."""
    for holder in (*descendants(root, "Area"), *descendants(root, "PageArea")):
        for name in ("PhysicalBox", "ApplicationBox", "CropBox", "ContentBox"):
            values = numbers(child_text(holder, name))
            if len(values) >= 4 and values[2] > 0 and values[3] > 0:
                return Box(values[0], values[1], values[0] + values[2], values[1] + values[3])
    return None


def _boundary(element: Element, outer: Matrix) -> Box:
    values = numbers(element.get("Boundary"))
    x, y, width, height = values[:4] if len(values) >= 4 else (0.0, 0.0, 0.0, 0.0)
    left, top = outer.apply(x, y)
    return Box(left, top, left + width, top + height)


def _on_page(box: Box, area: Box) -> bool:
    return -1 <= box.centre_x <= area.width + 1 and -1 <= box.centre_y <= area.height + 1
