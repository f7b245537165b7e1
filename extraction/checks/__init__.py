"""Checks against the rules of the invoice system. A failed check is a warning with evidence, never a repair."""
