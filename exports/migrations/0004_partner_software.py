"""The partner software that jefacture knows from the start; partners write these ids into their settings."""

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

SOFTWARE = [
    ("5a4c1f0e-0b6d-4d0f-9a7e-6f3f2f1c0a01", "acd", "ACD"),
    ("5a4c1f0e-0b6d-4d0f-9a7e-6f3f2f1c0a02", "myunisoft", "MyUnisoft"),
    ("5a4c1f0e-0b6d-4d0f-9a7e-6f3f2f1c0a03", "ebp", "EBP"),
    ("5a4c1f0e-0b6d-4d0f-9a7e-6f3f2f1c0a04", "transfertfact", "Transfertfact"),
    ("5a4c1f0e-0b6d-4d0f-9a7e-6f3f2f1c0a05", "autre", "Autre logiciel"),
]


def add_software(apps: Apps, _schema_editor: BaseDatabaseSchemaEditor) -> None:
    model = apps.get_model("firms", "PartnerSoftware")
    for pk, slug, name in SOFTWARE:
        model.objects.get_or_create(slug=slug, defaults={"id": pk, "name": name})


class Migration(migrations.Migration):
    dependencies = [("exports", "0003_client_addresses"), ("firms", "0001_initial")]

    operations = [migrations.RunPython(add_software, migrations.RunPython.noop)]
