"""Reconciles documents and records both ways for a period and a company, with totals that tie out."""

from matching.reconciliation.scope import Scope
from matching.reconciliation.summary import Summary, summarise

__all__ = ["Scope", "Summary", "summarise"]
