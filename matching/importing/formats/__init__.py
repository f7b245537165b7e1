"""The known export formats: every module of this folder that defines `FORMAT`."""

from __future__ import annotations

import importlib
import pkgutil

from matching.importing.formats.format import Authority, Format

FORMATS: tuple[Format, ...] = tuple(
    module.FORMAT
    for info in pkgutil.iter_modules(__path__)
    if hasattr(module := importlib.import_module(f"{__name__}.{info.name}"), "FORMAT")
)


def sheet_order(name: str) -> int:
    """Invoices before anything else, detail rows last, whatever the order in the file."""
    for form in FORMATS:
        if form.sheet_prefixes and name.startswith(form.sheet_prefixes):
            return 0 if form.grain == "invoice" else 2
    return 1


__all__ = ["FORMATS", "Authority", "Format", "sheet_order"]
