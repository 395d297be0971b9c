from django.db.models import Q, QuerySet

from invoices.models import Invoice


def search_invoices(invoices: QuerySet[Invoice], words: str) -> QuerySet[Invoice]:
    """By number or party's name; a SIREN by its digits."""
    digits = "".join(words.split())
    if len(digits) == 9 and digits.isdigit():  # noqa: PLR2004 - a SIREN
        return invoices.filter(Q(seller_siren=digits) | Q(buyer_siren=digits))
    return invoices.filter(
        Q(number__icontains=words) | Q(seller_name__icontains=words) | Q(buyer_name__icontains=words)
    )
