"""The network's secretariat: numbers about what the portal does, never a person."""
