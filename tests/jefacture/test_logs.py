"""What looks like a secret never reaches a log line in clear."""

import json
import logging

import pytest
import structlog

from jefacture.settings.logs import LOGGING, mask

SECRET = "Aa1-_" * 9


@pytest.mark.parametrize(
    ("line", "masked"),
    [
        (f"key jf_{SECRET}", "key jf_Aa1-_A…"),
        (f"GET /invitation/{SECRET}/ 200", "GET /invitation/…/ 200"),
        (f"GET /mot-de-passe/nouveau/2k-{SECRET}/ 302", "GET /mot-de-passe/nouveau/…/ 302"),
        (f"GET /compte/adresse/Mg:1xVlQE:{SECRET}/ 200", "GET /compte/adresse/…/ 200"),
        (f"Authorization: Bearer {SECRET}", "Authorization: Bearer …"),
        ("Authorization: Basic YTpi", "Authorization: Basic …"),
        (f"postgres://app:{SECRET}@db:5432/x", "postgres://app:…@db:5432/x"),
        ("GET /comptexpert/retour/?code=abc&state=def 302", "GET /comptexpert/retour/?code=…&state=… 302"),
        ("nothing to hide", "nothing to hide"),
    ],
)
def test_secret_in_a_line_is_masked(line: str, masked: str) -> None:
    assert mask(line) == masked


def test_formatter_masks_every_value_of_the_line(capsys: pytest.CaptureFixture[str]) -> None:
    made = LOGGING["formatters"]["json"]
    formatter = structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=made["foreign_pre_chain"], processors=made["processors"]
    )
    record = logging.LogRecord("test", logging.INFO, "f.py", 1, "GET /invitation/%s/", (SECRET,), None)
    assert json.loads(formatter.format(record))["event"] == "GET /invitation/…/"
