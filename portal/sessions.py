"""Where sessions are kept: Django's own way, and whose each one is (SESSION_ENGINE)."""

import uuid
from typing import Any

from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore as DatabaseStore

from portal.models import Session


class SessionStore(DatabaseStore):
    """Sessions in the table ``portal_session``. A new key at login, and at a new password, takes the owner along."""

    @classmethod
    def get_model_class(cls) -> type[Session]:
        """Our own table."""
        return Session

    def create_model_instance(self, data: dict[str, Any]) -> Session:
        """The row, with whose it is."""
        row = super().create_model_instance(data)
        assert isinstance(row, Session)
        owner = data.get(SESSION_KEY)
        row.user_id = uuid.UUID(owner) if owner else None
        return row
