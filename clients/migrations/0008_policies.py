"""Row-level security of clients, written by `manage.py make_policies clients` from its policies.py."""

from django.db import migrations

STATEMENTS = [
    """DO $$ DECLARE policy record; BEGIN
  FOR policy IN SELECT policyname FROM pg_policies WHERE schemaname = current_schema() AND tablename = 'clients_client' LOOP
    EXECUTE format('DROP POLICY %I ON clients_client', policy.policyname);
  END LOOP;
END $$""",
    """ALTER TABLE "clients_client" ENABLE ROW LEVEL SECURITY""",
    """CREATE POLICY firm_select ON "clients_client" FOR SELECT TO jefacture_app USING (firm_id = (SELECT nullif(current_setting('app.firm', true), '')::uuid))""",
    """CREATE POLICY firm_insert ON "clients_client" FOR INSERT TO jefacture_app WITH CHECK (firm_id = (SELECT nullif(current_setting('app.firm', true), '')::uuid))""",
    """CREATE POLICY firm_update ON "clients_client" FOR UPDATE TO jefacture_app USING (firm_id = (SELECT nullif(current_setting('app.firm', true), '')::uuid)) WITH CHECK (firm_id = (SELECT nullif(current_setting('app.firm', true), '')::uuid))""",
    """CREATE POLICY firm_delete ON "clients_client" FOR DELETE TO jefacture_app USING (firm_id = (SELECT nullif(current_setting('app.firm', true), '')::uuid) AND (status = 'created' AND company_id IS NULL AND NOT is_firm_file))""",
    """CREATE POLICY company_select ON "clients_client" FOR SELECT TO jefacture_app USING (company_id = (SELECT nullif(current_setting('app.company', true), '')::uuid))""",
    """CREATE POLICY platform_select ON "clients_client" FOR SELECT TO jefacture_app USING ((SELECT nullif(current_setting('app.platform', true), '')::text) IS NOT NULL)""",
    """CREATE POLICY platform_update ON "clients_client" FOR UPDATE TO jefacture_app USING ((SELECT nullif(current_setting('app.platform', true), '')::text) IS NOT NULL) WITH CHECK ((SELECT nullif(current_setting('app.platform', true), '')::text) IS NOT NULL)""",
    """DO $$ DECLARE policy record; BEGIN
  FOR policy IN SELECT policyname FROM pg_policies WHERE schemaname = current_schema() AND tablename = 'clients_company' LOOP
    EXECUTE format('DROP POLICY %I ON clients_company', policy.policyname);
  END LOOP;
END $$""",
    """ALTER TABLE "clients_company" ENABLE ROW LEVEL SECURITY""",
    """CREATE POLICY firm_select ON "clients_company" FOR SELECT TO jefacture_app USING (EXISTS (SELECT 1 FROM clients_client c WHERE c.company_id = clients_company.id AND c.firm_id = (SELECT nullif(current_setting('app.firm', true), '')::uuid) AND c.status = 'active'))""",
    """CREATE POLICY company_select ON "clients_company" FOR SELECT TO jefacture_app USING (id = (SELECT nullif(current_setting('app.company', true), '')::uuid))""",
    """CREATE POLICY company_update ON "clients_company" FOR UPDATE TO jefacture_app USING (id = (SELECT nullif(current_setting('app.company', true), '')::uuid)) WITH CHECK (id = (SELECT nullif(current_setting('app.company', true), '')::uuid))""",
    """CREATE POLICY person_select ON "clients_company" FOR SELECT TO jefacture_app USING (EXISTS (SELECT 1 FROM clients_companymembership m WHERE m.company_id = clients_company.id AND m.person_id = (SELECT nullif(current_setting('app.person', true), '')::uuid)))""",
    """CREATE POLICY platform_select ON "clients_company" FOR SELECT TO jefacture_app USING ((SELECT nullif(current_setting('app.platform', true), '')::text) IS NOT NULL)""",
    """CREATE POLICY platform_insert ON "clients_company" FOR INSERT TO jefacture_app WITH CHECK ((SELECT nullif(current_setting('app.platform', true), '')::text) IS NOT NULL)""",
    """DO $$ DECLARE policy record; BEGIN
  FOR policy IN SELECT policyname FROM pg_policies WHERE schemaname = current_schema() AND tablename = 'clients_companymembership' LOOP
    EXECUTE format('DROP POLICY %I ON clients_companymembership', policy.policyname);
  END LOOP;
END $$""",
    """ALTER TABLE "clients_companymembership" ENABLE ROW LEVEL SECURITY""",
    """CREATE POLICY company_select ON "clients_companymembership" FOR SELECT TO jefacture_app USING (company_id = (SELECT nullif(current_setting('app.company', true), '')::uuid))""",
    """CREATE POLICY company_insert ON "clients_companymembership" FOR INSERT TO jefacture_app WITH CHECK (company_id = (SELECT nullif(current_setting('app.company', true), '')::uuid))""",
    """CREATE POLICY company_update ON "clients_companymembership" FOR UPDATE TO jefacture_app USING (company_id = (SELECT nullif(current_setting('app.company', true), '')::uuid)) WITH CHECK (company_id = (SELECT nullif(current_setting('app.company', true), '')::uuid))""",
    """CREATE POLICY person_select ON "clients_companymembership" FOR SELECT TO jefacture_app USING (person_id = (SELECT nullif(current_setting('app.person', true), '')::uuid))""",
    """CREATE POLICY platform_select ON "clients_companymembership" FOR SELECT TO jefacture_app USING ((SELECT nullif(current_setting('app.platform', true), '')::text) IS NOT NULL)""",
    """CREATE POLICY platform_insert ON "clients_companymembership" FOR INSERT TO jefacture_app WITH CHECK ((SELECT nullif(current_setting('app.platform', true), '')::text) IS NOT NULL)""",
    """DO $$ DECLARE policy record; BEGIN
  FOR policy IN SELECT policyname FROM pg_policies WHERE schemaname = current_schema() AND tablename = 'clients_clientassignment' LOOP
    EXECUTE format('DROP POLICY %I ON clients_clientassignment', policy.policyname);
  END LOOP;
END $$""",
    """ALTER TABLE "clients_clientassignment" ENABLE ROW LEVEL SECURITY""",
    """CREATE POLICY firm_select ON "clients_clientassignment" FOR SELECT TO jefacture_app USING (firm_id = (SELECT nullif(current_setting('app.firm', true), '')::uuid))""",
    """CREATE POLICY firm_insert ON "clients_clientassignment" FOR INSERT TO jefacture_app WITH CHECK (firm_id = (SELECT nullif(current_setting('app.firm', true), '')::uuid))""",
    """CREATE POLICY firm_update ON "clients_clientassignment" FOR UPDATE TO jefacture_app USING (firm_id = (SELECT nullif(current_setting('app.firm', true), '')::uuid)) WITH CHECK (firm_id = (SELECT nullif(current_setting('app.firm', true), '')::uuid))""",
    """CREATE POLICY firm_delete ON "clients_clientassignment" FOR DELETE TO jefacture_app USING (firm_id = (SELECT nullif(current_setting('app.firm', true), '')::uuid))""",
    """CREATE POLICY platform_select ON "clients_clientassignment" FOR SELECT TO jefacture_app USING ((SELECT nullif(current_setting('app.platform', true), '')::text) IS NOT NULL)""",
    """CREATE POLICY platform_update ON "clients_clientassignment" FOR UPDATE TO jefacture_app USING ((SELECT nullif(current_setting('app.platform', true), '')::text) IS NOT NULL) WITH CHECK ((SELECT nullif(current_setting('app.platform', true), '')::text) IS NOT NULL)""",
    """DO $$ DECLARE policy record; BEGIN
  FOR policy IN SELECT policyname FROM pg_policies WHERE schemaname = current_schema() AND tablename = 'clients_portfolio' LOOP
    EXECUTE format('DROP POLICY %I ON clients_portfolio', policy.policyname);
  END LOOP;
END $$""",
    """ALTER TABLE "clients_portfolio" ENABLE ROW LEVEL SECURITY""",
    """CREATE POLICY firm_select ON "clients_portfolio" FOR SELECT TO jefacture_app USING (firm_id = (SELECT nullif(current_setting('app.firm', true), '')::uuid))""",
    """CREATE POLICY firm_insert ON "clients_portfolio" FOR INSERT TO jefacture_app WITH CHECK (firm_id = (SELECT nullif(current_setting('app.firm', true), '')::uuid))""",
    """CREATE POLICY firm_update ON "clients_portfolio" FOR UPDATE TO jefacture_app USING (firm_id = (SELECT nullif(current_setting('app.firm', true), '')::uuid)) WITH CHECK (firm_id = (SELECT nullif(current_setting('app.firm', true), '')::uuid))""",
    """CREATE POLICY firm_delete ON "clients_portfolio" FOR DELETE TO jefacture_app USING (firm_id = (SELECT nullif(current_setting('app.firm', true), '')::uuid))""",
    """CREATE POLICY platform_select ON "clients_portfolio" FOR SELECT TO jefacture_app USING ((SELECT nullif(current_setting('app.platform', true), '')::text) IS NOT NULL)""",
    """DO $$ DECLARE policy record; BEGIN
  FOR policy IN SELECT policyname FROM pg_policies WHERE schemaname = current_schema() AND tablename = 'clients_portfoliomember' LOOP
    EXECUTE format('DROP POLICY %I ON clients_portfoliomember', policy.policyname);
  END LOOP;
END $$""",
    """ALTER TABLE "clients_portfoliomember" ENABLE ROW LEVEL SECURITY""",
    """CREATE POLICY firm_select ON "clients_portfoliomember" FOR SELECT TO jefacture_app USING (firm_id = (SELECT nullif(current_setting('app.firm', true), '')::uuid))""",
    """CREATE POLICY firm_insert ON "clients_portfoliomember" FOR INSERT TO jefacture_app WITH CHECK (firm_id = (SELECT nullif(current_setting('app.firm', true), '')::uuid))""",
    """CREATE POLICY firm_update ON "clients_portfoliomember" FOR UPDATE TO jefacture_app USING (firm_id = (SELECT nullif(current_setting('app.firm', true), '')::uuid)) WITH CHECK (firm_id = (SELECT nullif(current_setting('app.firm', true), '')::uuid))""",
    """CREATE POLICY firm_delete ON "clients_portfoliomember" FOR DELETE TO jefacture_app USING (firm_id = (SELECT nullif(current_setting('app.firm', true), '')::uuid))""",
    """CREATE POLICY platform_select ON "clients_portfoliomember" FOR SELECT TO jefacture_app USING ((SELECT nullif(current_setting('app.platform', true), '')::text) IS NOT NULL)""",
    """DO $$ DECLARE policy record; BEGIN
  FOR policy IN SELECT policyname FROM pg_policies WHERE schemaname = current_schema() AND tablename = 'clients_portfolioclient' LOOP
    EXECUTE format('DROP POLICY %I ON clients_portfolioclient', policy.policyname);
  END LOOP;
END $$""",
    """ALTER TABLE "clients_portfolioclient" ENABLE ROW LEVEL SECURITY""",
    """CREATE POLICY firm_select ON "clients_portfolioclient" FOR SELECT TO jefacture_app USING (firm_id = (SELECT nullif(current_setting('app.firm', true), '')::uuid))""",
    """CREATE POLICY firm_insert ON "clients_portfolioclient" FOR INSERT TO jefacture_app WITH CHECK (firm_id = (SELECT nullif(current_setting('app.firm', true), '')::uuid))""",
    """CREATE POLICY firm_update ON "clients_portfolioclient" FOR UPDATE TO jefacture_app USING (firm_id = (SELECT nullif(current_setting('app.firm', true), '')::uuid)) WITH CHECK (firm_id = (SELECT nullif(current_setting('app.firm', true), '')::uuid))""",
    """CREATE POLICY firm_delete ON "clients_portfolioclient" FOR DELETE TO jefacture_app USING (firm_id = (SELECT nullif(current_setting('app.firm', true), '')::uuid))""",
    """CREATE POLICY platform_select ON "clients_portfolioclient" FOR SELECT TO jefacture_app USING ((SELECT nullif(current_setting('app.platform', true), '')::text) IS NOT NULL)""",
    """DO $$ DECLARE policy record; BEGIN
  FOR policy IN SELECT policyname FROM pg_policies WHERE schemaname = current_schema() AND tablename = 'clients_importjob' LOOP
    EXECUTE format('DROP POLICY %I ON clients_importjob', policy.policyname);
  END LOOP;
END $$""",
    """ALTER TABLE "clients_importjob" ENABLE ROW LEVEL SECURITY""",
    """CREATE POLICY firm_select ON "clients_importjob" FOR SELECT TO jefacture_app USING (firm_id = (SELECT nullif(current_setting('app.firm', true), '')::uuid))""",
    """CREATE POLICY firm_insert ON "clients_importjob" FOR INSERT TO jefacture_app WITH CHECK (firm_id = (SELECT nullif(current_setting('app.firm', true), '')::uuid))""",
    """CREATE POLICY firm_update ON "clients_importjob" FOR UPDATE TO jefacture_app USING (firm_id = (SELECT nullif(current_setting('app.firm', true), '')::uuid)) WITH CHECK (firm_id = (SELECT nullif(current_setting('app.firm', true), '')::uuid))""",
    """CREATE POLICY firm_delete ON "clients_importjob" FOR DELETE TO jefacture_app USING (firm_id = (SELECT nullif(current_setting('app.firm', true), '')::uuid))""",
    """CREATE POLICY platform_select ON "clients_importjob" FOR SELECT TO jefacture_app USING ((SELECT nullif(current_setting('app.platform', true), '')::text) IS NOT NULL)""",
    """CREATE POLICY platform_update ON "clients_importjob" FOR UPDATE TO jefacture_app USING ((SELECT nullif(current_setting('app.platform', true), '')::text) IS NOT NULL) WITH CHECK ((SELECT nullif(current_setting('app.platform', true), '')::text) IS NOT NULL)""",
    """DO $$ DECLARE policy record; BEGIN
  FOR policy IN SELECT policyname FROM pg_policies WHERE schemaname = current_schema() AND tablename = 'clients_importrow' LOOP
    EXECUTE format('DROP POLICY %I ON clients_importrow', policy.policyname);
  END LOOP;
END $$""",
    """ALTER TABLE "clients_importrow" ENABLE ROW LEVEL SECURITY""",
    """CREATE POLICY firm_select ON "clients_importrow" FOR SELECT TO jefacture_app USING (firm_id = (SELECT nullif(current_setting('app.firm', true), '')::uuid))""",
    """CREATE POLICY firm_insert ON "clients_importrow" FOR INSERT TO jefacture_app WITH CHECK (firm_id = (SELECT nullif(current_setting('app.firm', true), '')::uuid))""",
    """CREATE POLICY firm_update ON "clients_importrow" FOR UPDATE TO jefacture_app USING (firm_id = (SELECT nullif(current_setting('app.firm', true), '')::uuid)) WITH CHECK (firm_id = (SELECT nullif(current_setting('app.firm', true), '')::uuid))""",
    """CREATE POLICY firm_delete ON "clients_importrow" FOR DELETE TO jefacture_app USING (firm_id = (SELECT nullif(current_setting('app.firm', true), '')::uuid))""",
    """CREATE POLICY platform_select ON "clients_importrow" FOR SELECT TO jefacture_app USING ((SELECT nullif(current_setting('app.platform', true), '')::text) IS NOT NULL)""",
    """CREATE POLICY platform_update ON "clients_importrow" FOR UPDATE TO jefacture_app USING ((SELECT nullif(current_setting('app.platform', true), '')::text) IS NOT NULL) WITH CHECK ((SELECT nullif(current_setting('app.platform', true), '')::text) IS NOT NULL)""",
    """DO $$ DECLARE policy record; BEGIN
  FOR policy IN SELECT policyname FROM pg_policies WHERE schemaname = current_schema() AND tablename = 'clients_importwording' LOOP
    EXECUTE format('DROP POLICY %I ON clients_importwording', policy.policyname);
  END LOOP;
END $$""",
    """ALTER TABLE "clients_importwording" ENABLE ROW LEVEL SECURITY""",
    """CREATE POLICY firm_select ON "clients_importwording" FOR SELECT TO jefacture_app USING (firm_id = (SELECT nullif(current_setting('app.firm', true), '')::uuid))""",
    """CREATE POLICY firm_insert ON "clients_importwording" FOR INSERT TO jefacture_app WITH CHECK (firm_id = (SELECT nullif(current_setting('app.firm', true), '')::uuid))""",
    """CREATE POLICY firm_update ON "clients_importwording" FOR UPDATE TO jefacture_app USING (firm_id = (SELECT nullif(current_setting('app.firm', true), '')::uuid)) WITH CHECK (firm_id = (SELECT nullif(current_setting('app.firm', true), '')::uuid))""",
    """CREATE POLICY firm_delete ON "clients_importwording" FOR DELETE TO jefacture_app USING (firm_id = (SELECT nullif(current_setting('app.firm', true), '')::uuid))""",
    """CREATE POLICY platform_select ON "clients_importwording" FOR SELECT TO jefacture_app USING ((SELECT nullif(current_setting('app.platform', true), '')::text) IS NOT NULL)""",
    """CREATE POLICY platform_update ON "clients_importwording" FOR UPDATE TO jefacture_app USING ((SELECT nullif(current_setting('app.platform', true), '')::text) IS NOT NULL) WITH CHECK ((SELECT nullif(current_setting('app.platform', true), '')::text) IS NOT NULL)""",
    """DO $$ DECLARE policy record; BEGIN
  FOR policy IN SELECT policyname FROM pg_policies WHERE schemaname = current_schema() AND tablename = 'clients_enrichment' LOOP
    EXECUTE format('DROP POLICY %I ON clients_enrichment', policy.policyname);
  END LOOP;
END $$""",
    """ALTER TABLE "clients_enrichment" ENABLE ROW LEVEL SECURITY""",
    """CREATE POLICY firm_select ON "clients_enrichment" FOR SELECT TO jefacture_app USING (firm_id = (SELECT nullif(current_setting('app.firm', true), '')::uuid))""",
    """CREATE POLICY firm_insert ON "clients_enrichment" FOR INSERT TO jefacture_app WITH CHECK (firm_id = (SELECT nullif(current_setting('app.firm', true), '')::uuid))""",
    """CREATE POLICY firm_update ON "clients_enrichment" FOR UPDATE TO jefacture_app USING (firm_id = (SELECT nullif(current_setting('app.firm', true), '')::uuid)) WITH CHECK (firm_id = (SELECT nullif(current_setting('app.firm', true), '')::uuid))""",
    """CREATE POLICY firm_delete ON "clients_enrichment" FOR DELETE TO jefacture_app USING (firm_id = (SELECT nullif(current_setting('app.firm', true), '')::uuid))""",
    """CREATE POLICY platform_select ON "clients_enrichment" FOR SELECT TO jefacture_app USING ((SELECT nullif(current_setting('app.platform', true), '')::text) IS NOT NULL)""",
    """CREATE POLICY platform_update ON "clients_enrichment" FOR UPDATE TO jefacture_app USING ((SELECT nullif(current_setting('app.platform', true), '')::text) IS NOT NULL) WITH CHECK ((SELECT nullif(current_setting('app.platform', true), '')::text) IS NOT NULL)""",
    """DO $$ DECLARE policy record; BEGIN
  FOR policy IN SELECT policyname FROM pg_policies WHERE schemaname = current_schema() AND tablename = 'clients_earlieraccess' LOOP
    EXECUTE format('DROP POLICY %I ON clients_earlieraccess', policy.policyname);
  END LOOP;
END $$""",
    """ALTER TABLE "clients_earlieraccess" ENABLE ROW LEVEL SECURITY""",
    """CREATE POLICY firm_select ON "clients_earlieraccess" FOR SELECT TO jefacture_app USING (firm_id = (SELECT nullif(current_setting('app.firm', true), '')::uuid))""",
    """CREATE POLICY company_select ON "clients_earlieraccess" FOR SELECT TO jefacture_app USING (company_id = (SELECT nullif(current_setting('app.company', true), '')::uuid))""",
    """CREATE POLICY company_insert ON "clients_earlieraccess" FOR INSERT TO jefacture_app WITH CHECK (company_id = (SELECT nullif(current_setting('app.company', true), '')::uuid))""",
    """CREATE POLICY company_update ON "clients_earlieraccess" FOR UPDATE TO jefacture_app USING (company_id = (SELECT nullif(current_setting('app.company', true), '')::uuid)) WITH CHECK (company_id = (SELECT nullif(current_setting('app.company', true), '')::uuid))""",
    """CREATE POLICY platform_select ON "clients_earlieraccess" FOR SELECT TO jefacture_app USING ((SELECT nullif(current_setting('app.platform', true), '')::text) IS NOT NULL)""",
    """CREATE POLICY platform_update ON "clients_earlieraccess" FOR UPDATE TO jefacture_app USING ((SELECT nullif(current_setting('app.platform', true), '')::text) IS NOT NULL) WITH CHECK ((SELECT nullif(current_setting('app.platform', true), '')::text) IS NOT NULL)""",
]


class Migration(migrations.Migration):
    dependencies = [("clients", "0007_earlier_access")]

    operations = [migrations.RunSQL(STATEMENTS, reverse_sql=migrations.RunSQL.noop)]
