"""People and programs that may enter: passwords, sessions, tokens, roles. Never decides anything about invoices."""
