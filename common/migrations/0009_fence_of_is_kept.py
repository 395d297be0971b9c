"""Who may ask whether bytes are kept: the application alone; and nobody's temporary tables come first in the answer."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("common", "0008_policies")]

    operations = [
        migrations.RunSQL(
            """ALTER FUNCTION common_is_kept(text) SET search_path = pg_catalog, public, pg_temp;
REVOKE ALL ON FUNCTION common_is_kept(text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION common_is_kept(text) TO jefacture_app""",
            reverse_sql=migrations.RunSQL.noop,
        )
    ]
