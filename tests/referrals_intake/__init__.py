"""Intake, from receipt to outcome."""
