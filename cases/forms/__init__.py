"""Forms of the case, one file a room."""
