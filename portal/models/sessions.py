"""Logged-in sessions, with whose they are: so that they can be listed and ended, without a statement on every page."""

from typing import TYPE_CHECKING

from django.contrib.sessions.base_session import AbstractBaseSession
from django.db import models
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from portal.sessions import SessionStore


class Session(AbstractBaseSession):
    """One browser's session (portal.sessions). Not a foreign key: a session is written before anything is checked."""

    user_id = models.UUIDField(null=True, db_index=True, editable=False)

    class Meta:
        verbose_name = _("økt")
        verbose_name_plural = _("økter")

    @classmethod
    def get_session_store_class(cls) -> "type[SessionStore]":
        """Who reads and writes the rows."""
        from portal.sessions import SessionStore

        return SessionStore

    def __str__(self) -> str:
        return "økt"
