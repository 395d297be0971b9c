from clients.enums import ClientStatus
from common.tenancy.policies import Rows, TablePolicy, setting

_FIRM_HAS_IT_ACTIVE = (
    "EXISTS (SELECT 1 FROM clients_client c WHERE c.company_id = clients_company.id"
    f" AND c.firm_id = {setting('firm')} AND c.status = '{ClientStatus.ACTIVE.value}')"
)
_PERSON_BELONGS = (
    "EXISTS (SELECT 1 FROM clients_companymembership m WHERE m.company_id = clients_company.id"
    f" AND m.person_id = {setting('person')})"
)
# « Annuler cet import » takes back a file that nothing was built on; any other stays, archived at most.
_NOTHING_BUILT_ON_IT = f"(status = '{ClientStatus.CREATED.value}' AND company_id IS NULL AND NOT is_firm_file)"

POLICIES = [
    TablePolicy(
        table="clients_client",
        firm=Rows("SIUD", delete_where=_NOTHING_BUILT_ON_IT),
        company=Rows("S"),
        platform=Rows("SU"),
    ),
    TablePolicy(
        table="clients_company",
        firm=Rows("S", where=_FIRM_HAS_IT_ACTIVE),
        company=Rows("SU", where=f"id = {setting('company')}"),
        person=Rows("S", where=_PERSON_BELONGS),
        platform=Rows("SI"),
    ),
    TablePolicy(table="clients_companymembership", company=Rows("SIU"), person=Rows("S"), platform=Rows("SI")),
    TablePolicy(table="clients_clientassignment", firm=Rows("SIUD"), platform=Rows("SU")),
    TablePolicy(table="clients_portfolio", firm=Rows("SIUD"), platform=Rows("S")),
    TablePolicy(table="clients_portfoliomember", firm=Rows("SIUD"), platform=Rows("S")),
    TablePolicy(table="clients_portfolioclient", firm=Rows("SIUD"), platform=Rows("S")),
    TablePolicy(table="clients_importjob", firm=Rows("SIUD"), platform=Rows("SU")),
    TablePolicy(table="clients_importrow", firm=Rows("SIUD"), platform=Rows("SU")),
    TablePolicy(table="clients_importwording", firm=Rows("SIUD"), platform=Rows("SU")),
    TablePolicy(table="clients_enrichment", firm=Rows("SIUD"), platform=Rows("SU")),
    TablePolicy(table="clients_earlieraccess", firm=Rows("S"), company=Rows("SIU"), platform=Rows("SU")),
]
