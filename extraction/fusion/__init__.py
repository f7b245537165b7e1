"""Fusion, not first-wins: all evidence for a field is weighed together, and the checks have a vote."""

from extraction.fusion.fusing import fuse

__all__ = ["fuse"]
