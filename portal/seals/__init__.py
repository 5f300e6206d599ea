"""Sealing the audit trail into a hash chain for each health community, and checking it (docs/adr/0014)."""
