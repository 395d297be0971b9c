from common.tenancy.policies import Rows, TablePolicy, setting


def _firm_has_a_part(table: str, column: str) -> str:
    return (
        "EXISTS (SELECT 1 FROM invoices_firminvoice part"
        f" WHERE part.invoice_id = {table}.{column} AND part.firm_id = {setting('firm')})"
    )


def _of_invoice(table: str, column: str = "invoice_id") -> TablePolicy:
    return TablePolicy(
        table=table,
        firm=Rows("S", where=_firm_has_a_part(table, column)),
        company=Rows("SIU"),
        platform=Rows("SU"),
    )


POLICIES = [
    _of_invoice("invoices_invoice", "id"),
    _of_invoice("invoices_deposit"),
    _of_invoice("invoices_invoicefile"),
    _of_invoice("invoices_invoiceevent"),
    _of_invoice("invoices_invoicecheck"),
    TablePolicy(table="invoices_parcel", company=Rows("SIU"), platform=Rows("SU")),
    # Looked up by the address that a message is sent to, before its company is known.
    TablePolicy(table="invoices_mailbox", company=Rows("SIU"), platform=Rows("S")),
    TablePolicy(table="invoices_knownsender", company=Rows("SID")),
    TablePolicy(table="invoices_partnerdeposit", firm=Rows("SIU")),
    TablePolicy(table="invoices_companyexport", company=Rows("SIU"), platform=Rows("SU")),
    TablePolicy(table="invoices_firminvoice", firm=Rows("SU"), company=Rows("SIU"), platform=Rows("SU")),
]
