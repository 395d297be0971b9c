"""The firm's own CGU: its administrateurs can show who accepted them."""

from accounts.services import accept_terms, current_terms
from tests.browsing import signed_in, text_of
from tests.factories import make_cabinet


def test_administrateur_downloads_the_proof_of_the_firms_own_terms(db: None) -> None:
    cabinet, other = make_cabinet(), make_cabinet()
    expert = cabinet.administrator.user
    accept_terms(expert, terms=current_terms("firm"), party=cabinet.firm.pk, ip="192.0.2.7", user_agent="Navigateur")
    profile = f"/cabinets/{cabinet.firm.siret}/profil/"
    pages = [text_of(signed_in(each.user).get(profile)) for each in (cabinet.administrator, cabinet.assigned)]
    assert ["Télécharger la preuve" in page for page in pages] == [True, False]

    people = (cabinet.administrator, cabinet.assigned, other.administrator)
    answers = [signed_in(each.user).get(f"{profile}preuve-cgu/") for each in people]
    assert [answer.status_code for answer in answers] == [200, 403, 404]
    assert answers[0].content.startswith(b"%PDF")
