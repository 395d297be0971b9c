"""Row-level security of invitations, written by `manage.py make_policies invitations` from its policies.py."""

from django.db import migrations

STATEMENTS = [
    """DO $$ DECLARE policy record; BEGIN
  FOR policy IN SELECT policyname FROM pg_policies WHERE schemaname = current_schema() AND tablename = 'invitations_invitationsettings' LOOP
    EXECUTE format('DROP POLICY %I ON invitations_invitationsettings', policy.policyname);
  END LOOP;
END $$""",
    """ALTER TABLE "invitations_invitationsettings" ENABLE ROW LEVEL SECURITY""",
    """CREATE POLICY firm_select ON "invitations_invitationsettings" FOR SELECT TO jefacture_app USING (firm_id = (SELECT nullif(current_setting('app.firm', true), '')::uuid))""",
    """CREATE POLICY firm_insert ON "invitations_invitationsettings" FOR INSERT TO jefacture_app WITH CHECK (firm_id = (SELECT nullif(current_setting('app.firm', true), '')::uuid))""",
    """CREATE POLICY firm_update ON "invitations_invitationsettings" FOR UPDATE TO jefacture_app USING (firm_id = (SELECT nullif(current_setting('app.firm', true), '')::uuid)) WITH CHECK (firm_id = (SELECT nullif(current_setting('app.firm', true), '')::uuid))""",
    """CREATE POLICY platform_select ON "invitations_invitationsettings" FOR SELECT TO jefacture_app USING ((SELECT nullif(current_setting('app.platform', true), '')::text) IS NOT NULL)""",
    """DO $$ DECLARE policy record; BEGIN
  FOR policy IN SELECT policyname FROM pg_policies WHERE schemaname = current_schema() AND tablename = 'invitations_invitation' LOOP
    EXECUTE format('DROP POLICY %I ON invitations_invitation', policy.policyname);
  END LOOP;
END $$""",
    """ALTER TABLE "invitations_invitation" ENABLE ROW LEVEL SECURITY""",
    """CREATE POLICY firm_select ON "invitations_invitation" FOR SELECT TO jefacture_app USING (firm_id = (SELECT nullif(current_setting('app.firm', true), '')::uuid))""",
    """CREATE POLICY firm_insert ON "invitations_invitation" FOR INSERT TO jefacture_app WITH CHECK (firm_id = (SELECT nullif(current_setting('app.firm', true), '')::uuid))""",
    """CREATE POLICY firm_update ON "invitations_invitation" FOR UPDATE TO jefacture_app USING (firm_id = (SELECT nullif(current_setting('app.firm', true), '')::uuid)) WITH CHECK (firm_id = (SELECT nullif(current_setting('app.firm', true), '')::uuid))""",
    """CREATE POLICY company_select ON "invitations_invitation" FOR SELECT TO jefacture_app USING (company_id = (SELECT nullif(current_setting('app.company', true), '')::uuid))""",
    """CREATE POLICY platform_select ON "invitations_invitation" FOR SELECT TO jefacture_app USING ((SELECT nullif(current_setting('app.platform', true), '')::text) IS NOT NULL)""",
    """CREATE POLICY platform_update ON "invitations_invitation" FOR UPDATE TO jefacture_app USING ((SELECT nullif(current_setting('app.platform', true), '')::text) IS NOT NULL) WITH CHECK ((SELECT nullif(current_setting('app.platform', true), '')::text) IS NOT NULL)""",
    """DO $$ DECLARE policy record; BEGIN
  FOR policy IN SELECT policyname FROM pg_policies WHERE schemaname = current_schema() AND tablename = 'invitations_companyinvitation' LOOP
    EXECUTE format('DROP POLICY %I ON invitations_companyinvitation', policy.policyname);
  END LOOP;
END $$""",
    """ALTER TABLE "invitations_companyinvitation" ENABLE ROW LEVEL SECURITY""",
    """CREATE POLICY company_select ON "invitations_companyinvitation" FOR SELECT TO jefacture_app USING (company_id = (SELECT nullif(current_setting('app.company', true), '')::uuid))""",
    """CREATE POLICY company_insert ON "invitations_companyinvitation" FOR INSERT TO jefacture_app WITH CHECK (company_id = (SELECT nullif(current_setting('app.company', true), '')::uuid))""",
    """CREATE POLICY company_update ON "invitations_companyinvitation" FOR UPDATE TO jefacture_app USING (company_id = (SELECT nullif(current_setting('app.company', true), '')::uuid)) WITH CHECK (company_id = (SELECT nullif(current_setting('app.company', true), '')::uuid))""",
    """CREATE POLICY platform_select ON "invitations_companyinvitation" FOR SELECT TO jefacture_app USING ((SELECT nullif(current_setting('app.platform', true), '')::text) IS NOT NULL)""",
    """DO $$ DECLARE policy record; BEGIN
  FOR policy IN SELECT policyname FROM pg_policies WHERE schemaname = current_schema() AND tablename = 'invitations_invitationbatch' LOOP
    EXECUTE format('DROP POLICY %I ON invitations_invitationbatch', policy.policyname);
  END LOOP;
END $$""",
    """ALTER TABLE "invitations_invitationbatch" ENABLE ROW LEVEL SECURITY""",
    """CREATE POLICY firm_select ON "invitations_invitationbatch" FOR SELECT TO jefacture_app USING (firm_id = (SELECT nullif(current_setting('app.firm', true), '')::uuid))""",
    """CREATE POLICY firm_insert ON "invitations_invitationbatch" FOR INSERT TO jefacture_app WITH CHECK (firm_id = (SELECT nullif(current_setting('app.firm', true), '')::uuid))""",
    """CREATE POLICY firm_update ON "invitations_invitationbatch" FOR UPDATE TO jefacture_app USING (firm_id = (SELECT nullif(current_setting('app.firm', true), '')::uuid)) WITH CHECK (firm_id = (SELECT nullif(current_setting('app.firm', true), '')::uuid))""",
    """CREATE POLICY platform_select ON "invitations_invitationbatch" FOR SELECT TO jefacture_app USING ((SELECT nullif(current_setting('app.platform', true), '')::text) IS NOT NULL)""",
    """CREATE POLICY platform_update ON "invitations_invitationbatch" FOR UPDATE TO jefacture_app USING ((SELECT nullif(current_setting('app.platform', true), '')::text) IS NOT NULL) WITH CHECK ((SELECT nullif(current_setting('app.platform', true), '')::text) IS NOT NULL)""",
    """DO $$ DECLARE policy record; BEGIN
  FOR policy IN SELECT policyname FROM pg_policies WHERE schemaname = current_schema() AND tablename = 'invitations_batchrow' LOOP
    EXECUTE format('DROP POLICY %I ON invitations_batchrow', policy.policyname);
  END LOOP;
END $$""",
    """ALTER TABLE "invitations_batchrow" ENABLE ROW LEVEL SECURITY""",
    """CREATE POLICY firm_select ON "invitations_batchrow" FOR SELECT TO jefacture_app USING (firm_id = (SELECT nullif(current_setting('app.firm', true), '')::uuid))""",
    """CREATE POLICY firm_insert ON "invitations_batchrow" FOR INSERT TO jefacture_app WITH CHECK (firm_id = (SELECT nullif(current_setting('app.firm', true), '')::uuid))""",
    """CREATE POLICY firm_update ON "invitations_batchrow" FOR UPDATE TO jefacture_app USING (firm_id = (SELECT nullif(current_setting('app.firm', true), '')::uuid)) WITH CHECK (firm_id = (SELECT nullif(current_setting('app.firm', true), '')::uuid))""",
    """CREATE POLICY platform_select ON "invitations_batchrow" FOR SELECT TO jefacture_app USING ((SELECT nullif(current_setting('app.platform', true), '')::text) IS NOT NULL)""",
    """CREATE POLICY platform_update ON "invitations_batchrow" FOR UPDATE TO jefacture_app USING ((SELECT nullif(current_setting('app.platform', true), '')::text) IS NOT NULL) WITH CHECK ((SELECT nullif(current_setting('app.platform', true), '')::text) IS NOT NULL)""",
]


class Migration(migrations.Migration):
    dependencies = [("invitations", "0003_reminders_and_colleagues")]

    operations = [migrations.RunSQL(STATEMENTS, reverse_sql=migrations.RunSQL.noop)]
