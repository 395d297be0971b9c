from common.tenancy.policies import Rows, TablePolicy

POLICIES = [
    TablePolicy(
        table="common_journalentry",
        firm=Rows("SI"),
        company=Rows("SI"),
        person=Rows("SI"),
        platform=Rows("SI"),
        revoke=("UPDATE", "DELETE", "TRUNCATE"),
    ),
    TablePolicy(
        table="common_journalseal",
        platform=Rows("SI"),
        revoke=("UPDATE", "DELETE", "TRUNCATE"),
    ),
    # PostgreSQL's triggers write it in the company's own context; nobody alters it.
    TablePolicy(
        table="common_keptobject",
        company=Rows("SI"),
        platform=Rows("S"),
        revoke=("UPDATE", "DELETE", "TRUNCATE"),
    ),
    TablePolicy(
        table="common_keptseal",
        platform=Rows("SI"),
        revoke=("UPDATE", "DELETE", "TRUNCATE"),
    ),
]
