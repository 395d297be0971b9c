class InvoiceRefused(Exception):  # noqa: N818 - reads as what happened
    """The file cannot be read as what it claims to be.

    `reason` is a French sentence for the person who deposited it; `code` is stable: damaged_pdf, encrypted_pdf,
    damaged_xml, forbidden_xml, too_large, unreadable_value, empty.
    """

    def __init__(self, reason: str, code: str) -> None:
        super().__init__(f"{code}: {reason}")
        self.reason = reason
        self.code = code
