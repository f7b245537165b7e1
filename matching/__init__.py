"""Joins captured invoices with the stored records: import, match, diagnosis, reconciliation, supplement drafts.

Never reads images, never opens files of documents. Everything here works on what `models` describes.
"""
