"""REST under /api/v1 for other systems. The same queries and services as the pages, JSON in place of HTML."""
