"""A search is posted and kept in the session: what was typed stands in no address, history or log of the web server.

The page of results is an ordinary address («?sok=1&side=2»), so that one can leaf through it and come back. A national
number is not kept even there: who searches by it gets the answer to the post itself.
"""

from urllib.parse import urlencode

from django.http import HttpRequest

from portal.kept import is_number

FLAG = "sok"
LONGEST = 120


def typed(request: HttpRequest) -> str:
    """What was posted in the field «q», tidied; an address is never asked."""
    return " ".join(request.POST.get("q", "").replace("\x00", "").split())[:LONGEST]


def remember(request: HttpRequest, page: str, query: str, **chosen: str) -> str:
    """Keeps a search for a page; the address of its results («?…»), with the choices that are no secret."""
    kept = query if not is_number(query) else ""
    request.session[_key(page)] = kept
    asked = {name: value for name, value in chosen.items() if value} | ({FLAG: "1"} if kept else {})
    return f"?{urlencode(asked)}" if asked else ""


def remembered(request: HttpRequest, page: str) -> str:
    """The search whose results are shown; empty where the address is the page's own."""
    return str(request.session.get(_key(page), "")) if request.GET.get(FLAG) == "1" else ""


def _key(page: str) -> str:
    return f"search_{page}"
