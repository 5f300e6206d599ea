"""The conversation with the provider: what differs between providers, and what changes while the portal runs."""

import time

import jwt
import pytest

from portal.eid.client import KEYS_SECONDS, Client, client_for, new_journey
from portal.eid.keys import ProofKey, client_assertion
from portal.eid.tokens import TokenRefused
from tests.login.provider import NUMBER, Running, query_of, signing_key
from tests.world import World


def test_a_provider_that_takes_no_pushed_request(world: World, known: Running) -> None:
    """Given a provider without such an address; then what is asked for stands in the address, and works as well."""
    client = client_for(known.provider("idporten"))
    client.metadata()
    client._metadata = {name: value for name, value in client.metadata().items() if "pushed" not in name}
    journey = new_journey(client.provider)
    address = client.address(journey, "http://testserver/konto/eid/idporten/svar/")
    asked = query_of(address)
    assert (asked["code_challenge_method"], asked["state"], asked["nonce"]) == ("S256", journey.state, journey.nonce)
    assert "code_verifier" not in asked
    known.answers(claims={"pid": NUMBER, "name": "P"}, acr="idporten-loa-high")
    back = query_of(known.through(address))
    claims = client.claims(journey, code=back["code"], issuer=back["iss"], redirect_uri=asked["redirect_uri"])
    assert claims["pid"] == NUMBER


def test_another_verifier_is_refused(known: Running) -> None:
    """PKCE: whoever has the code but not the secret it was asked for with, gets nothing."""
    client = client_for(known.provider("idporten"))
    journey = new_journey(client.provider)
    known.answers(claims={"pid": NUMBER, "name": "P"}, acr="idporten-loa-high")
    redirect = "http://testserver/konto/eid/idporten/svar/"
    back = query_of(known.through(client.address(journey, redirect)))
    with pytest.raises(TokenRefused, match="invalid_grant"):
        client.claims(new_journey(client.provider), code=back["code"], issuer=back["iss"], redirect_uri=redirect)


def test_another_key_is_refused(known: Running) -> None:
    """private_key_jwt: whoever has our name but not our key is not us."""
    stranger = Client(Running(known.issuer, signing_key()).provider("helseid"))
    with pytest.raises(TokenRefused, match="invalid_client"):
        stranger.address(new_journey(stranger.provider), "http://testserver/konto/eid/helseid/svar/")


def test_a_provider_that_calls_itself_another_is_not_believed(known: Running) -> None:
    """The issuer is compared letter by letter with the one that was set up."""
    mistaken = Client(Running(f"{known.issuer}/", known.key).provider("helseid"))
    with pytest.raises(TokenRefused, match="issuer"):
        mistaken.metadata()


def test_new_keys_are_fetched_but_not_at_every_stranger_s_wish(known: Running) -> None:
    """Given a key we have not seen; when a token names it; then the keys are asked for anew, at most now and then."""
    client = Client(known.provider("helseid"))
    client.metadata()
    assert client.key_for("own").key_id == "own"
    client._keys = {}
    client._keys_at = time.monotonic() - KEYS_SECONDS - 1
    assert client.key_for("own").key_id == "own"
    fetched = client._keys_at
    with pytest.raises(TokenRefused, match="signature"):
        client.key_for("ukjent")
    assert client._keys_at == fetched


def test_what_is_signed(known: Running) -> None:
    """An assertion names us, is for this provider alone, and lives a minute; a proof names method and address."""
    assertion = client_assertion(key=known.key, client_id="oss", audience=known.issuer)
    claims = jwt.decode(assertion, options={"verify_signature": False})
    assert (claims["iss"], claims["sub"], claims["aud"]) == ("oss", "oss", known.issuer)
    assert claims["exp"] - claims["iat"] == 60
    proof = ProofKey().proof(method="POST", url="https://en.invalid/token", nonce="n")
    header = jwt.get_unverified_header(proof)
    assert (header["typ"], "d" in header["jwk"]) == ("dpop+jwt", False)
    body = jwt.decode(proof, options={"verify_signature": False})
    assert (body["htm"], body["htu"], body["nonce"]) == ("POST", "https://en.invalid/token", "n")
