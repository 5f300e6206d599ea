"""The base of every Celery task: one transaction in the application's role, acting as a named system job or a
person."""

from typing import Any

from celery.contrib.django.task import DjangoTask

from portal.context import portal_context, system_actor


class PortalTask(DjangoTask):
    """Tasks take ids, fetch again, call one action, and are safe to run twice."""

    abstract = True
    # The wrapper below takes the place of the function, so Celery must not check arguments against it.
    typing = False

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        """Runs the task inside the context of its own job."""
        with portal_context(system_actor(self.name or "jobb")):
            return super().__call__(*args, **kwargs)
