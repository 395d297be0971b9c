"""That a client accepted the CGU: the firm whose invitation it was can show it, and no other firm."""

from collections.abc import Callable

from django.test import Client as Browser

from accounts.models import TermsAcceptance
from accounts.selectors import acceptances_of
from clients.models import Client
from common.tenancy import tenant
from firms.models import Membership
from invitations.models import Invitation
from invitations.selectors import acceptance_behind
from tests.browsing import signed_in
from tests.factories import Cabinet, make_client
from tests.invitations.conftest import Link

Send = Callable[[Membership, Client], Link]


def _codes(cabinet: Cabinet, invitation: Invitation) -> dict[str, int]:
    address = f"/cabinets/{cabinet.firm.siret}/invitations/{invitation.pk}/preuve-cgu/"
    people = {"administrator": cabinet.administrator, "assigned": cabinet.assigned, "unassigned": cabinet.unassigned}
    return {who: signed_in(member.user).get(address).status_code for who, member in people.items()}


def test_firm_downloads_the_proof_of_its_client(link: Link, cabinet: Cabinet, other_cabinet: Cabinet) -> None:
    assert _codes(cabinet, link.invitation) == {"administrator": 404, "assigned": 404, "unassigned": 404}
    Browser().post(link.path, link.form)
    assert _codes(cabinet, link.invitation) == {"administrator": 200, "assigned": 200, "unassigned": 404}
    assert set(_codes(other_cabinet, link.invitation).values()) == {404}

    firm = signed_in(cabinet.administrator.user)
    space = f"/cabinets/{cabinet.firm.siret}"
    proof = f"{space}/invitations/{link.invitation.pk}/preuve-cgu/"
    assert proof in firm.get(f"{space}/clients/{cabinet.client.pk}/invitations/").content.decode()
    answer = firm.get(proof)
    assert (answer["Content-Type"], answer.content[:4]) == ("application/pdf", b"%PDF")
    assert answer["Content-Disposition"] == f'attachment; filename="cgu-{cabinet.client.siren}-2026-11.pdf"'


def test_firm_sees_the_acceptance_of_its_own_invitation(
    link: Link, cabinet: Cabinet, other_cabinet: Cabinet, send_invitation: Send
) -> None:
    """Two firms invite the same company, at two addresses: each has what was accepted by its own link."""
    Browser().post(link.path, link.form)
    same = make_client(other_cabinet.firm, siren=cabinet.client.siren, contact_email="associe@entreprise.test")
    other = send_invitation(other_cabinet.administrator, same)
    Browser().post(other.path, other.form)
    found = [_accepted(cabinet, link), _accepted(other_cabinet, other)]
    assert [str(each.user.email) for each in found] == [cabinet.client.contact_email, "associe@entreprise.test"]
    assert list(acceptances_of(found[0].party)) == [found[1], found[0]]


def _accepted(cabinet: Cabinet, link: Link) -> TermsAcceptance:
    with tenant(firm=cabinet.firm.pk):
        found = acceptance_behind(Invitation.objects.get(pk=link.invitation.pk))
    assert found is not None
    return found
