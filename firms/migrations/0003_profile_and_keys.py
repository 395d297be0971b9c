from django.contrib.postgres.fields import ArrayField
from django.db import migrations, models

# Until now a key with an end was one that had been regenerated.
_MARK_REPLACED = "UPDATE firms_apikey SET replaced_at = now() WHERE expires_at IS NOT NULL"


class Migration(migrations.Migration):
    dependencies = [("firms", "0002_comptexpert")]

    operations = [
        migrations.AddField("firm", "identity_read_at", models.DateTimeField(blank=True, null=True)),
        migrations.AddField(
            "firm",
            "sender_name",
            models.CharField(blank=True, db_default="", default="", max_length=100, verbose_name="nom d'expéditeur"),
        ),
        migrations.AddField(
            "firm",
            "contact_email",
            models.EmailField(blank=True, db_default="", default="", max_length=254, verbose_name="e-mail de contact"),
        ),
        migrations.AddField(
            "firm",
            "contact_phone",
            models.CharField(blank=True, db_default="", default="", max_length=30, verbose_name="téléphone"),
        ),
        migrations.AddField("firm", "logo", models.UUIDField(blank=True, null=True, unique=True)),
        migrations.AddField(
            "apikey",
            "networks",
            ArrayField(models.CharField(max_length=49), db_default=[], default=list, size=None),
        ),
        migrations.AddField("apikey", "replaced_at", models.DateTimeField(blank=True, null=True)),
        migrations.AddField("apikey", "refused_at", models.DateTimeField(blank=True, null=True)),
        migrations.AddField("apikey", "refused_from", models.GenericIPAddressField(blank=True, null=True)),
        migrations.RunSQL(_MARK_REPLACED, reverse_sql=migrations.RunSQL.noop),
    ]
