import asyncio
import base64
import json
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, generate_private_key
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from jwt.algorithms import OKPAlgorithm, RSAAlgorithm

from authz.consumer_keys import Keyring
from authz.subjects import ANONYMOUS, Subject
from hutong.authentication import Authenticator, Unauthenticated
from hutong.jwks import JwksFile, JwksInvalid, JwksUrl, KeySet, parse_jwks, read_first_keys
from hutong.tokens import PRIVATE_KEY_FILE, TokenMinter, create_demo_keys
from schema.messages import starting

ISSUER, AUDIENCE = "https://id.test", "hutong"
PERSON = "430790198001010016"
KEYRING = Keyring(b"a master key of the tests, no other use", ("s1", "s3"))
ED = Ed25519PrivateKey.generate()
RSA = generate_private_key(public_exponent=65537, key_size=2048)


def jwk(private: Ed25519PrivateKey | RSAPrivateKey, kid: str) -> dict[str, Any]:
    if isinstance(private, RSAPrivateKey):
        return {**RSAAlgorithm.to_jwk(private.public_key(), as_dict=True), "kid": kid}
    return {**OKPAlgorithm.to_jwk(private.public_key(), as_dict=True), "kid": kid}


def jwks(*keys: dict[str, Any]) -> bytes:
    return json.dumps({"keys": keys}).encode()


class Keys:
    """A key source whose next reading is set by the test."""

    def __init__(self, keys: KeySet) -> None:
        self.keys = keys
        self.next = keys
        self.readings = 0

    async def refresh(self) -> None:
        self.readings += 1
        self.keys = self.next


def authenticator(keys: Keys | None = None, **rest: Any) -> Authenticator:
    source = keys or Keys(parse_jwks(jwks(jwk(ED, "ed"), jwk(RSA, "rsa"))))
    return Authenticator(keys=source, issuer=ISSUER, audience=AUDIENCE, keyring=KEYRING, **rest)


def claims(**changes: Any) -> dict[str, Any]:
    now = int(time.time())
    merged = {
        "iss": ISSUER,
        "aud": AUDIENCE,
        "iat": now,
        "exp": now + 60,
        "sub": "u-1",
        "roles": ["branch_secretary"],
        **changes,
    }
    return {name: value for name, value in merged.items() if value is not None}


def bearer(*, key: Any = ED, algorithm: str = "EdDSA", kid: str = "ed", headers: Any = None, **changes: Any) -> str:
    return "Bearer " + jwt.encode(claims(**changes), key, algorithm=algorithm, headers={"kid": kid, **(headers or {})})


def refused(header: str) -> bool:
    with pytest.raises(Unauthenticated, match=r"\Athe token is not valid\Z"):
        authenticator().authenticate(header)
    return True


def raw_token(header: dict[str, Any], payload: dict[str, Any], signature: bytes = b"") -> str:
    parts = (json.dumps(header).encode(), json.dumps(payload).encode(), signature)
    return "Bearer " + ".".join(base64.urlsafe_b64encode(part).rstrip(b"=").decode() for part in parts)


def now_and(seconds: int) -> int:
    return int(time.time()) + seconds


# --- who is let in --------------------------------------------------------------------------------------------------


def test_no_token_is_anonymous() -> None:
    assert authenticator().authenticate(None) is ANONYMOUS


@pytest.mark.parametrize("scheme", ["Bearer", "bearer", "BEARER"])
def test_scheme_is_read_in_any_case(scheme: str) -> None:
    assert authenticator().authenticate(bearer().replace("Bearer", scheme)).id == "u-1"


def test_rsa_key_serves_rs256() -> None:
    assert authenticator().authenticate(bearer(key=RSA, algorithm="RS256", kid="rsa")).id == "u-1"


def test_claims_become_the_subject() -> None:
    person_key = KEYRING.of("portal").persons.seal(PERSON)
    subject = authenticator().authenticate(
        bearer(azp="portal", hutong={"orgCode": "001010000000000", "personKey": person_key, "unheardOf": 1})
    )
    assert subject == Subject(
        id="u-1",
        roles=frozenset({"branch_secretary"}),
        consumer="portal",
        attributes={"orgCode": "001010000000000", "identity": PERSON},
    )


def test_token_without_roles_has_none() -> None:
    assert authenticator().authenticate(bearer(roles=None)).roles == frozenset()


def test_leeway_covers_a_clock_that_is_a_little_off() -> None:
    assert authenticator().authenticate(bearer(iat=now_and(-90), exp=now_and(-20))).id == "u-1"


