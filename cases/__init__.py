"""Child, case, BTI levels, participants, consent, measures, documents, inbox and deadlines."""
