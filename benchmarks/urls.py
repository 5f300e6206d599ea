"""The portal's addresses and one more: a page with everything around it and nothing in it."""

from django.http import HttpRequest, HttpResponse
from django.template import engines
from django.urls import URLPattern, URLResolver, path

from portal import audit
from portal.urls import urlpatterns as portal_urls

EMPTY = """{% extends "base.html" %}
{% block title %}Tom side{% endblock title %}
{% block main %}<h1 class="ds-heading">Tom side</h1>{% endblock main %}"""


def empty(request: HttpRequest) -> HttpResponse:
    """The yardstick: logged in, context and access event included, the base template, and no data of a case."""
    audit.record_read(request.actor, "bench.empty")  # type: ignore[attr-defined]
    return HttpResponse(engines["django"].from_string(EMPTY).render({}, request))


urlpatterns: list[URLPattern | URLResolver] = [path("tom/", empty), *portal_urls]
