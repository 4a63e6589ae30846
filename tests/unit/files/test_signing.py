"""Capability tokens."""

from __future__ import annotations

from string import printable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.files.signing import Claims, Refusal, Signer

SIGNER = Signer(b"0123456789abcdef0123456789abcdef")
CLAIMS = {"organisation": "northwind", "length": 12, "name": "Plän.pdf"}
TOKEN = SIGNER.sign("download", CLAIMS, 1000)
json_values = st.dictionaries(st.text(), st.none() | st.booleans() | st.integers() | st.text(), max_size=5)


class TestVerify:
    """Which tokens are accepted, and why others are not."""

    @given(json_values, st.integers(0, 2**40), st.text(max_size=20))
    def test_round_trip(self, claims: dict, expires_at: int, purpose: str) -> None:
        """A token says what was signed, until the second before it expires."""
        token = SIGNER.sign(purpose, claims, expires_at)
        assert SIGNER.verify(purpose, token, expires_at - 1) == Claims(claims, expires_at)
        assert SIGNER.verify(purpose, token, expires_at) == Refusal("expired")

    @pytest.mark.parametrize("now", [1000, 1000.001, 1001, 10**12])
    def test_expired(self, now: float) -> None:
        """From the second of its expiry on a token is refused."""
        assert SIGNER.verify("download", TOKEN, now) == Refusal("expired")

    @pytest.mark.parametrize("now", [0, 999, 999.999])
    def test_not_expired(self, now: float) -> None:
        """Before its expiry a token is accepted."""
        assert SIGNER.verify("download", TOKEN, now) == Claims(CLAIMS, 1000)

    @given(st.integers(0, len(TOKEN) - 1), st.sampled_from(printable) | st.characters())
    def test_one_character_changed(self, place: int, mark: str) -> None:
        """A token altered in any one character is refused."""
        altered = TOKEN[:place] + mark + TOKEN[place + 1 :]
        assert altered == TOKEN or isinstance(SIGNER.verify("download", altered, 0), Refusal)

    @pytest.mark.parametrize("place", range(len(TOKEN)))
    def test_every_place_and_letter(self, place: int) -> None:
        """No place of a token takes another letter of its own alphabet, the last one of the MAC included."""
        letters = set("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.") - {TOKEN[place]}
        accepted = [
            letter
            for letter in letters
            if isinstance(SIGNER.verify("download", TOKEN[:place] + letter + TOKEN[place + 1 :], 0), Claims)
        ]
        assert accepted == []

    @given(st.integers(0, len(TOKEN)), st.text(min_size=1, max_size=3))
    def test_something_added(self, place: int, extra: str) -> None:
        """A token with anything added anywhere is refused."""
        assert isinstance(SIGNER.verify("download", TOKEN[:place] + extra + TOKEN[place:], 0), Refusal)

    @pytest.mark.parametrize("cut", range(len(TOKEN)))
    def test_cut_short(self, cut: int) -> None:
        """A token that lost its end is refused."""
        assert isinstance(SIGNER.verify("download", TOKEN[:cut], 0), Refusal)

    @given(st.text())
    def test_any_text(self, text: str) -> None:
        """No text that was not signed is accepted, and none raises."""
        assert isinstance(SIGNER.verify("download", text, 0), Refusal)

    def test_other_purpose(self) -> None:
        """A token is good for its own purpose only."""
        assert SIGNER.verify("upload", TOKEN, 0) == Refusal("forged")

    def test_other_key(self) -> None:
        """A token signed with another key is forged."""
        assert Signer(b"x" * 32).verify("download", TOKEN, 0) == Refusal("forged")

    def test_forged_before_expired(self) -> None:
        """An altered token does not learn whether it had expired."""
        altered = TOKEN[:-1] + ("A" if TOKEN[-1] != "A" else "B")
        assert SIGNER.verify("download", altered, 5000) == Refusal("forged")


class TestSigner:
    """Keys and the shape of tokens."""

    def test_short_key(self) -> None:
        """A key of fewer than 32 bytes is refused."""
        with pytest.raises(ValueError, match="31 bytes"):
            Signer(b"k" * 31)

    @given(json_values)
    def test_url_safe(self, claims: dict) -> None:
        """A token needs no escaping in a URL's path."""
        assert set(SIGNER.sign("p", claims, 1)) <= set(
            "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_."
        )
