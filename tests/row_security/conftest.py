"""The world with something of everything in it."""

from tests.access.conftest import rich

__all__ = ["rich"]
