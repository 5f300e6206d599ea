"""The bases of Celery tasks: one transaction in the application's role, acting as a named system job or a person; or,
for rounds through many cases, none."""

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


class RoundTask(DjangoTask):
    """A task without a transaction of its own: it goes through many things, and opens a ``portal_context`` for each, so
    that what is done stays done, and one that fails stands in nobody's way."""

    abstract = True
