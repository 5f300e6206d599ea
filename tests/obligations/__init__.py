"""Obligations of the guideline, key by key."""
