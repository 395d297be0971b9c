"""Row-level security of outbox, written by `manage.py make_policies outbox` from its policies.py."""

from django.db import migrations

STATEMENTS = [
    """DO $$ DECLARE policy record; BEGIN
  FOR policy IN SELECT policyname FROM pg_policies WHERE schemaname = current_schema() AND tablename = 'outbox_outgoingemail' LOOP
    EXECUTE format('DROP POLICY %I ON outbox_outgoingemail', policy.policyname);
  END LOOP;
END $$""",
    """ALTER TABLE "outbox_outgoingemail" ENABLE ROW LEVEL SECURITY""",
    """CREATE POLICY firm_select ON "outbox_outgoingemail" FOR SELECT TO jefacture_app USING (firm_id = (SELECT nullif(current_setting('app.firm', true), '')::uuid))""",
    """CREATE POLICY firm_insert ON "outbox_outgoingemail" FOR INSERT TO jefacture_app WITH CHECK (firm_id = (SELECT nullif(current_setting('app.firm', true), '')::uuid))""",
    """CREATE POLICY firm_update ON "outbox_outgoingemail" FOR UPDATE TO jefacture_app USING (firm_id = (SELECT nullif(current_setting('app.firm', true), '')::uuid)) WITH CHECK (firm_id = (SELECT nullif(current_setting('app.firm', true), '')::uuid))""",
    """CREATE POLICY company_select ON "outbox_outgoingemail" FOR SELECT TO jefacture_app USING (company_id = (SELECT nullif(current_setting('app.company', true), '')::uuid))""",
    """CREATE POLICY company_insert ON "outbox_outgoingemail" FOR INSERT TO jefacture_app WITH CHECK (company_id = (SELECT nullif(current_setting('app.company', true), '')::uuid))""",
    """CREATE POLICY platform_select ON "outbox_outgoingemail" FOR SELECT TO jefacture_app USING ((SELECT nullif(current_setting('app.platform', true), '')::text) IS NOT NULL)""",
    """CREATE POLICY platform_insert ON "outbox_outgoingemail" FOR INSERT TO jefacture_app WITH CHECK ((SELECT nullif(current_setting('app.platform', true), '')::text) IS NOT NULL)""",
    """CREATE POLICY platform_update ON "outbox_outgoingemail" FOR UPDATE TO jefacture_app USING ((SELECT nullif(current_setting('app.platform', true), '')::text) IS NOT NULL) WITH CHECK ((SELECT nullif(current_setting('app.platform', true), '')::text) IS NOT NULL)""",
    """CREATE POLICY platform_delete ON "outbox_outgoingemail" FOR DELETE TO jefacture_app USING ((SELECT nullif(current_setting('app.platform', true), '')::text) IS NOT NULL)""",
]


class Migration(migrations.Migration):
    dependencies = [("outbox", "0003_bounces_and_age")]

    operations = [migrations.RunSQL(STATEMENTS, reverse_sql=migrations.RunSQL.noop)]
