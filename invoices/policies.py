from common.tenancy.policies import Rows, TablePolicy, setting


def _firm_has_a_part(table: str, column: str) -> str:
    return (
        "EXISTS (SELECT 1 FROM invoices_firminvoice part"
        f" WHERE part.invoice_id = {table}.{column} AND part.firm_id = {setting('firm')})"
    )


# « Conservation »: nobody who works with invoices removes one (see invoices/models/retention.py).
_KEPT = ("DELETE", "TRUNCATE")


def _of_invoice(
    table: str,
    column: str = "invoice_id",
    *,
    may: str = "SIU",
    or_where: str = "",
    revoke: tuple[str, ...] = (),
) -> TablePolicy:
    return TablePolicy(
        table=table,
        firm=Rows("S", where=f"({_firm_has_a_part(table, column)}{or_where})"),
        company=Rows(may),
        platform=Rows("SU" if "U" in may else "S"),
        revoke=revoke,
    )


POLICIES = [
    _of_invoice("invoices_invoice", "id", revoke=_KEPT),
    # What a firm deposited itself it sees, whatever became of it.
    _of_invoice("invoices_deposit", or_where=f" OR firm_id = {setting('firm')}", revoke=_KEPT),
    _of_invoice("invoices_invoicefile", revoke=_KEPT),
    _of_invoice("invoices_invoiceevent", may="SI", revoke=("UPDATE", *_KEPT)),
    _of_invoice("invoices_invoicecomment", may="SI", revoke=("UPDATE", *_KEPT)),
    TablePolicy(table="invoices_automaticrule", company=Rows("SIU")),
    _of_invoice("invoices_invoicecheck"),
    TablePolicy(table="invoices_parcel", company=Rows("SIU"), platform=Rows("SU"), revoke=_KEPT),
    # Looked up by the address that a message is sent to, before its company is known.
    TablePolicy(table="invoices_mailbox", company=Rows("SIU"), platform=Rows("S")),
    TablePolicy(table="invoices_knownsender", company=Rows("SID")),
    TablePolicy(table="invoices_partnerdeposit", firm=Rows("SIU")),
    TablePolicy(table="invoices_recheck", company=Rows("SIU"), platform=Rows("SU")),
    TablePolicy(table="invoices_companyexport", company=Rows("SIU"), platform=Rows("SU")),
    TablePolicy(table="invoices_firminvoice", firm=Rows("SU"), company=Rows("SIU"), platform=Rows("SU")),
    _of_invoice("invoices_invoicehold", revoke=_KEPT),
    TablePolicy(table="invoices_savedview", firm=Rows("SIUD"), company=Rows("SIUD")),
    TablePolicy(table="invoices_eventseal", platform=Rows("SI"), revoke=("UPDATE", "DELETE", "TRUNCATE")),
]
