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
]