# --- who is not (each with the same words) --------------------------------------------------------------------------

BAD_TOKENS: dict[str, Callable[[], str]] = {
    "empty header": lambda: "",
    "no token": lambda: "Bearer ",
    "two blanks": lambda: bearer().replace("Bearer ", "Bearer  "),
    "other scheme": lambda: "Basic dXNlcjpwYXNz",
    "not a JWT": lambda: "Bearer abc",
    "line break behind": lambda: bearer() + "\n",
    "too long": lambda: bearer(padding="x" * 9000),
    "alg none": lambda: raw_token({"alg": "none", "kid": "ed"}, claims()),
    "alg none, signed": lambda: raw_token({"alg": "none", "kid": "ed"}, claims(), b"x"),
    "HS256 with the public key": lambda: bearer(
        key=base64.urlsafe_b64encode(RSA.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)),
        algorithm="HS256",
        kid="rsa",
    ),
    "RS256 under an Ed25519 key id": lambda: bearer(key=RSA, algorithm="RS256", kid="ed"),
    "RS512": lambda: bearer(key=RSA, algorithm="RS512", kid="rsa"),
    "PS256": lambda: bearer(key=RSA, algorithm="PS256", kid="rsa"),
    "another key": lambda: bearer(key=Ed25519PrivateKey.generate()),
    "empty signature": lambda: bearer().rpartition(".")[0] + ".",
    "changed signature": lambda: bearer()[:-8] + "AAAAAAAA",
    "no key id": lambda: "Bearer " + jwt.encode(claims(), ED, algorithm="EdDSA"),
    "key id as a path": lambda: bearer(kid="../../etc/passwd"),
    "unknown key id": lambda: bearer(kid="other"),
    "crit": lambda: bearer(headers={"crit": ["exp"]}),
    "jku": lambda: bearer(headers={"jku": "https://evil.test/jwks"}),
    "x5u": lambda: bearer(headers={"x5u": "https://evil.test/cert"}),
    "jwk": lambda: bearer(headers={"jwk": jwk(ED, "ed")}),
    "b64": lambda: bearer(headers={"b64": False}),
    "wrong issuer": lambda: bearer(iss="https://other.test"),
    "wrong audience": lambda: bearer(aud="other"),
    "expired 31 s ago": lambda: bearer(iat=now_and(-90), exp=now_and(-31)),
    "not yet valid": lambda: bearer(nbf=now_and(60)),
    "issued in the future": lambda: bearer(iat=now_and(60), exp=now_and(120)),
    "exp is no number": lambda: bearer(exp="soon"),
    "exp is infinite": lambda: bearer(exp=1e400),
    "no exp": lambda: bearer(exp=None),
    "no iat": lambda: bearer(iat=None),
    "no iss": lambda: bearer(iss=None),
    "no aud": lambda: bearer(aud=None),
    "no sub": lambda: bearer(sub=None),
    "empty sub": lambda: bearer(sub=""),
    "sub named anonymous": lambda: bearer(sub="anonymous"),
    "sub with a line break": lambda: bearer(sub='u\n{"event":"grant"}'),
    "sub too long": lambda: bearer(sub="u" * 129),
    "roles as a text": lambda: bearer(roles="branch_secretary"),
    "role of another shape": lambda: bearer(roles=["subject:1"]),
    "role that is no text": lambda: bearer(roles=[1]),
    "too many roles": lambda: bearer(roles=[f"r{i}" for i in range(33)]),
    "consumer of another shape": lambda: bearer(azp="a/b"),
    "attributes as a list": lambda: bearer(hutong=["orgCode"]),
    "orgCode too short": lambda: bearer(hutong={"orgCode": "00101"}),
    "orgCode as a number": lambda: bearer(hutong={"orgCode": 1010000000000}),
    "orgCode of other digits": lambda: bearer(hutong={"orgCode": "００１０１００００００００００"}),
    "divCode of 7 digits": lambda: bearer(hutong={"divCode": "4307021"}),
    "stationCode of a division": lambda: bearer(hutong={"stationCode": "430726100000"}),
    "mallAccount as a number": lambda: bearer(hutong={"mallAccount": 10001}),
    "mallAccount of other characters": lambda: bearer(hutong={"mallAccount": "10001' OR"}),
    "unitNo with a blank": lambda: bearer(hutong={"unitNo": "a b"}),
    "null attribute": lambda: bearer(hutong={"orgCode": None}),
    "personKey made up": lambda: bearer(hutong={"personKey": "A" * 26}),
    "personKey of another consumer": lambda: bearer(
        azp="kiosk", hutong={"personKey": KEYRING.of("portal").persons.seal(PERSON)}
    ),
}


