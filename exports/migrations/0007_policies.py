"""Row-level security of exports, written by `manage.py make_policies exports` from its policies.py."""

from django.db import migrations

STATEMENTS = [
    """DO $$ DECLARE policy record; BEGIN
  FOR policy IN SELECT policyname FROM pg_policies WHERE schemaname = current_schema() AND tablename = 'exports_exportconfiguration' LOOP
    EXECUTE format('DROP POLICY %I ON exports_exportconfiguration', policy.policyname);
  END LOOP;
END $$""",
    """ALTER TABLE "exports_exportconfiguration" ENABLE ROW LEVEL SECURITY""",
    """CREATE POLICY firm_select ON "exports_exportconfiguration" FOR SELECT TO jefacture_app USING (firm_id = (SELECT nullif(current_setting('app.firm', true), '')::uuid))""",
    """CREATE POLICY firm_insert ON "exports_exportconfiguration" FOR INSERT TO jefacture_app WITH CHECK (firm_id = (SELECT nullif(current_setting('app.firm', true), '')::uuid))""",
    """CREATE POLICY firm_update ON "exports_exportconfiguration" FOR UPDATE TO jefacture_app USING (firm_id = (SELECT nullif(current_setting('app.firm', true), '')::uuid)) WITH CHECK (firm_id = (SELECT nullif(current_setting('app.firm', true), '')::uuid))""",
    """CREATE POLICY firm_delete ON "exports_exportconfiguration" FOR DELETE TO jefacture_app USING (firm_id = (SELECT nullif(current_setting('app.firm', true), '')::uuid))""",
    """CREATE POLICY platform_select ON "exports_exportconfiguration" FOR SELECT TO jefacture_app USING ((SELECT nullif(current_setting('app.platform', true), '')::text) IS NOT NULL)""",
    """CREATE POLICY platform_update ON "exports_exportconfiguration" FOR UPDATE TO jefacture_app USING ((SELECT nullif(current_setting('app.platform', true), '')::text) IS NOT NULL) WITH CHECK ((SELECT nullif(current_setting('app.platform', true), '')::text) IS NOT NULL)""",
    """DO $$ DECLARE policy record; BEGIN
  FOR policy IN SELECT policyname FROM pg_policies WHERE schemaname = current_schema() AND tablename = 'exports_clientexport' LOOP
    EXECUTE format('DROP POLICY %I ON exports_clientexport', policy.policyname);
  END LOOP;
END $$""",
    """ALTER TABLE "exports_clientexport" ENABLE ROW LEVEL SECURITY""",
    """CREATE POLICY firm_select ON "exports_clientexport" FOR SELECT TO jefacture_app USING (firm_id = (SELECT nullif(current_setting('app.firm', true), '')::uuid))""",
    """CREATE POLICY firm_insert ON "exports_clientexport" FOR INSERT TO jefacture_app WITH CHECK (firm_id = (SELECT nullif(current_setting('app.firm', true), '')::uuid))""",
    """CREATE POLICY firm_update ON "exports_clientexport" FOR UPDATE TO jefacture_app USING (firm_id = (SELECT nullif(current_setting('app.firm', true), '')::uuid)) WITH CHECK (firm_id = (SELECT nullif(current_setting('app.firm', true), '')::uuid))""",
    """CREATE POLICY firm_delete ON "exports_clientexport" FOR DELETE TO jefacture_app USING (firm_id = (SELECT nullif(current_setting('app.firm', true), '')::uuid))""",
    """CREATE POLICY platform_select ON "exports_clientexport" FOR SELECT TO jefacture_app USING ((SELECT nullif(current_setting('app.platform', true), '')::text) IS NOT NULL)""",
    """CREATE POLICY platform_update ON "exports_clientexport" FOR UPDATE TO jefacture_app USING ((SELECT nullif(current_setting('app.platform', true), '')::text) IS NOT NULL) WITH CHECK ((SELECT nullif(current_setting('app.platform', true), '')::text) IS NOT NULL)""",
    """DO $$ DECLARE policy record; BEGIN
  FOR policy IN SELECT policyname FROM pg_policies WHERE schemaname = current_schema() AND tablename = 'exports_delivery' LOOP
    EXECUTE format('DROP POLICY %I ON exports_delivery', policy.policyname);
  END LOOP;
END $$""",
    """ALTER TABLE "exports_delivery" ENABLE ROW LEVEL SECURITY""",
    """CREATE POLICY firm_select ON "exports_delivery" FOR SELECT TO jefacture_app USING (firm_id = (SELECT nullif(current_setting('app.firm', true), '')::uuid))""",
    """CREATE POLICY firm_insert ON "exports_delivery" FOR INSERT TO jefacture_app WITH CHECK (firm_id = (SELECT nullif(current_setting('app.firm', true), '')::uuid))""",
    """CREATE POLICY firm_update ON "exports_delivery" FOR UPDATE TO jefacture_app USING (firm_id = (SELECT nullif(current_setting('app.firm', true), '')::uuid)) WITH CHECK (firm_id = (SELECT nullif(current_setting('app.firm', true), '')::uuid))""",
    """CREATE POLICY firm_delete ON "exports_delivery" FOR DELETE TO jefacture_app USING (firm_id = (SELECT nullif(current_setting('app.firm', true), '')::uuid))""",
    """CREATE POLICY company_select ON "exports_delivery" FOR SELECT TO jefacture_app USING (company_id = (SELECT nullif(current_setting('app.company', true), '')::uuid))""",
    """CREATE POLICY platform_select ON "exports_delivery" FOR SELECT TO jefacture_app USING ((SELECT nullif(current_setting('app.platform', true), '')::text) IS NOT NULL)""",
    """CREATE POLICY platform_update ON "exports_delivery" FOR UPDATE TO jefacture_app USING ((SELECT nullif(current_setting('app.platform', true), '')::text) IS NOT NULL) WITH CHECK ((SELECT nullif(current_setting('app.platform', true), '')::text) IS NOT NULL)""",
    """DO $$ DECLARE policy record; BEGIN
  FOR policy IN SELECT policyname FROM pg_policies WHERE schemaname = current_schema() AND tablename = 'exports_partnercall' LOOP
    EXECUTE format('DROP POLICY %I ON exports_partnercall', policy.policyname);
  END LOOP;
END $$""",
    """ALTER TABLE "exports_partnercall" ENABLE ROW LEVEL SECURITY""",
    """CREATE POLICY firm_select ON "exports_partnercall" FOR SELECT TO jefacture_app USING (firm_id = (SELECT nullif(current_setting('app.firm', true), '')::uuid))""",
    """CREATE POLICY firm_insert ON "exports_partnercall" FOR INSERT TO jefacture_app WITH CHECK (firm_id = (SELECT nullif(current_setting('app.firm', true), '')::uuid))""",
    """CREATE POLICY firm_update ON "exports_partnercall" FOR UPDATE TO jefacture_app USING (firm_id = (SELECT nullif(current_setting('app.firm', true), '')::uuid)) WITH CHECK (firm_id = (SELECT nullif(current_setting('app.firm', true), '')::uuid))""",
    """CREATE POLICY firm_delete ON "exports_partnercall" FOR DELETE TO jefacture_app USING (firm_id = (SELECT nullif(current_setting('app.firm', true), '')::uuid))""",
    """CREATE POLICY platform_select ON "exports_partnercall" FOR SELECT TO jefacture_app USING ((SELECT nullif(current_setting('app.platform', true), '')::text) IS NOT NULL)""",
    """CREATE POLICY platform_update ON "exports_partnercall" FOR UPDATE TO jefacture_app USING ((SELECT nullif(current_setting('app.platform', true), '')::text) IS NOT NULL) WITH CHECK ((SELECT nullif(current_setting('app.platform', true), '')::text) IS NOT NULL)""",
    """DO $$ DECLARE policy record; BEGIN
  FOR policy IN SELECT policyname FROM pg_policies WHERE schemaname = current_schema() AND tablename = 'exports_firmexport' LOOP
    EXECUTE format('DROP POLICY %I ON exports_firmexport', policy.policyname);
  END LOOP;
END $$""",
    """ALTER TABLE "exports_firmexport" ENABLE ROW LEVEL SECURITY""",
    """CREATE POLICY firm_select ON "exports_firmexport" FOR SELECT TO jefacture_app USING (firm_id = (SELECT nullif(current_setting('app.firm', true), '')::uuid))""",
    """CREATE POLICY firm_insert ON "exports_firmexport" FOR INSERT TO jefacture_app WITH CHECK (firm_id = (SELECT nullif(current_setting('app.firm', true), '')::uuid))""",
    """CREATE POLICY firm_update ON "exports_firmexport" FOR UPDATE TO jefacture_app USING (firm_id = (SELECT nullif(current_setting('app.firm', true), '')::uuid)) WITH CHECK (firm_id = (SELECT nullif(current_setting('app.firm', true), '')::uuid))""",
    """CREATE POLICY platform_select ON "exports_firmexport" FOR SELECT TO jefacture_app USING ((SELECT nullif(current_setting('app.platform', true), '')::text) IS NOT NULL)""",
    """CREATE POLICY platform_update ON "exports_firmexport" FOR UPDATE TO jefacture_app USING ((SELECT nullif(current_setting('app.platform', true), '')::text) IS NOT NULL) WITH CHECK ((SELECT nullif(current_setting('app.platform', true), '')::text) IS NOT NULL)""",
]


class Migration(migrations.Migration):
    dependencies = [("exports", "0006_firm_export")]

    operations = [migrations.RunSQL(STATEMENTS, reverse_sql=migrations.RunSQL.noop)]
