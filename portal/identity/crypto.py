"""Short secrets at rest: encrypted (AES-256-GCM) and found again by a keyed hash (HMAC-SHA-256).

Two settings, two sets of keys, never the same key in both: ``PORTAL_FNR_KEYS`` encrypts, ``PORTAL_FNR_HASH_KEYS``
hashes. Each is ``id:base64,id:base64`` with 32-byte keys. The first key writes, all keys read: to rotate, put a new
key first, run ``rotate_number_keys``, which re-encrypts and re-hashes, then take the old key away.

A ciphertext is ``version (1 byte) · length of key id (1) · key id · nonce (12) · ciphertext and tag``. Version, key
id and the caller's ``context`` (which record and field) are authenticated: a value moved to another row does not
decrypt. A hash is ``id:hex``. Nothing raised here holds a key, a plaintext or a ciphertext.
"""

import base64
import binascii
import hmac
import os
import re
from dataclasses import dataclass, field
from functools import lru_cache

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

VERSION = 1
KEY_BYTES = 32
NONCE_BYTES = 12
TAG_BYTES = 16
CIPHER_SETTING = "PORTAL_FNR_KEYS"
HASH_SETTING = "PORTAL_FNR_HASH_KEYS"
KEY_ID = re.compile(r"[A-Za-z0-9_-]{1,16}", re.ASCII)


class KeyConfigurationError(ImproperlyConfigured):
    """The keys in a setting cannot be used; the message names the setting and the key id, never a key."""


class DecryptionError(Exception):
    """A stored value cannot be read: unknown key, damaged, or belonging to another record."""


@dataclass(frozen=True)
class KeyRing:
    """Keys by id, the first being the one that writes."""

    setting: str
    keys: tuple[tuple[str, bytes], ...] = field(repr=False)

    @property
    def ids(self) -> tuple[str, ...]:
        """The key ids, current first."""
        return tuple(key_id for key_id, _ in self.keys)

    @property
    def current(self) -> tuple[str, bytes]:
        """The id and key that new values are written with."""
        return self.keys[0]

    def key(self, key_id: str) -> bytes:
        """The key of this id. Raises `DecryptionError` when it is not among the active ones."""
        for known, key in self.keys:
            if known == key_id:
                return key
        raise DecryptionError("stored under a key that is not active")


@lru_cache(maxsize=16)
def parse_keys(text: str, *, setting: str) -> KeyRing:
    """The key ring written in a setting. Raises `KeyConfigurationError` saying what to mend."""
    keys: dict[str, bytes] = {}
    for part in filter(None, (piece.strip() for piece in text.split(","))):
        key_id, colon, encoded = part.partition(":")
        if not colon or not KEY_ID.fullmatch(key_id):
            raise KeyConfigurationError(
                f"{setting}: hver nøkkel skrives id:base64, der id er 1–16 bokstaver, siffer, _ eller -."
            )
        if key_id in keys:
            raise KeyConfigurationError(f"{setting}: nøkkel-id «{key_id}» står to ganger.")
        key = _decoded(encoded)
        if len(key) != KEY_BYTES:
            raise KeyConfigurationError(f"{setting}: nøkkel «{key_id}» må være {KEY_BYTES} byte skrevet som base64.")
        if key in keys.values():
            raise KeyConfigurationError(f"{setting}: nøkkel «{key_id}» er lik en annen nøkkel i samme innstilling.")
        keys[key_id] = key
    if not keys:
        raise KeyConfigurationError(f"{setting} mangler. Skriv minst én nøkkel som id:base64 ({KEY_BYTES} byte).")
    return KeyRing(setting=setting, keys=tuple(keys.items()))


