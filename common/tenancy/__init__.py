"""Whose rows may be seen and written in the database right now (row-level security; see docs/security.md)."""

from common.tenancy.context import NoTenantError, Tenant, TenantError, current_tenant, require_tenant, tenant
from common.tenancy.policies import Access, Rows, TablePolicy

__all__ = [
    "Access",
    "NoTenantError",
    "Rows",
    "TablePolicy",
    "Tenant",
    "TenantError",
    "current_tenant",
    "require_tenant",
    "tenant",
]
