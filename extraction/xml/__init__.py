"""Invoice data in XML: hardened parsing, and one table of names per dialect."""