@pytest.mark.parametrize("token", BAD_TOKENS.values(), ids=BAD_TOKENS.keys())
def test_bad_token_is_refused_with_constant_words(token: Callable[[], str]) -> None:
    assert refused(token())


def test_deeply_nested_header_is_refused() -> None:
    head = f'{{"alg":"EdDSA","kid":"ed","x":{"[" * 2900}{"]" * 2900}}}'
    assert refused(f"Bearer {base64.urlsafe_b64encode(head.encode()).rstrip(b'=').decode()}.e30.AAAA")


# --- remembered tokens and changing keys ----------------------------------------------------------------------------


def test_verified_token_is_remembered_until_it_expires() -> None:
    now = [time.time()]
    gate = authenticator(clock=lambda: now[0])
    header = bearer(exp=now_and(5))
    first = gate.authenticate(header)
    assert gate.authenticate(header) is first
    now[0] += 6
    assert gate.authenticate(header) is not first


def test_memory_is_bounded() -> None:
    gate = authenticator(capacity=1)
    header = bearer()
    first = gate.authenticate(header)
    gate.authenticate(bearer(sub="u-2"))
    assert gate.authenticate(header) is not first


def test_withdrawn_key_ends_remembered_tokens() -> None:
    keys = Keys(parse_jwks(jwks(jwk(ED, "ed"))))
    gate = authenticator(keys)
    header = bearer()
    gate.authenticate(header)
    keys.keys = parse_jwks(jwks(jwk(RSA, "rsa")))
    with pytest.raises(Unauthenticated):
        gate.authenticate(header)


async def test_unknown_key_id_reads_the_keys_again_at_most_once_a_minute() -> None:
    now = [time.time()]
    keys = Keys(parse_jwks(jwks(jwk(RSA, "rsa"))))
    keys.next = parse_jwks(jwks(jwk(ED, "ed")))
    gate = authenticator(keys, clock=lambda: now[0])
    for elapsed in (59, 61, 62, 63):
        now[0] = time.time() + elapsed
        with pytest.raises(Unauthenticated):
            gate.authenticate(bearer(kid="unknown"))
        await asyncio.sleep(0)
    assert keys.readings == 1
    assert gate.authenticate(bearer(exp=now_and(600))).id == "u-1"


async def test_old_keys_are_read_again_and_kept_when_that_fails(caplog: pytest.LogCaptureFixture) -> None:
    now = [time.time()]
    keys = Keys(parse_jwks(jwks(jwk(ED, "ed"))))

    async def fail() -> None:
        raise JwksInvalid(starting.JWKS_UNFETCHED())

    keys.refresh = fail  # type: ignore[method-assign]
    gate = authenticator(keys, clock=lambda: now[0])
    now[0] += 301
    header = bearer(exp=now_and(600))
    gate.authenticate(header)
    await asyncio.sleep(0)
    assert gate.authenticate(header).id == "u-1"
    assert "stay in use" in caplog.text


# --- key sets -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "raw",
    [
        pytest.param(b"", id="empty"),
        pytest.param(b"[]", id="list"),
        pytest.param(b'{"keys": {}}', id="no list"),
        pytest.param(jwks(), id="no key"),
        pytest.param(jwks({"kty": "EC", "kid": "ec", "crv": "P-256"}), id="no usable key"),
        pytest.param(jwks({**jwk(ED, "ed"), "use": "enc"}), id="only for encryption"),
        pytest.param(jwks(jwk(ED, "a"), jwk(RSA, "a")), id="key id twice"),
        pytest.param(jwks({k: v for k, v in jwk(ED, "a").items() if k != "kid"}), id="no key id"),
        pytest.param(jwks({**OKPAlgorithm.to_jwk(ED, as_dict=True), "kid": "a"}), id="private key"),
        pytest.param(jwks({"kty": "oct", "k": "c2VjcmV0", "kid": "a"}), id="shared key"),
        pytest.param(jwks({**jwk(ED, "a"), "x": "AAAA"}), id="malformed key"),
        pytest.param(jwks(jwk(generate_private_key(public_exponent=65537, key_size=1024), "a")), id="short RSA key"),
    ],
)
def test_unusable_key_set_is_refused(raw: bytes) -> None:
    with pytest.raises(JwksInvalid):
        parse_jwks(raw)


