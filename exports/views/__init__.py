"""Pages of the exports: where invoices leave to, and who comes to fetch them."""
