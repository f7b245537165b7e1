"""What pages and REST show, asked of the database. Reads only; every query knows what the asking user may see."""
