from common.tenancy.policies import Rows, TablePolicy

POLICIES = [
    TablePolicy(table="outbox_outgoingemail", firm=Rows("SIU"), company=Rows("SI"), platform=Rows("SIUD")),
]
