"""One module per page. Each asks `queries` or a room's own function, and renders."""
