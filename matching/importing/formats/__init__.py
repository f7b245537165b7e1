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

__all__ = ["FORMATS", "Authority", "Format"]
