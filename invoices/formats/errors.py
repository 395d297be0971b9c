class InvoiceRefused(Exception):  # noqa: N818 - reads as what happened
    """The file cannot be read as what it claims to be.

    `reason_fr` is a sentence for the person who deposited it; `code` is stable: damaged_pdf, encrypted_pdf,
    damaged_xml, forbidden_xml, too_large, unreadable_value, empty.
    """

    def __init__(self, reason_fr: str, code: str) -> None:
        super().__init__(f"{code}: {reason_fr}")
        self.reason_fr = reason_fr
        self.code = code
