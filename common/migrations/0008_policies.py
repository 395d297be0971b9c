"""Row-level security of common, written by `manage.py make_policies common` from its policies.py."""

from django.db import migrations

STATEMENTS = [
    """DO $$ DECLARE policy record; BEGIN
  FOR policy IN SELECT policyname FROM pg_policies WHERE schemaname = current_schema() AND tablename = 'common_journalentry' LOOP
    EXECUTE format('DROP POLICY %I ON common_journalentry', policy.policyname);
  END LOOP;
END $$""",
    """ALTER TABLE "common_journalentry" ENABLE ROW LEVEL SECURITY""",
    """CREATE POLICY firm_select ON "common_journalentry" FOR SELECT TO jefacture_app USING (firm_id = (SELECT nullif(current_setting('app.firm', true), '')::uuid))""",
    """CREATE POLICY firm_insert ON "common_journalentry" FOR INSERT TO jefacture_app WITH CHECK (firm_id = (SELECT nullif(current_setting('app.firm', true), '')::uuid))""",
    """CREATE POLICY company_select ON "common_journalentry" FOR SELECT TO jefacture_app USING (company_id = (SELECT nullif(current_setting('app.company', true), '')::uuid))""",
    """CREATE POLICY company_insert ON "common_journalentry" FOR INSERT TO jefacture_app WITH CHECK (company_id = (SELECT nullif(current_setting('app.company', true), '')::uuid))""",
    """CREATE POLICY person_select ON "common_journalentry" FOR SELECT TO jefacture_app USING (person_id = (SELECT nullif(current_setting('app.person', true), '')::uuid))""",
    """CREATE POLICY person_insert ON "common_journalentry" FOR INSERT TO jefacture_app WITH CHECK (person_id = (SELECT nullif(current_setting('app.person', true), '')::uuid))""",
    """CREATE POLICY platform_select ON "common_journalentry" FOR SELECT TO jefacture_app USING ((SELECT nullif(current_setting('app.platform', true), '')::text) IS NOT NULL)""",
    """CREATE POLICY platform_insert ON "common_journalentry" FOR INSERT TO jefacture_app WITH CHECK ((SELECT nullif(current_setting('app.platform', true), '')::text) IS NOT NULL)""",
    """REVOKE UPDATE, DELETE, TRUNCATE ON "common_journalentry" FROM jefacture_app""",
    """DO $$ DECLARE policy record; BEGIN
  FOR policy IN SELECT policyname FROM pg_policies WHERE schemaname = current_schema() AND tablename = 'common_journalseal' LOOP
    EXECUTE format('DROP POLICY %I ON common_journalseal', policy.policyname);
  END LOOP;
END $$""",
    """ALTER TABLE "common_journalseal" ENABLE ROW LEVEL SECURITY""",
    """CREATE POLICY platform_select ON "common_journalseal" FOR SELECT TO jefacture_app USING ((SELECT nullif(current_setting('app.platform', true), '')::text) IS NOT NULL)""",
    """CREATE POLICY platform_insert ON "common_journalseal" FOR INSERT TO jefacture_app WITH CHECK ((SELECT nullif(current_setting('app.platform', true), '')::text) IS NOT NULL)""",
    """REVOKE UPDATE, DELETE, TRUNCATE ON "common_journalseal" FROM jefacture_app""",
    """DO $$ DECLARE policy record; BEGIN
  FOR policy IN SELECT policyname FROM pg_policies WHERE schemaname = current_schema() AND tablename = 'common_keptobject' LOOP
    EXECUTE format('DROP POLICY %I ON common_keptobject', policy.policyname);
  END LOOP;
END $$""",
    """ALTER TABLE "common_keptobject" ENABLE ROW LEVEL SECURITY""",
    """CREATE POLICY company_select ON "common_keptobject" FOR SELECT TO jefacture_app USING (company_id = (SELECT nullif(current_setting('app.company', true), '')::uuid))""",
    """CREATE POLICY company_insert ON "common_keptobject" FOR INSERT TO jefacture_app WITH CHECK (company_id = (SELECT nullif(current_setting('app.company', true), '')::uuid))""",
    """CREATE POLICY platform_select ON "common_keptobject" FOR SELECT TO jefacture_app USING ((SELECT nullif(current_setting('app.platform', true), '')::text) IS NOT NULL)""",
    """REVOKE UPDATE, DELETE, TRUNCATE ON "common_keptobject" FROM jefacture_app""",
    """DO $$ DECLARE policy record; BEGIN
  FOR policy IN SELECT policyname FROM pg_policies WHERE schemaname = current_schema() AND tablename = 'common_keptseal' LOOP
    EXECUTE format('DROP POLICY %I ON common_keptseal', policy.policyname);
  END LOOP;
END $$""",
    """ALTER TABLE "common_keptseal" ENABLE ROW LEVEL SECURITY""",
    """CREATE POLICY platform_select ON "common_keptseal" FOR SELECT TO jefacture_app USING ((SELECT nullif(current_setting('app.platform', true), '')::text) IS NOT NULL)""",
    """CREATE POLICY platform_insert ON "common_keptseal" FOR INSERT TO jefacture_app WITH CHECK ((SELECT nullif(current_setting('app.platform', true), '')::text) IS NOT NULL)""",
    """REVOKE UPDATE, DELETE, TRUNCATE ON "common_keptseal" FROM jefacture_app""",
]


class Migration(migrations.Migration):
    dependencies = [("common", "0007_kept_objects")]

    operations = [migrations.RunSQL(STATEMENTS, reverse_sql=migrations.RunSQL.noop)]
