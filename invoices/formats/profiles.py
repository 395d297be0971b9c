"""BT-24, the specification that an invoice says it follows, as a short profile name."""

from typing import Final

from invoices.formats.detect import Kind

# In order: the first fragment found in BT-24 decides. Covers Factur-X 1, ZUGFeRD 1 and 2, XRechnung, Peppol, CTC-FR.
FRAGMENTS: Final = (
    ("extended-ctc-fr", "extended-ctc-fr"),
    ("xrechnung", "xrechnung"),
    ("peppol.eu", "peppol"),
    ("minimum", "minimum"),
    ("basicwl", "basicwl"),
    ("basic", "basic"),
    ("comfort", "en16931"),
    ("extended", "extended"),
    ("urn:cen.eu:en16931", "en16931"),
)


def profile_of(specification: str | None, kind: Kind) -> str | None:
    """One of the names above; None where BT-24 is missing or says nothing known.

    A ZUGFeRD 1 document keeps its own names (zugferd1-basic, …): its rules are not those of EN 16931.
    """
    stated = (specification or "").lower()
    name = next((profile for fragment, profile in FRAGMENTS if fragment in stated), None)
    return f"zugferd1-{name}" if name and kind == "zugferd1" else name
