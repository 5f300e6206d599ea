"""Probes for supervisors and load balancers, answered before anything else: no session, no host check, no data.

``/helse/live/`` says that the process answers. ``/helse/klar/`` says that it can do its work: the database answers in
the application's role, every migration has been run, Redis answers, and the role rules nothing: a portal that connects
as a superuser would look well until the day a view forgets its filter. What is wrong is named by one word.
"""

from collections.abc import Callable

from django.conf import settings
from django.core.cache import cache
from django.db import connection
from django.db.migrations.loader import MigrationLoader
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.cache import add_never_cache_headers

from portal import policies
from portal.checks import too_mighty
from portal.context import portal_context

LIVE, READY = "/helse/live/", "/helse/klar/"


def answer_probes(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """The middleware; must stand first."""

    def middleware(request: HttpRequest) -> HttpResponse:
        if request.path == LIVE:
            return _answer({"prosess": "ok"})
        if request.path == READY:
            return _answer({name: _outcome(probe) for name, probe in PROBES.items()})
        return get_response(request)

    return middleware


def _answer(states: dict[str, str]) -> HttpResponse:
    well = all(state == "ok" for state in states.values())
    response = JsonResponse({"status": "ok" if well else "feil", **states}, status=200 if well else 503)
    add_never_cache_headers(response)
    return response


def _outcome(probe: Callable[[], bool]) -> str:
    # Whatever goes wrong, the probe says so and no more: an error's text may name hosts and users.
    try:
        return "ok" if probe() else "feil"
    except Exception:  # the type does not matter to who asks
        return "feil"


def database_answers() -> bool:
    """The database answers in the application's role."""
    with portal_context(None), connection.cursor() as cursor:
        cursor.execute("SELECT 1")
        return cursor.fetchone() == (1,)


def migrations_are_run() -> bool:
    """Every migration of the code is in the database; asked of the database every time, files are read once."""
    with portal_context(None), connection.cursor() as cursor:
        cursor.execute("SELECT app, name FROM django_migrations")
        done = set(cursor.fetchall())
    return _migrations() <= done


def redis_answers() -> bool:
    """The cache, and with it the broker, answers."""
    cache.set("helse", "ok", timeout=10)
    return bool(cache.get("helse") == "ok")


def role_rules_nothing() -> bool:
    """The connection's role is neither superuser nor owner; tests and migrations, which own, say so themselves."""
    if settings.AS_OWNER:
        return True
    with portal_context(None), connection.cursor() as cursor:
        return not too_mighty(cursor)


def rows_are_guarded() -> bool:
    """The policies of the code stand in the database: ``grant_roles`` has been run since the last change."""
    with portal_context(None), connection.cursor() as cursor:
        return policies.stand(cursor)


def _migrations() -> set[tuple[str, str]]:
    if not _KNOWN:
        loader = MigrationLoader(None, ignore_no_migrations=True)
        _KNOWN.update(key for key in loader.disk_migrations if key not in loader.replacements)
    return _KNOWN


_KNOWN: set[tuple[str, str]] = set()
PROBES = {
    "database": database_answers,
    "migreringer": migrations_are_run,
    "redis": redis_answers,
    "rolle": role_rules_nothing,
    "regler": rows_are_guarded,
}
