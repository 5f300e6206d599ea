"""The seals of the audit trail."""
