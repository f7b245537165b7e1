"""Pages for people: thin routes, templates, one catalogue of texts. Holds no rule about invoices."""
