"""The guard of every outgoing request, tried against a real server on this machine."""

from __future__ import annotations

import gzip
import ssl
import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import IPv4Address, ip_address
from pathlib import Path
from typing import Any

import pytest

from communs.kit.fetch import Answer, Policy, Problem, Session, fetch, guard, is_public
from communs.testing.hangs import no_hang

HERE = Policy(timeout_s=3.0, bytes_max=1000, also_allowed=("127.0.0.1/32",))


class Handler(BaseHTTPRequestHandler):
    """One path a behaviour."""

    def do_GET(self) -> None:
        getattr(self, f"answer_{self.path.strip('/').split('/')[0].replace('-', '_')}")()

    def say(self, status: int, body: bytes = b"", **headers: str) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def answer_ok(self) -> None:
        self.say(200, b"hello " + self.headers["User-Agent"].encode()[:7])

    def answer_missing(self) -> None:
        self.say(404)

    def answer_gone(self) -> None:
        self.say(410)

    def answer_chain(self) -> None:
        left = int(self.path.rsplit("/", 1)[1])
        self.say(301, Location=f"/chain/{left - 1}" if left else "/ok")

    def answer_to(self) -> None:
        self.say(302, Location=self.path.removeprefix("/to/"))

    def answer_slow(self) -> None:
        time.sleep(1.2)
        self.say(200)

    def answer_drip(self) -> None:
        self.wfile.write(b"HTTP/1.1 200 OK\r\n")
        for number in range(40):
            try:
                self.wfile.write(f"X-{number}: y\r\n".encode())
                self.wfile.flush()
            except OSError:
                return
            time.sleep(0.1)

    def answer_huge(self) -> None:
        self.send_response(200)
        self.end_headers()
        try:
            while True:
                self.wfile.write(b"x" * 65536)
        except OSError:
            return

    def answer_tagged(self) -> None:
        validators = {"ETag": '"one"', "Last-Modified": "Tue, 24 Nov 2026 10:00:00 GMT"}
        if self.headers.get("If-None-Match") == '"one"':
            self.say(304, **validators)
        else:
            self.say(200, b"tagged", **validators, **{"Content-Type": "text/plain; charset=utf-8"})

    def answer_packed(self) -> None:
        self.say(200, gzip.compress(b"small and packed"), **{"Content-Encoding": "gzip"})

    def answer_bomb(self) -> None:
        self.say(200, gzip.compress(b"0" * 50_000_000, 9), **{"Content-Encoding": "gzip"})

    def answer_lies(self) -> None:
        self.say(200, b"this is not packed at all", **{"Content-Encoding": "gzip"})

    def answer_drops(self) -> None:
        self.send_response(200)
        self.end_headers()
        for _byte in range(40):
            try:
                self.wfile.write(b"x")
                self.wfile.flush()
            except OSError:
                return
            time.sleep(0.1)

    def answer_busy(self) -> None:
        self.say(429, **{"Retry-After": self.path.rsplit("/", 1)[1].replace("_", " ")})

    def answer_echo(self) -> None:
        self.say(200, str(self.headers.get("Authorization")).encode())

    def answer_nonsense(self) -> None:
        self.wfile.write(b"this is not HTTP\r\n\r\n")

    def log_message(self, *args: Any) -> None:
        """Silent."""


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    yield from _serve(ThreadingHTTPServer(("127.0.0.1", 0), Handler), "http")


@pytest.fixture(scope="module")
def tls_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    served = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(_self_signed(tmp_path_factory.mktemp("tls")))
    served.socket = context.wrap_socket(served.socket, server_side=True)
    yield from _serve(served, "https")


def _serve(served: ThreadingHTTPServer, scheme: str) -> Iterator[str]:
    served.daemon_threads = True
    thread = threading.Thread(target=served.serve_forever, daemon=True)
    thread.start()
    yield f"{scheme}://127.0.0.1:{served.server_address[1]}"
    served.shutdown()
    served.server_close()
    thread.join()


def _self_signed(folder: Path) -> Path:
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec
    from cryptography.x509.oid import NameOID

    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    now = datetime.now(UTC)
    made = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
    made = made.serial_number(1).not_valid_before(now - timedelta(1)).not_valid_after(now + timedelta(1))
    alternative = x509.SubjectAlternativeName([x509.IPAddress(IPv4Address("127.0.0.1"))])
    signed = made.add_extension(alternative, critical=False).sign(key, hashes.SHA256())
    path = folder / "both.pem"
    path.write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
        + signed.public_bytes(serialization.Encoding.PEM)
    )
    return path


def test_an_answer_comes_with_its_body(server: str) -> None:
    assert fetch(f"{server}/ok", HERE) == Answer(f"{server}/ok", 200, b"hello communs")


@pytest.mark.parametrize(("path", "status"), [("missing", 404), ("gone", 410)])
def test_a_status_is_an_answer_not_a_problem(server: str, path: str, status: int) -> None:
    found = fetch(f"{server}/{path}", HERE)
    assert isinstance(found, Answer)
    assert found.status == status


