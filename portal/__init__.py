"""Project and platform: settings, people and organisations, access context, audit, states, PDF and htmx."""

from portal.celery import app as celery_app

__all__ = ["celery_app"]
