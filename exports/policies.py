from common.tenancy.policies import Rows, TablePolicy

POLICIES = [
    TablePolicy(table="exports_exportconfiguration", firm=Rows("SIUD"), platform=Rows("SU")),
    TablePolicy(table="exports_clientexport", firm=Rows("SIUD"), platform=Rows("SU")),
    TablePolicy(table="exports_delivery", firm=Rows("SIUD"), company=Rows("S"), platform=Rows("SU")),
    TablePolicy(table="exports_partnercall", firm=Rows("SIUD"), platform=Rows("SU")),
    TablePolicy(table="exports_firmexport", firm=Rows("SIU"), platform=Rows("SU")),
]
