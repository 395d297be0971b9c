"""The demonstration's data: two firms, their people, clients in every status, invoices in every state. Made once."""