def test_algorithm_follows_from_the_key() -> None:
    keys = parse_jwks(jwks(jwk(ED, "ed"), jwk(RSA, "rsa"), {"kty": "EC", "kid": "ec"}))
    assert {kid: key.algorithm for kid, key in keys.items()} == {"ed": "EdDSA", "rsa": "RS256"}


async def test_file_is_read_again(tmp_path: Path) -> None:
    path = tmp_path / "jwks.json"
    path.write_bytes(jwks(jwk(ED, "a")))
    source = JwksFile(path)
    path.write_bytes(jwks(jwk(ED, "b")))
    await source.refresh()
    assert set(source.keys) == {"b"}


def test_missing_file_is_told(tmp_path: Path) -> None:
    with pytest.raises(JwksInvalid, match="cannot be read"):
        JwksFile(tmp_path / "none.json")


def answering(respond: Callable[[httpx.Request], httpx.Response]) -> JwksUrl:
    return JwksUrl("https://id.test/jwks", transport=httpx.MockTransport(respond))


async def test_url_gives_keys() -> None:
    source = answering(lambda _: httpx.Response(200, content=jwks(jwk(ED, "a"))))
    await source.refresh()
    assert set(source.keys) == {"a"}


@pytest.mark.parametrize(
    "respond",
    [
        pytest.param(lambda _: httpx.Response(302, headers={"location": "https://evil.test/"}), id="redirect"),
        pytest.param(lambda _: httpx.Response(500), id="failure"),
        pytest.param(lambda _: httpx.Response(200, content=b"x" * 300_000), id="too large"),
        pytest.param(lambda _: httpx.Response(200, content=b"<html>"), id="no JWKS"),
    ],
)
async def test_url_that_does_not_give_keys_keeps_those_it_had(
    respond: Callable[[httpx.Request], httpx.Response],
) -> None:
    asked: list[str] = []

    def once(request: httpx.Request) -> httpx.Response:
        asked.append(str(request.url))
        return httpx.Response(200, content=jwks(jwk(ED, "a"))) if len(asked) == 1 else respond(request)

    source = answering(once)
    await source.refresh()
    with pytest.raises(JwksInvalid):
        await source.refresh()
    assert set(source.keys) == {"a"}
    assert asked == ["https://id.test/jwks"] * 2


# --- the demo's tokens ----------------------------------------------------------------------------------------------


def test_minted_token_authenticates_as_its_subject(tmp_path: Path) -> None:
    create_demo_keys(tmp_path)
    subject = Subject(
        id="demo-1",
        roles=frozenset({"member_self", "branch_secretary"}),
        consumer="portal",
        attributes={
            "identity": PERSON,
            "orgCode": "001010000000000",
            "stationCode": "4307261000003001",
            "mallAccount": "10001",
        },
    )
    token = TokenMinter(tmp_path, issuer=ISSUER, audience=AUDIENCE, keyring=KEYRING).mint(subject)
    gate = Authenticator(keys=JwksFile(tmp_path / "jwks.json"), issuer=ISSUER, audience=AUDIENCE, keyring=KEYRING)
    assert gate.authenticate(f"Bearer {token}") == subject
    assert PERSON not in str(jwt.decode(token, options={"verify_signature": False}))


def test_private_key_is_its_owners_alone_and_never_overwritten(tmp_path: Path) -> None:
    create_demo_keys(tmp_path)
    assert (tmp_path / PRIVATE_KEY_FILE).stat().st_mode & 0o777 == 0o600
    assert b'"d"' not in (tmp_path / "jwks.json").read_bytes()
    with pytest.raises(FileExistsError):
        create_demo_keys(tmp_path)


async def test_first_keys_are_asked_for_until_they_come_with_growing_pauses() -> None:
    answers = iter([500] * 8 + [200])
    source = answering(lambda _: httpx.Response(next(answers), content=jwks(jwk(ED, "a"))))
    pauses: list[float] = []

    async def pause(seconds: float) -> None:
        pauses.append(seconds)

    await read_first_keys(source, pause)

    assert set(source.keys) == {"a"}
    assert pauses == [0.5, 1, 2, 4, 8, 15, 15, 15, 15]


async def test_keys_that_are_there_are_not_asked_for_again() -> None:
    keys = Keys(parse_jwks(jwks(jwk(ED, "a"))))

    await read_first_keys(keys)

    assert keys.readings == 0
