from common.tenancy.policies import Rows, TablePolicy

POLICIES = [
    TablePolicy(table="invitations_invitation", firm=Rows("SIU"), company=Rows("S"), platform=Rows("SU")),
]
