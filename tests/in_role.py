"""Actions that a test calls run as in a request: in the application's role, with who acts known to the database.

Tests are the owner of the tables, whom no policy binds; else they would show that an action works for somebody who sees
everything. What a test reads and lays out itself it does as the owner still.
"""

import functools
import importlib
import inspect
import pkgutil
import sys
from collections.abc import Callable
from typing import Any

from django.db import connection

from portal.context import portal_context

PACKAGES = ("portal.actions", "cases.actions", "referrals.actions")


def install() -> int:
    """Wraps every public action of the packages. Returns how many; to be called before a test imports one."""
    count = 0
    for package in PACKAGES:
        for found in pkgutil.iter_modules(importlib.import_module(package).__path__, f"{package}."):
            module = importlib.import_module(found.name)
            for name, function in inspect.getmembers(module, inspect.isfunction):
                own = function.__module__ == found.name and not name.startswith("_")
                if own and "by" in inspect.signature(function).parameters and not inspect.isgeneratorfunction(function):
                    setattr(module, name, in_role(function))
                    count += 1
    return count


def in_role(action: Callable[..., Any]) -> Callable[..., Any]:
    """The action, run as the one who acts and judged at the instant it is given, when a test is who calls it."""

    @functools.wraps(action)
    def as_they_are(*args: Any, **given: Any) -> Any:
        caller = sys._getframe(1).f_globals["__name__"]
        by = given.get("by")
        if by is None or not caller.startswith("tests."):
            return action(*args, **given)
        # As in a request: what an action kept before it refused (portal.kept) stays.
        refused: Exception | None = None
        with portal_context(by):
            judged_at(given.get("now"))
            try:
                return action(*args, **given)
            except Exception as problem:
                refused = problem
            finally:
                if not connection.needs_rollback:
                    judged_at(None)
        raise refused

    return as_they_are


def judged_at(now: Any) -> None:
    """Lets the policies judge at an instant, for what a test lets happen at another time than today."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('portal.now', %s, true)", [now.isoformat() if now else ""])
