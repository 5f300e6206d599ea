"""Pages about the portal, open to everyone."""

import pytest
from django.test import Client

from tests.world import World


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("url", "heading"),
    [("/om/", "Om portalen"), ("/personvern/", "Personvern"), ("/tilgjengelighet/", "Tilgjengelighet")],
)
def test_they_can_be_read_without_logging_in(client: Client, url: str, heading: str) -> None:
    response = client.get(url)
    assert response.status_code == 200
    assert f">{heading}</h1>" in response.content.decode()
    assert client.post(url).status_code == 405


def test_the_footer_leads_to_them(world: World) -> None:
    page = world.client(world.teacher).get("/om/").content.decode()
    for url in ("/om/", "/personvern/", "/tilgjengelighet/"):
        assert f'href="{url}"' in page