def check_configuration(cipher_keys: str, hash_keys: str) -> list[str]:
    """What is wrong with the two settings, as sentences for a system check; empty when all is well."""
    problems: list[str] = []
    rings: list[KeyRing] = []
    for text, setting in ((cipher_keys, CIPHER_SETTING), (hash_keys, HASH_SETTING)):
        try:
            rings.append(parse_keys(text, setting=setting))
        except KeyConfigurationError as error:
            problems.append(str(error))
    if len(rings) == 2 and {key for _, key in rings[0].keys} & {key for _, key in rings[1].keys}:
        problems.append(f"{CIPHER_SETTING} og {HASH_SETTING} må ikke ha en nøkkel felles.")
    return problems


def generate_key(key_id: str) -> str:
    """A fresh random key as it is written in a setting, ``id:base64``."""
    if not KEY_ID.fullmatch(key_id):
        raise ValueError("a key id is 1–16 ASCII letters, digits, _ or -")
    return f"{key_id}:{base64.b64encode(os.urandom(KEY_BYTES)).decode('ascii')}"


def encrypt(value: str, *, context: str = "", keys: KeyRing | None = None) -> bytes:
    """The value encrypted under the current key, bound to ``context`` (``child:<id>:fnr``)."""
    key_id, key = (keys or _ring(CIPHER_SETTING)).current
    header = _header(key_id)
    nonce = os.urandom(NONCE_BYTES)
    return header + nonce + AESGCM(key).encrypt(nonce, value.encode(), header + context.encode())


def decrypt(token: bytes | memoryview, *, context: str = "", keys: KeyRing | None = None) -> str:
    """The value of a ciphertext written by any active key, for the same ``context``. Raises `DecryptionError`."""
    raw = bytes(token)
    key_id, header = _read_header(raw)
    key = (keys or _ring(CIPHER_SETTING)).key(key_id)
    body = raw[len(header) :]
    try:
        plain = AESGCM(key).decrypt(body[:NONCE_BYTES], body[NONCE_BYTES:], header + context.encode())
    except InvalidTag:
        # Without the cause: a traceback must not carry the bytes into a log.
        raise DecryptionError("damaged, or written for another record") from None
    return plain.decode()


def needs_rotation(token: bytes | memoryview, *, keys: KeyRing | None = None) -> bool:
    """Whether the ciphertext was written by another key than the current one."""
    return _read_header(bytes(token))[0] != (keys or _ring(CIPHER_SETTING)).current[0]


def lookup_hash(value: str, *, purpose: str = "fnr", keys: KeyRing | None = None) -> str:
    """The hash to store beside the ciphertext, under the current key; ``purpose`` keeps kinds of values apart."""
    return lookup_hashes(value, purpose=purpose, keys=keys)[0]


def lookup_hashes(value: str, *, purpose: str = "fnr", keys: KeyRing | None = None) -> tuple[str, ...]:
    """The hashes under every active key, current first: what an exact search compares with while keys rotate."""
    message = purpose.encode() + b"\0" + value.encode()
    ring = keys or _ring(HASH_SETTING)
    return tuple(f"{key_id}:{hmac.digest(key, message, 'sha256').hex()}" for key_id, key in ring.keys)


def hash_is_current(stored: str, *, keys: KeyRing | None = None) -> bool:
    """Whether a stored hash was made by the current key."""
    return stored.partition(":")[0] == (keys or _ring(HASH_SETTING)).current[0]


def _ring(setting: str) -> KeyRing:
    return parse_keys(str(getattr(settings, setting, "") or ""), setting=setting)


def _decoded(encoded: str) -> bytes:
    try:
        return base64.b64decode(encoded, validate=True)
    except (binascii.Error, ValueError):
        return b""


def _header(key_id: str) -> bytes:
    return bytes([VERSION, len(key_id)]) + key_id.encode("ascii")


def _read_header(raw: bytes) -> tuple[str, bytes]:
    end = 2 + raw[1] if len(raw) > 1 else 0
    if not end or raw[0] != VERSION or len(raw) < end + NONCE_BYTES + TAG_BYTES:
        raise DecryptionError("not a value written by this module")
    header = raw[:end]
    try:
        return header[2:].decode("ascii"), header
    except UnicodeDecodeError:
        raise DecryptionError("not a value written by this module") from None
