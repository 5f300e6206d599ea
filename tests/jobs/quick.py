"""The portal's Celery app, impatient: work of a dead worker comes back after seconds instead of minutes.

Only for workers (``celery -A tests.jobs.quick``): it changes the app of the process it is imported in, so no test
imports it.
"""

import os
from typing import Any

from celery.signals import task_prerun

from portal.celery import app

VISIBLE_AGAIN = 5
# Where the processes that begin a task note their ids, one a line: tests/jobs/test_rendering.py reads it.
BEGUN = "PORTAL_TEST_BEGUN"
app.conf.broker_transport_options = {**app.conf.broker_transport_options, "visibility_timeout": VISIBLE_AGAIN}


@task_prerun.connect
def note(task: Any, args: tuple[Any, ...], **kwargs: Any) -> None:
    """Says who has begun on what, before the task does anything."""
    if BEGUN in os.environ:
        with open(os.environ[BEGUN], "a", encoding="utf-8") as file:
            file.write(f"{os.getpid()} {task.name} {' '.join(map(str, args))}\n")
