import pytest

from outbox.transport import Server


@pytest.mark.parametrize(
    ("url", "server"),
    [
        ("smtp://127.0.0.1:8003", Server("smtp", "127.0.0.1", 8003)),
        ("smtp://mail.test", Server("smtp", "mail.test", 25)),
        ("smtp+tls://me%40firm.test:p%2Fw@mail.test", Server("smtp+tls", "mail.test", 587, "me@firm.test", "p/w")),
        ("smtp+ssl://mail.test", Server("smtp+ssl", "mail.test", 465)),
        ("smtps://u:p@mail.test:1465", Server("smtps", "mail.test", 1465, "u", "p")),
    ],
)
def test_server_is_read_from_its_address(url: str, server: Server) -> None:
    assert Server.of_url(url) == server
