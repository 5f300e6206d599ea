"""Identifiers: time-ordered UUIDs (RFC 9562, version 7), so that indexes grow at one end and URLs cannot be guessed."""

import os
import time
import uuid

from django.db import models


def uuid7() -> uuid.UUID:
    """A new version 7 UUID: 48 bits of Unix milliseconds, the rest random."""
    value = int.from_bytes((time.time_ns() // 1_000_000).to_bytes(6, "big") + os.urandom(10), "big")
    value = (value & ~(0xF << 76)) | (0x7 << 76)
    value = (value & ~(0x3 << 62)) | (0x2 << 62)
    return uuid.UUID(int=value)


def id_field() -> "models.UUIDField[uuid.UUID, uuid.UUID]":
    """The primary key of everything that can appear in a URL."""
    return models.UUIDField(primary_key=True, default=uuid7, editable=False)
