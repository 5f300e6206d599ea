"""What is wrong with an edition, said so that the person who edits the file can mend it."""


class EditionError(ValueError):
    """Bad edition data: in which file, at which key, and why."""

    def __init__(self, file: str, key: str, reason: str) -> None:
        super().__init__(file, key, reason)
        self.file = file
        self.key = key
        self.reason = reason

    def __str__(self) -> str:
        return f"{self.file}: {self.key}: {self.reason}" if self.key else f"{self.file}: {self.reason}"


class EditionMissing(LookupError):
    """No stored edition answers to the community or the hash."""
