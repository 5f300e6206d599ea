"""Guardians, consent, measures, words and documents."""
