"""The header's counts: what waits for the actor, and notifications not yet read. One statement."""

from django.db import connection

from cases.inbox import tasks_for
from cases.models import Notification
from portal.context import Actor


def counts(actor: Actor) -> dict[str, int]:
    """``tasks`` open for the actor and ``unread`` notifications, both stopping at 100 so that the cost is bounded."""
    if actor.user is None or actor.membership is None:
        return {}
    waiting = tasks_for(actor).select_related(None).order_by().values("pk")[:100]
    unread = Notification.objects.filter(user=actor.user, read_on__isnull=True).order_by().values("pk")[:100]
    waiting_sql, waiting_params = waiting.query.sql_with_params()
    unread_sql, unread_params = unread.query.sql_with_params()
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT (SELECT count(*) FROM ({waiting_sql}) w), (SELECT count(*) FROM ({unread_sql}) u)",  # noqa: S608
            [*waiting_params, *unread_params],
        )
        tasks, new = cursor.fetchone()
    return {"tasks": tasks, "unread": new}
