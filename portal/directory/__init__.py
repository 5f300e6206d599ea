"""The directory as readable files (*.toml), the loader that brings them into the database, and look-ups."""
