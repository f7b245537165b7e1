"""Authenticity evidence that a document carries, and the inputs of its 查验. Offline; never a 查验 itself."""

from extraction.authenticity.examining import examine
from extraction.authenticity.inquiry import inquiry_inputs

__all__ = ["examine", "inquiry_inputs"]
