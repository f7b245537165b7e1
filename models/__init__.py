"""Domain values every other room speaks in. Imports no other room."""
