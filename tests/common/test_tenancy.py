"""The context: what is set, what is restored, what is refused."""

from uuid import uuid4

import pytest
from django.db import IntegrityError, ProgrammingError, connection, transaction

from clients.models import Client
from common.tenancy import Tenant, TenantError, current_tenant, tenant
from tests.factories import FirmFactory, make_client, siren

pytestmark = pytest.mark.django_db


def setting(name: str) -> str | None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT nullif(current_setting(%s, true), '')", [f"app.{name}"])
        value: str | None = cursor.fetchone()[0]
        return value


def test_application_role_owns_nothing_and_cannot_bypass() -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT rolname, rolsuper, rolbypassrls, rolcreaterole FROM pg_roles WHERE rolname = current_user"
        )
        assert cursor.fetchone() == ("jefacture_app", False, False, False)
        cursor.execute("SELECT count(*) FROM pg_class WHERE relowner = current_user::regrole")
        assert cursor.fetchone() == (0,)
        cursor.execute("SELECT count(*) FROM pg_auth_members WHERE member = current_user::regrole")
        assert cursor.fetchone() == (0,)


def test_no_context_sees_and_writes_nothing() -> None:
    client = make_client(FirmFactory.create())
    assert Client.objects.count() == 0
    with pytest.raises(ProgrammingError, match="row-level security"), transaction.atomic():
        Client.objects.create(firm_id=client.firm_id, name="Intrus", siren=siren(1))


def test_context_is_restored_after_a_nested_one() -> None:
    firm, company = uuid4(), uuid4()
    with tenant(firm=firm):
        with tenant(firm=firm, company=company):
            assert (setting("firm"), setting("company")) == (str(firm), str(company))
        assert (setting("firm"), setting("company")) == (str(firm), None)
        assert current_tenant() == Tenant(firm=firm)
    assert setting("firm") is None
    assert current_tenant() == Tenant()


def test_context_inside_a_transaction_leaves_nothing_behind() -> None:
    with transaction.atomic():
        with tenant(firm=uuid4()):
            pass
        assert setting("firm") is None


def test_failed_context_leaves_nothing_behind() -> None:
    firm = uuid4()
    with tenant(firm=firm):
        with pytest.raises(ValueError, match="fails"), tenant(firm=firm, company=uuid4()):
            raise ValueError("fails")
        assert (setting("firm"), setting("company")) == (str(firm), None)
        assert current_tenant() == Tenant(firm=firm)


def test_context_that_is_rolled_back_leaves_nothing_behind() -> None:
    firm = uuid4()
    with tenant(firm=firm):
        with tenant(firm=firm, company=uuid4()):
            transaction.set_rollback(True)
        assert (setting("firm"), setting("company")) == (str(firm), None)
        assert current_tenant() == Tenant(firm=firm)


def test_database_error_in_a_nested_context_leaves_the_outer_one_usable() -> None:
    firm = FirmFactory.create()
    client = make_client(firm)
    with tenant(firm=firm.pk):
        with pytest.raises(IntegrityError), tenant(firm=firm.pk):
            Client.objects.create(firm=firm, name="Doublon", siren=client.siren)
        assert list(Client.objects.values_list("pk", flat=True)) == [client.pk]


@pytest.mark.parametrize(
    "inner",
    [
        {"firm": uuid4()},
        {"company": uuid4()},
        {"person": uuid4()},
        {"platform": "why"},
    ],
)
def test_other_tenant_inside_is_refused(inner: dict[str, object]) -> None:
    with tenant(firm=uuid4()), pytest.raises(TenantError), tenant(**inner):  # type: ignore[arg-type] # parametrised
        pass


def test_tenant_inside_platform_is_refused() -> None:
    with tenant(platform="why"), pytest.raises(TenantError), tenant(firm=uuid4()):
        pass


def test_empty_context_is_refused() -> None:
    with pytest.raises(TenantError), tenant():
        pass


@pytest.mark.django_db
def test_functions_of_the_owner_are_the_application_s_alone_and_no_temporary_table_comes_first() -> None:
    with connection.cursor() as cursor:
        cursor.execute("""
            SELECT proname, proconfig, array_agg(grantee::regrole::text ORDER BY 1) FILTER (WHERE grantee <> proowner),
              bool_or(grantee = 0)
            FROM pg_proc, aclexplode(coalesce(proacl, acldefault('f', proowner)))
            WHERE prosecdef GROUP BY oid, proname, proconfig ORDER BY proname""")
        found = cursor.fetchall()
    fence = (["search_path=pg_catalog, public, pg_temp"], ["jefacture_app"], False)
    assert found == [(name, *fence) for name in ("common_is_kept", "invoices_found")]
