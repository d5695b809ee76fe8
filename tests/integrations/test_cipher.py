"""Secrets as they are kept."""

from __future__ import annotations

import base64
import traceback

import pytest
from cryptography.fernet import Fernet
from hypothesis import given, settings
from hypothesis import strategies as st

from common.errors import Misconfigured
from common.integrations import Cipher, Undecipherable

SECRET = {"refresh_token": "1//canary"}
KEYS = [base64.urlsafe_b64encode(bytes([number] * 32)).decode() for number in (17, 42, 99)]


@settings(max_examples=40, deadline=None)
@given(
    st.text(min_size=1),
    st.dictionaries(st.text(), st.recursive(st.none() | st.text(), st.lists, max_leaves=5)),
)
def test_what_was_sealed_for_a_document_is_opened_for_it(id, secret):
    cipher = Cipher(KEYS[:1])
    assert cipher.open(id, cipher.seal(id, secret)) == secret


def test_for_another_document_it_is_not_opened():
    cipher = Cipher(KEYS[:1])
    with pytest.raises(Undecipherable, match="copied from another integration"):
        cipher.open("b", cipher.seal("a", SECRET))


@pytest.mark.parametrize("plain", [b"canary", b"[]", b'"canary"', b"{}", b'{"id": "a"}', b"\xff"])
def test_what_others_encrypted_with_the_key_is_not_opened_or_shown(plain):
    with pytest.raises(Undecipherable, match="not encrypted by runjobs") as caught:
        Cipher(KEYS[:1]).open("a", Fernet(KEYS[0]).encrypt(plain).decode())
    assert "canary" not in "".join(traceback.format_exception(caught.value))


def test_the_first_key_seals_and_all_of_them_open():
    old, new = Cipher(KEYS[:1]), Cipher([KEYS[1], KEYS[0]])
    assert new.open("a", old.seal("a", SECRET)) == SECRET
    assert not new.is_newest(old.seal("a", SECRET))
    assert new.is_newest(new.seal("a", SECRET))
    with pytest.raises(Undecipherable, match="no key in ENCRYPTION_KEY fits"):
        old.open("a", new.seal("a", SECRET))


@given(st.integers(min_value=0), st.integers(min_value=1, max_value=255))
def test_a_changed_ciphertext_is_not_opened(place, difference):
    cipher = Cipher(KEYS[:1])
    sealed = bytearray(cipher.seal("a", SECRET).encode())
    sealed[place % len(sealed)] ^= difference
    try:
        found = cipher.open("a", sealed.decode("latin-1"))
    except Undecipherable:
        return
    assert found == SECRET  # the last characters of base64 have bits that say nothing


def test_keys_come_from_the_environment():
    cipher = Cipher.from_environ({"ENCRYPTION_KEY": f" {KEYS[1]} ,\n{KEYS[0]},"})
    assert cipher.open("a", Cipher(KEYS[:1]).seal("a", SECRET)) == SECRET
    assert cipher.is_newest(Cipher(KEYS[1:2]).seal("a", SECRET))


@pytest.mark.parametrize(
    "text",
    ["", " , ", "canary", KEYS[0][:-4], f"{KEYS[0]},canary", "Ä" * 44, KEYS[0] + "AAAA", "\ud800"],
)
def test_a_missing_or_bad_key_is_said_with_the_way_to_make_one_and_without_the_key(text):
    with pytest.raises(Misconfigured, match=r"ENCRYPTION_KEY.*Fernet.generate_key") as caught:
        Cipher.from_environ({"ENCRYPTION_KEY": text})
    shown = str(caught.value) + repr(caught.value)
    assert "canary" not in shown
    assert KEYS[0][:8] not in shown
    assert caught.value.__suppress_context__ or caught.value.__context__ is None


def test_nothing_shows_a_key():
    cipher = Cipher(KEYS)
    assert repr(cipher) == str(cipher) == "Cipher(3 keys)"
