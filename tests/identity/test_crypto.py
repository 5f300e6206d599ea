"""Encryption at rest and keyed look-up: rotation, binding to a record, and errors that give nothing away."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.identity import crypto

OLD, NEW = crypto.generate_key("2025"), crypto.generate_key("2026")
OLD_RING = crypto.parse_keys(OLD, setting="PORTAL_FNR_KEYS")
RING = crypto.parse_keys(f"{NEW},{OLD}", setting="PORTAL_FNR_KEYS")
NEW_RING = crypto.parse_keys(NEW, setting="PORTAL_FNR_KEYS")
NUMBER = "15831550039"


@given(st.text(max_size=200), st.text(max_size=50))
def test_what_is_encrypted_comes_back(value: str, context: str) -> None:
    assert crypto.decrypt(crypto.encrypt(value, context=context, keys=RING), context=context, keys=RING) == value


def test_the_same_value_never_looks_the_same_twice() -> None:
    tokens = {crypto.encrypt(NUMBER, keys=RING) for _ in range(50)}
    assert len(tokens) == 50
    assert not any(NUMBER.encode() in token for token in tokens)


def test_a_memoryview_from_the_database_is_read() -> None:
    assert crypto.decrypt(memoryview(crypto.encrypt(NUMBER, keys=RING)), keys=RING) == NUMBER


def test_rotation_the_first_key_writes_all_read_and_the_old_can_go() -> None:
    stored = crypto.encrypt(NUMBER, context="child:1", keys=OLD_RING)
    assert crypto.decrypt(stored, context="child:1", keys=RING) == NUMBER
    assert crypto.needs_rotation(stored, keys=RING)
    renewed = crypto.encrypt(crypto.decrypt(stored, context="child:1", keys=RING), context="child:1", keys=RING)
    assert not crypto.needs_rotation(renewed, keys=RING)
    assert crypto.decrypt(renewed, context="child:1", keys=NEW_RING) == NUMBER
    with pytest.raises(crypto.DecryptionError):
        crypto.decrypt(stored, context="child:1", keys=NEW_RING)


def test_a_value_moved_to_another_record_does_not_open() -> None:
    stored = crypto.encrypt(NUMBER, context="child:1:fnr", keys=RING)
    with pytest.raises(crypto.DecryptionError):
        crypto.decrypt(stored, context="child:2:fnr", keys=RING)


@given(st.integers(0, 10_000), st.integers(1, 255))
def test_any_changed_byte_is_noticed_and_nothing_is_told(position: int, change: int) -> None:
    stored = bytearray(crypto.encrypt(NUMBER, context="c", keys=RING))
    stored[position % len(stored)] ^= change
    with pytest.raises(crypto.DecryptionError) as caught:
        crypto.decrypt(bytes(stored), context="c", keys=RING)
    assert NUMBER not in str(caught.value)
    assert caught.value.__cause__ is None
    assert caught.value.__suppress_context__ or caught.value.__context__ is None


@given(st.binary(max_size=80))
def test_bytes_from_elsewhere_are_refused(raw: bytes) -> None:
    with pytest.raises(crypto.DecryptionError):
        crypto.decrypt(raw, keys=RING)


def test_an_id_under_another_key_does_not_open() -> None:
    impostor = crypto.parse_keys(crypto.generate_key("2026"), setting="PORTAL_FNR_KEYS")
    with pytest.raises(crypto.DecryptionError):
        crypto.decrypt(crypto.encrypt(NUMBER, keys=NEW_RING), keys=impostor)


def test_hashes_find_under_every_active_key_and_the_current_is_stored() -> None:
    old_hash = crypto.lookup_hash(NUMBER, keys=OLD_RING)
    hashes = crypto.lookup_hashes(NUMBER, keys=RING)
    assert old_hash in hashes
    assert crypto.lookup_hash(NUMBER, keys=RING) == hashes[0]
    assert hashes[0].startswith("2026:")
    assert crypto.hash_is_current(hashes[0], keys=RING)
    assert not crypto.hash_is_current(old_hash, keys=RING)


def test_hashes_differ_by_value_purpose_and_key_and_are_of_one_length() -> None:
    values = [crypto.lookup_hash(v, purpose=p, keys=RING) for v in (NUMBER, "15831550120") for p in ("fnr", "hpr")]
    assert len({*values, crypto.lookup_hash(NUMBER, keys=OLD_RING)}) == 5
    assert {len(value) for value in values} == {len("2026:") + 64}


def test_the_settings_are_read_when_needed(settings: Any) -> None:
    settings.PORTAL_FNR_KEYS = NEW
    settings.PORTAL_FNR_HASH_KEYS = OLD
    assert crypto.decrypt(crypto.encrypt(NUMBER)) == NUMBER
    assert crypto.lookup_hash(NUMBER).startswith("2025:")
    settings.PORTAL_FNR_KEYS = ""
    with pytest.raises(crypto.KeyConfigurationError, match="PORTAL_FNR_KEYS mangler"):
        crypto.encrypt(NUMBER)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "mangler"),
        (" , ", "mangler"),
        ("bare-base64", "id:base64"),
        ("for lang id med mellomrom:AAAA", "id:base64"),
        (f"{OLD},{OLD}", "to ganger"),
        (f"{OLD},annen:{OLD.partition(':')[2]}", "lik en annen"),
        ("k1:AAAA", "32 byte"),
        ("k1:ikke base64!", "32 byte"),
        ("k1:æøå", "32 byte"),
    ],
    # The keys are made anew in each process; named cases are the same in all.
    ids=["empty", "commas", "no id", "spaces", "id twice", "key twice", "short", "not base64", "not ascii"],
)
def test_wrong_keys_say_what_to_mend_and_show_no_key(text: str, says: str) -> None:
    with pytest.raises(crypto.KeyConfigurationError, match=says) as caught:
        crypto.parse_keys(text, setting="PORTAL_FNR_KEYS")
    assert "PORTAL_FNR_KEYS" in str(caught.value)
    assert OLD.partition(":")[2] not in str(caught.value)


def test_the_check_of_both_settings() -> None:
    assert crypto.check_configuration(NEW, OLD) == []
    assert "felles" in crypto.check_configuration(NEW, NEW)[0]
    assert len(crypto.check_configuration("", "k:AAAA")) == 2


def test_a_key_ring_hides_its_keys() -> None:
    assert OLD.partition(":")[2] not in repr(RING)
    assert repr(RING.current[1]) not in repr(RING)
    assert RING.ids == ("2026", "2025")


def test_a_key_id_must_fit_the_setting() -> None:
    with pytest.raises(ValueError, match="key id"):
        crypto.generate_key("med:kolon")