def test_redirects_are_followed_and_counted(server: str) -> None:
    found = fetch(f"{server}/chain/3", HERE)
    assert isinstance(found, Answer)
    assert (found.url, len(found.redirects)) == (f"{server}/ok", 4)
    assert fetch(f"{server}/chain/9", HERE) == Problem("redirects", "5")


@pytest.mark.parametrize(
    "target",
    [
        "http://127.0.0.2:80/",
        "http://10.1.2.3/",
        "http://169.254.169.254/latest/meta-data",
        "http://[::1]/",
        "http://[fd00::1]/",
    ],
)
def test_no_redirect_leads_into_a_private_network(server: str, target: str) -> None:
    found = fetch(f"{server}/to/{target}", HERE)
    assert isinstance(found, Problem)
    assert found.code == "private"


@pytest.mark.parametrize(
    "target", ["file:///etc/passwd", "ftp://example.org/", "javascript:alert(1)", "http://u:p@127.0.0.1/"]
)
def test_only_web_addresses_are_followed(server: str, target: str) -> None:
    found = fetch(f"{server}/to/{target}", HERE)
    assert isinstance(found, Problem)
    assert found.code == "address"


@pytest.mark.parametrize("url", ["", "nonsense", "http://", "gopher://x/", "//x/", "http://\x00/"])
def test_what_is_no_address_is_a_problem(url: str) -> None:
    found = fetch(url)
    assert isinstance(found, Problem)
    assert found.code == "address"


def test_this_machine_is_private_by_default(server: str) -> None:
    assert fetch(f"{server}/ok") == Problem("private", "127.0.0.1")
    assert fetch("http://localhost:80/") == Problem("private", "localhost")


def test_a_name_with_one_private_address_among_several_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    both = [(2, 1, 6, "", ("93.184.216.34", 80)), (2, 1, 6, "", ("10.0.0.1", 80))]
    monkeypatch.setattr(guard.socket, "getaddrinfo", lambda *args, **kwargs: both)
    assert fetch("http://two-faced.example/") == Problem("private", "two-faced.example")


