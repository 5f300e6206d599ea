"""Addresses, one file a room."""
