from common.tenancy.policies import Rows, TablePolicy

POLICIES = [
    TablePolicy(table="invitations_invitationsettings", firm=Rows("SIU"), platform=Rows("S")),
    TablePolicy(table="invitations_invitation", firm=Rows("SIU"), company=Rows("S"), platform=Rows("SU")),
    TablePolicy(table="invitations_companyinvitation", company=Rows("SIU"), platform=Rows("S")),
    TablePolicy(table="invitations_invitationbatch", firm=Rows("SIU"), platform=Rows("SU")),
    TablePolicy(table="invitations_batchrow", firm=Rows("SIU"), platform=Rows("SU")),
]