def test_a_name_is_resolved_once_and_the_connection_goes_where_was_checked(
    server: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []
    real = guard.socket.getaddrinfo

    def rebinding(host: str, port: int, *args: Any, **kwargs: Any) -> Any:
        if host == "rebinds.example":
            asked.append(host)
            return [(2, 1, 6, "", ("127.0.0.1" if len(asked) == 1 else "10.0.0.1", port))]
        return real(host, port, *args, **kwargs)

    monkeypatch.setattr(guard.socket, "getaddrinfo", rebinding)
    found = fetch(server.replace("127.0.0.1", "rebinds.example") + "/ok", HERE)
    assert isinstance(found, Answer)
    assert asked == ["rebinds.example"]


def test_a_name_that_does_not_exist_is_a_problem() -> None:
    found = fetch("http://does-not-exist.invalid/")
    assert isinstance(found, Problem)
    assert found.code == "name"


@pytest.mark.parametrize("path", ["slow", "drip"])
def test_nothing_holds_on_to_us_longer_than_the_policy_says(server: str, path: str) -> None:
    start = time.monotonic()
    found = fetch(f"{server}/{path}", Policy(timeout_s=0.5, also_allowed=("127.0.0.1/32",)))
    assert found == Problem("slow")
    assert time.monotonic() - start < 2


def test_a_huge_body_is_cut(server: str) -> None:
    found = fetch(f"{server}/huge", HERE)
    assert isinstance(found, Answer)
    assert (len(found.body), found.is_whole) == (1000, False)


def test_a_certificate_that_nobody_vouches_for_is_a_problem(tls_server: str) -> None:
    found = fetch(f"{tls_server}/ok", HERE)
    assert isinstance(found, Problem)
    assert found.code == "certificate"


def test_what_is_not_http_and_a_closed_door_are_problems(server: str) -> None:
    nonsense = fetch(f"{server}/nonsense", HERE)
    assert isinstance(nonsense, Problem)
    assert nonsense.code == "protocol"
    closed = fetch("http://127.0.0.1:9/", HERE)
    assert isinstance(closed, Problem)
    assert closed.code == "connect"


@pytest.mark.parametrize(
    ("address", "public"),
    [
        ("93.184.216.34", True),
        ("2606:2800:220:1::1", True),
        ("0.0.0.0", False),  # noqa: S104 - an address to refuse
        ("100.64.0.1", False),
        ("224.0.0.1", False),
        ("255.255.255.255", False),
        ("::", False),
        ("fe80::1", False),
        ("::ffff:10.0.0.1", False),
        ("::ffff:93.184.216.34", True),
        ("2002:7f00:1::", False),
        ("64:ff9b::a00:1", False),
    ],
)
def test_only_addresses_of_the_public_internet_are_public(address: str, public: bool) -> None:
    assert is_public(ip_address(address)) is public


@pytest.mark.parametrize(
    "host",
    ["2130706433", "0x7f000001", "0177.0.0.1", "127.1", "127.0.0.1.", "[::ffff:127.0.0.1]", "[::1%25lo]", "localhost.",
     "0", "[::]", "[64:ff9b::7f00:1]"],
)  # fmt: skip
def test_no_way_of_writing_an_address_leads_into_this_machine(host: str) -> None:
    found = fetch(f"http://{host}:80/")
    assert isinstance(found, Problem)
    assert found.code in {"private", "name", "address"}


@pytest.mark.parametrize(
    "url",
    ["http://93.184.216.34@127.0.0.1/", "http://example.org\\@127.0.0.1/", "http://127.0.0.1\\.example.org/",
     "http://exa mple.org/", "http://a:b@example.org/", "http://[::1", "http://example.org:99999/"],
)  # fmt: skip
def test_no_trick_in_an_address_hides_its_host(url: str) -> None:
    found = fetch(url, Policy(timeout_s=2.0))
    assert isinstance(found, Problem)
    assert found.code in {"address", "private", "name"}


def test_a_redirect_that_is_no_address_is_a_problem(server: str) -> None:
    found = fetch(f"{server}/to/http://[bad", HERE)
    assert isinstance(found, Problem)
    assert found.code == "address"


def test_an_unchanged_answer_is_told_by_its_status(server: str) -> None:
    first = fetch(f"{server}/tagged", HERE)
    assert isinstance(first, Answer)
    assert (first.status, first.etag, first.modified, first.content_type) == (
        200, '"one"', "Tue, 24 Nov 2026 10:00:00 GMT", "text/plain",
    )  # fmt: skip
    again = fetch(f"{server}/tagged", HERE, first.etag, first.modified)
    assert isinstance(again, Answer)
    assert (again.status, again.body) == (304, b"")
    assert isinstance(changed := fetch(f"{server}/tagged", HERE, '"other"'), Answer)
    assert changed.status == 200


def test_a_validator_cannot_smuggle_in_a_header(server: str) -> None:
    found = fetch(f"{server}/tagged", HERE, '"one"\r\nX-Evil: 1')
    assert isinstance(found, Answer)
    assert found.status == 200


def test_a_packed_body_is_unpacked_within_the_bounds(server: str) -> None:
    found = fetch(f"{server}/packed", HERE)
    assert isinstance(found, Answer)
    assert (found.body, found.is_whole) == (b"small and packed", True)
    with no_hang():
        bomb = fetch(f"{server}/bomb", HERE)
    assert isinstance(bomb, Answer)
    assert (len(bomb.body), bomb.is_whole) == (1000, False)
    assert fetch(f"{server}/lies", HERE) == Problem("protocol", "DecodingError")


def test_a_body_that_drips_byte_by_byte_is_given_up(server: str) -> None:
    start = time.monotonic()
    assert fetch(f"{server}/drops", Policy(timeout_s=0.5, also_allowed=("127.0.0.1/32",))) == Problem("slow")
    assert time.monotonic() - start < 2


def test_a_name_whose_look_up_hangs_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(guard.socket, "getaddrinfo", lambda *args, **kwargs: time.sleep(5))
    start = time.monotonic()
    assert fetch("http://hangs.example/", Policy(timeout_s=0.3)) == Problem("slow")
    assert time.monotonic() - start < 4.5  # the look-up hangs for five


@pytest.mark.parametrize(("value", "low", "high"), [("120", 120, 120), ("Wed, 01 Jan 2020 00:00:00 GMT", 0, 0)])
def test_how_long_to_wait_is_read_as_seconds_or_as_a_date(server: str, value: str, low: int, high: int) -> None:
    found = fetch(f"{server}/busy/{value.replace(' ', '_')}", HERE)
    assert isinstance(found, Answer)
    assert found.retry_after_s is not None
    assert low <= found.retry_after_s <= high


def test_a_secret_is_not_handed_on_to_another_host(server: str) -> None:
    second = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    for url in _serve(second, "http"):
        told = {"Authorization": "Bearer s3cret"}
        found = fetch(f"{server}/echo", HERE, headers=told)
        assert isinstance(found, Answer)
        assert b"s3cret" in found.body
        elsewhere = fetch(f"{server}/to/{url}/echo", HERE, headers=told)
        assert isinstance(elsewhere, Answer)
        assert (elsewhere.status, b"s3cret" in elsewhere.body) == (200, False)


def test_a_session_keeps_its_connection_and_survives_that_the_server_closes_it(server: str) -> None:
    with Session(HERE) as session:
        for _again in range(3):
            found = session.fetch(f"{server}/ok")
            assert isinstance(found, Answer)
            assert found.status == 200
        assert isinstance(session.fetch("http://10.0.0.1/"), Problem)
        assert isinstance(session.fetch(f"{server}/ok"), Answer)
