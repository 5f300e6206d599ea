"""The Celery app: ``celery -A portal``.

A task is lost by no kill: it is acknowledged when done, taken back when its worker dies, and therefore written so that
it may run twice. Three queues: ``default``; ``documents`` for PDF, which takes seconds; ``delivery`` for notices, which
must never wait behind either. Who starts a task names its queue (``apply_async(…, queue="documents")``). An app adds to
the clock in its ``tasks.py``::

    @app.on_after_finalize.connect
    def clock(sender: Celery, **kwargs: Any) -> None:
        sender.add_periodic_task(60, sweep.s(), name="cases.sweep", expires=30)
"""

import os

from celery import Celery
from kombu import Exchange, Queue

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")

QUEUES = ("default", "documents", "delivery")
# A task killed with its whole worker runs again when this many seconds have passed; so no task may run that long.
VISIBILITY_SECONDS = 300
TASK_SECONDS = 240

app = Celery("portal", task_cls="portal.task_base:PortalTask")
app.conf.update(
    task_default_queue="default",
    # Each its own exchange and key: without them every queue is bound to the default key and gets every task.
    task_queues=[Queue(name, Exchange(name), routing_key=name) for name in QUEUES],
    # A queue nobody works on would swallow tasks: a misspelt name must fail where it is written.
    task_create_missing_queues=False,
    task_acks_late=True,
    task_reject_on_worker_lost=True,
    task_ignore_result=True,
    task_time_limit=TASK_SECONDS,
    task_soft_time_limit=TASK_SECONDS - 30,
    # A request that has committed must not hang because the queue is away; unsent work is found again by the clock.
    task_publish_retry_policy={"max_retries": 2, "interval_start": 0.1, "interval_step": 0.2, "interval_max": 0.5},
    worker_prefetch_multiplier=1,
    worker_hijack_root_logger=False,
    worker_cancel_long_running_tasks_on_connection_loss=True,
    broker_connection_retry_on_startup=True,
    broker_connection_max_retries=None,
    broker_transport_options={
        "visibility_timeout": VISIBILITY_SECONDS,
        "unacked_restore_interval": 2,
        "unacked_restore_throttle": 1,
        "socket_timeout": 10,
        "socket_connect_timeout": 5,
    },
    timezone="Europe/Oslo",
    enable_utc=True,
)
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
