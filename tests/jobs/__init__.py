"""Background work with a real queue and real workers, that are killed."""
