"""What stands between the network and a route: database session, visitor, origin check, headers, size limits."""
