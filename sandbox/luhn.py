"""Check digits for the numbers that the stand-ins make up."""


def check_digit(digits: str) -> str:
    """Answer the digit that makes `digits` followed by it pass Luhn's test."""
    total = 0
    for place, digit in enumerate(reversed(digits)):
        doubled = int(digit) * (2 if place % 2 == 0 else 1)
        total += doubled - 9 if doubled > 9 else doubled  # noqa: PLR2004 - the largest digit
    return str(-total % 10)


def make_siren(first_eight: int) -> str:
    digits = f"{first_eight:08d}"
    return digits + check_digit(digits)


def make_nic(siren: str, office: int) -> str:
    """Answer the five digits that follow a SIREN in a SIRET: the office's number, then the check digit."""
    return f"{office:04d}" + check_digit(f"{siren}{office:04d}")
