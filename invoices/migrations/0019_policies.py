"""Row-level security of invoices, written by `manage.py make_policies invoices` from its policies.py."""

from django.db import migrations

STATEMENTS = [
    """DO $$ DECLARE policy record; BEGIN
  FOR policy IN SELECT policyname FROM pg_policies WHERE schemaname = current_schema() AND tablename = 'invoices_invoice' LOOP
    EXECUTE format('DROP POLICY %I ON invoices_invoice', policy.policyname);
  END LOOP;
END $$""",
    """ALTER TABLE "invoices_invoice" ENABLE ROW LEVEL SECURITY""",
    """CREATE POLICY firm_select ON "invoices_invoice" FOR SELECT TO jefacture_app USING ((EXISTS (SELECT 1 FROM invoices_firminvoice part WHERE part.invoice_id = invoices_invoice.id AND part.firm_id = (SELECT nullif(current_setting('app.firm', true), '')::uuid))))""",
    """CREATE POLICY company_select ON "invoices_invoice" FOR SELECT TO jefacture_app USING (company_id = (SELECT nullif(current_setting('app.company', true), '')::uuid))""",
    """CREATE POLICY company_insert ON "invoices_invoice" FOR INSERT TO jefacture_app WITH CHECK (company_id = (SELECT nullif(current_setting('app.company', true), '')::uuid))""",
    """CREATE POLICY company_update ON "invoices_invoice" FOR UPDATE TO jefacture_app USING (company_id = (SELECT nullif(current_setting('app.company', true), '')::uuid)) WITH CHECK (company_id = (SELECT nullif(current_setting('app.company', true), '')::uuid))""",
    """CREATE POLICY platform_select ON "invoices_invoice" FOR SELECT TO jefacture_app USING ((SELECT nullif(current_setting('app.platform', true), '')::text) IS NOT NULL)""",
    """CREATE POLICY platform_update ON "invoices_invoice" FOR UPDATE TO jefacture_app USING ((SELECT nullif(current_setting('app.platform', true), '')::text) IS NOT NULL) WITH CHECK ((SELECT nullif(current_setting('app.platform', true), '')::text) IS NOT NULL)""",
    """REVOKE DELETE, TRUNCATE ON "invoices_invoice" FROM jefacture_app""",
    """DO $$ DECLARE policy record; BEGIN
  FOR policy IN SELECT policyname FROM pg_policies WHERE schemaname = current_schema() AND tablename = 'invoices_deposit' LOOP
    EXECUTE format('DROP POLICY %I ON invoices_deposit', policy.policyname);
  END LOOP;
END $$""",
    """ALTER TABLE "invoices_deposit" ENABLE ROW LEVEL SECURITY""",
    """CREATE POLICY firm_select ON "invoices_deposit" FOR SELECT TO jefacture_app USING ((EXISTS (SELECT 1 FROM invoices_firminvoice part WHERE part.invoice_id = invoices_deposit.invoice_id AND part.firm_id = (SELECT nullif(current_setting('app.firm', true), '')::uuid)) OR firm_id = (SELECT nullif(current_setting('app.firm', true), '')::uuid)))""",
    """CREATE POLICY company_select ON "invoices_deposit" FOR SELECT TO jefacture_app USING (company_id = (SELECT nullif(current_setting('app.company', true), '')::uuid))""",
    """CREATE POLICY company_insert ON "invoices_deposit" FOR INSERT TO jefacture_app WITH CHECK (company_id = (SELECT nullif(current_setting('app.company', true), '')::uuid))""",
    """CREATE POLICY company_update ON "invoices_deposit" FOR UPDATE TO jefacture_app USING (company_id = (SELECT nullif(current_setting('app.company', true), '')::uuid)) WITH CHECK (company_id = (SELECT nullif(current_setting('app.company', true), '')::uuid))""",
    """CREATE POLICY platform_select ON "invoices_deposit" FOR SELECT TO jefacture_app USING ((SELECT nullif(current_setting('app.platform', true), '')::text) IS NOT NULL)""",
    """CREATE POLICY platform_update ON "invoices_deposit" FOR UPDATE TO jefacture_app USING ((SELECT nullif(current_setting('app.platform', true), '')::text) IS NOT NULL) WITH CHECK ((SELECT nullif(current_setting('app.platform', true), '')::text) IS NOT NULL)""",
    """REVOKE DELETE, TRUNCATE ON "invoices_deposit" FROM jefacture_app""",
    """DO $$ DECLARE policy record; BEGIN
  FOR policy IN SELECT policyname FROM pg_policies WHERE schemaname = current_schema() AND tablename = 'invoices_invoicefile' LOOP
    EXECUTE format('DROP POLICY %I ON invoices_invoicefile', policy.policyname);
  END LOOP;
END $$""",
    """ALTER TABLE "invoices_invoicefile" ENABLE ROW LEVEL SECURITY""",
    """CREATE POLICY firm_select ON "invoices_invoicefile" FOR SELECT TO jefacture_app USING ((EXISTS (SELECT 1 FROM invoices_firminvoice part WHERE part.invoice_id = invoices_invoicefile.invoice_id AND part.firm_id = (SELECT nullif(current_setting('app.firm', true), '')::uuid))))""",
    """CREATE POLICY company_select ON "invoices_invoicefile" FOR SELECT TO jefacture_app USING (company_id = (SELECT nullif(current_setting('app.company', true), '')::uuid))""",
    """CREATE POLICY company_insert ON "invoices_invoicefile" FOR INSERT TO jefacture_app WITH CHECK (company_id = (SELECT nullif(current_setting('app.company', true), '')::uuid))""",
    """CREATE POLICY company_update ON "invoices_invoicefile" FOR UPDATE TO jefacture_app USING (company_id = (SELECT nullif(current_setting('app.company', true), '')::uuid)) WITH CHECK (company_id = (SELECT nullif(current_setting('app.company', true), '')::uuid))""",
    """CREATE POLICY platform_select ON "invoices_invoicefile" FOR SELECT TO jefacture_app USING ((SELECT nullif(current_setting('app.platform', true), '')::text) IS NOT NULL)""",
    """CREATE POLICY platform_update ON "invoices_invoicefile" FOR UPDATE TO jefacture_app USING ((SELECT nullif(current_setting('app.platform', true), '')::text) IS NOT NULL) WITH CHECK ((SELECT nullif(current_setting('app.platform', true), '')::text) IS NOT NULL)""",
    """REVOKE DELETE, TRUNCATE ON "invoices_invoicefile" FROM jefacture_app""",
    """DO $$ DECLARE policy record; BEGIN
  FOR policy IN SELECT policyname FROM pg_policies WHERE schemaname = current_schema() AND tablename = 'invoices_invoiceevent' LOOP
    EXECUTE format('DROP POLICY %I ON invoices_invoiceevent', policy.policyname);
  END LOOP;
END $$""",
    """ALTER TABLE "invoices_invoiceevent" ENABLE ROW LEVEL SECURITY""",
    """CREATE POLICY firm_select ON "invoices_invoiceevent" FOR SELECT TO jefacture_app USING ((EXISTS (SELECT 1 FROM invoices_firminvoice part WHERE part.invoice_id = invoices_invoiceevent.invoice_id AND part.firm_id = (SELECT nullif(current_setting('app.firm', true), '')::uuid))))""",
    """CREATE POLICY company_select ON "invoices_invoiceevent" FOR SELECT TO jefacture_app USING (company_id = (SELECT nullif(current_setting('app.company', true), '')::uuid))""",
    """CREATE POLICY company_insert ON "invoices_invoiceevent" FOR INSERT TO jefacture_app WITH CHECK (company_id = (SELECT nullif(current_setting('app.company', true), '')::uuid))""",
    """CREATE POLICY platform_select ON "invoices_invoiceevent" FOR SELECT TO jefacture_app USING ((SELECT nullif(current_setting('app.platform', true), '')::text) IS NOT NULL)""",
    """REVOKE UPDATE, DELETE, TRUNCATE ON "invoices_invoiceevent" FROM jefacture_app""",
    """DO $$ DECLARE policy record; BEGIN
  FOR policy IN SELECT policyname FROM pg_policies WHERE schemaname = current_schema() AND tablename = 'invoices_invoicecomment' LOOP
    EXECUTE format('DROP POLICY %I ON invoices_invoicecomment', policy.policyname);
  END LOOP;
END $$""",
    """ALTER TABLE "invoices_invoicecomment" ENABLE ROW LEVEL SECURITY""",
    """CREATE POLICY firm_select ON "invoices_invoicecomment" FOR SELECT TO jefacture_app USING ((EXISTS (SELECT 1 FROM invoices_firminvoice part WHERE part.invoice_id = invoices_invoicecomment.invoice_id AND part.firm_id = (SELECT nullif(current_setting('app.firm', true), '')::uuid))))""",
    """CREATE POLICY company_select ON "invoices_invoicecomment" FOR SELECT TO jefacture_app USING (company_id = (SELECT nullif(current_setting('app.company', true), '')::uuid))""",
    """CREATE POLICY company_insert ON "invoices_invoicecomment" FOR INSERT TO jefacture_app WITH CHECK (company_id = (SELECT nullif(current_setting('app.company', true), '')::uuid))""",
    """CREATE POLICY platform_select ON "invoices_invoicecomment" FOR SELECT TO jefacture_app USING ((SELECT nullif(current_setting('app.platform', true), '')::text) IS NOT NULL)""",
    """REVOKE UPDATE, DELETE, TRUNCATE ON "invoices_invoicecomment" FROM jefacture_app""",
    """DO $$ DECLARE policy record; BEGIN
  FOR policy IN SELECT policyname FROM pg_policies WHERE schemaname = current_schema() AND tablename = 'invoices_automaticrule' LOOP
    EXECUTE format('DROP POLICY %I ON invoices_automaticrule', policy.policyname);
  END LOOP;
END $$""",
    """ALTER TABLE "invoices_automaticrule" ENABLE ROW LEVEL SECURITY""",
    """CREATE POLICY company_select ON "invoices_automaticrule" FOR SELECT TO jefacture_app USING (company_id = (SELECT nullif(current_setting('app.company', true), '')::uuid))""",
    """CREATE POLICY company_insert ON "invoices_automaticrule" FOR INSERT TO jefacture_app WITH CHECK (company_id = (SELECT nullif(current_setting('app.company', true), '')::uuid))""",
    """CREATE POLICY company_update ON "invoices_automaticrule" FOR UPDATE TO jefacture_app USING (company_id = (SELECT nullif(current_setting('app.company', true), '')::uuid)) WITH CHECK (company_id = (SELECT nullif(current_setting('app.company', true), '')::uuid))""",
    """DO $$ DECLARE policy record; BEGIN
  FOR policy IN SELECT policyname FROM pg_policies WHERE schemaname = current_schema() AND tablename = 'invoices_invoicecheck' LOOP
    EXECUTE format('DROP POLICY %I ON invoices_invoicecheck', policy.policyname);
  END LOOP;
END $$""",
    """ALTER TABLE "invoices_invoicecheck" ENABLE ROW LEVEL SECURITY""",
    """CREATE POLICY firm_select ON "invoices_invoicecheck" FOR SELECT TO jefacture_app USING ((EXISTS (SELECT 1 FROM invoices_firminvoice part WHERE part.invoice_id = invoices_invoicecheck.invoice_id AND part.firm_id = (SELECT nullif(current_setting('app.firm', true), '')::uuid))))""",
    """CREATE POLICY company_select ON "invoices_invoicecheck" FOR SELECT TO jefacture_app USING (company_id = (SELECT nullif(current_setting('app.company', true), '')::uuid))""",
    """CREATE POLICY company_insert ON "invoices_invoicecheck" FOR INSERT TO jefacture_app WITH CHECK (company_id = (SELECT nullif(current_setting('app.company', true), '')::uuid))""",
    """CREATE POLICY company_update ON "invoices_invoicecheck" FOR UPDATE TO jefacture_app USING (company_id = (SELECT nullif(current_setting('app.company', true), '')::uuid)) WITH CHECK (company_id = (SELECT nullif(current_setting('app.company', true), '')::uuid))""",
    """CREATE POLICY platform_select ON "invoices_invoicecheck" FOR SELECT TO jefacture_app USING ((SELECT nullif(current_setting('app.platform', true), '')::text) IS NOT NULL)""",
    """CREATE POLICY platform_update ON "invoices_invoicecheck" FOR UPDATE TO jefacture_app USING ((SELECT nullif(current_setting('app.platform', true), '')::text) IS NOT NULL) WITH CHECK ((SELECT nullif(current_setting('app.platform', true), '')::text) IS NOT NULL)""",
    """DO $$ DECLARE policy record; BEGIN
  FOR policy IN SELECT policyname FROM pg_policies WHERE schemaname = current_schema() AND tablename = 'invoices_parcel' LOOP
    EXECUTE format('DROP POLICY %I ON invoices_parcel', policy.policyname);
  END LOOP;
END $$""",
    """ALTER TABLE "invoices_parcel" ENABLE ROW LEVEL SECURITY""",
    """CREATE POLICY company_select ON "invoices_parcel" FOR SELECT TO jefacture_app USING (company_id = (SELECT nullif(current_setting('app.company', true), '')::uuid))""",
    """CREATE POLICY company_insert ON "invoices_parcel" FOR INSERT TO jefacture_app WITH CHECK (company_id = (SELECT nullif(current_setting('app.company', true), '')::uuid))""",
    """CREATE POLICY company_update ON "invoices_parcel" FOR UPDATE TO jefacture_app USING (company_id = (SELECT nullif(current_setting('app.company', true), '')::uuid)) WITH CHECK (company_id = (SELECT nullif(current_setting('app.company', true), '')::uuid))""",
    """CREATE POLICY platform_select ON "invoices_parcel" FOR SELECT TO jefacture_app USING ((SELECT nullif(current_setting('app.platform', true), '')::text) IS NOT NULL)""",
    """CREATE POLICY platform_update ON "invoices_parcel" FOR UPDATE TO jefacture_app USING ((SELECT nullif(current_setting('app.platform', true), '')::text) IS NOT NULL) WITH CHECK ((SELECT nullif(current_setting('app.platform', true), '')::text) IS NOT NULL)""",
    """REVOKE DELETE, TRUNCATE ON "invoices_parcel" FROM jefacture_app""",
    """DO $$ DECLARE policy record; BEGIN
  FOR policy IN SELECT policyname FROM pg_policies WHERE schemaname = current_schema() AND tablename = 'invoices_mailbox' LOOP
    EXECUTE format('DROP POLICY %I ON invoices_mailbox', policy.policyname);
  END LOOP;
END $$""",
    """ALTER TABLE "invoices_mailbox" ENABLE ROW LEVEL SECURITY""",
    """CREATE POLICY company_select ON "invoices_mailbox" FOR SELECT TO jefacture_app USING (company_id = (SELECT nullif(current_setting('app.company', true), '')::uuid))""",
    """CREATE POLICY company_insert ON "invoices_mailbox" FOR INSERT TO jefacture_app WITH CHECK (company_id = (SELECT nullif(current_setting('app.company', true), '')::uuid))""",
    """CREATE POLICY company_update ON "invoices_mailbox" FOR UPDATE TO jefacture_app USING (company_id = (SELECT nullif(current_setting('app.company', true), '')::uuid)) WITH CHECK (company_id = (SELECT nullif(current_setting('app.company', true), '')::uuid))""",
    """CREATE POLICY platform_select ON "invoices_mailbox" FOR SELECT TO jefacture_app USING ((SELECT nullif(current_setting('app.platform', true), '')::text) IS NOT NULL)""",
    """DO $$ DECLARE policy record; BEGIN
  FOR policy IN SELECT policyname FROM pg_policies WHERE schemaname = current_schema() AND tablename = 'invoices_knownsender' LOOP
    EXECUTE format('DROP POLICY %I ON invoices_knownsender', policy.policyname);
  END LOOP;
END $$""",
    """ALTER TABLE "invoices_knownsender" ENABLE ROW LEVEL SECURITY""",
    """CREATE POLICY company_select ON "invoices_knownsender" FOR SELECT TO jefacture_app USING (company_id = (SELECT nullif(current_setting('app.company', true), '')::uuid))""",
    """CREATE POLICY company_insert ON "invoices_knownsender" FOR INSERT TO jefacture_app WITH CHECK (company_id = (SELECT nullif(current_setting('app.company', true), '')::uuid))""",
    """CREATE POLICY company_delete ON "invoices_knownsender" FOR DELETE TO jefacture_app USING (company_id = (SELECT nullif(current_setting('app.company', true), '')::uuid))""",
    """DO $$ DECLARE policy record; BEGIN
  FOR policy IN SELECT policyname FROM pg_policies WHERE schemaname = current_schema() AND tablename = 'invoices_partnerdeposit' LOOP
    EXECUTE format('DROP POLICY %I ON invoices_partnerdeposit', policy.policyname);
  END LOOP;
END $$""",
    """ALTER TABLE "invoices_partnerdeposit" ENABLE ROW LEVEL SECURITY""",
    """CREATE POLICY firm_select ON "invoices_partnerdeposit" FOR SELECT TO jefacture_app USING (firm_id = (SELECT nullif(current_setting('app.firm', true), '')::uuid))""",
    """CREATE POLICY firm_insert ON "invoices_partnerdeposit" FOR INSERT TO jefacture_app WITH CHECK (firm_id = (SELECT nullif(current_setting('app.firm', true), '')::uuid))""",
    """CREATE POLICY firm_update ON "invoices_partnerdeposit" FOR UPDATE TO jefacture_app USING (firm_id = (SELECT nullif(current_setting('app.firm', true), '')::uuid)) WITH CHECK (firm_id = (SELECT nullif(current_setting('app.firm', true), '')::uuid))""",
    """DO $$ DECLARE policy record; BEGIN
  FOR policy IN SELECT policyname FROM pg_policies WHERE schemaname = current_schema() AND tablename = 'invoices_recheck' LOOP
    EXECUTE format('DROP POLICY %I ON invoices_recheck', policy.policyname);
  END LOOP;
END $$""",
    """ALTER TABLE "invoices_recheck" ENABLE ROW LEVEL SECURITY""",
    """CREATE POLICY company_select ON "invoices_recheck" FOR SELECT TO jefacture_app USING (company_id = (SELECT nullif(current_setting('app.company', true), '')::uuid))""",
    """CREATE POLICY company_insert ON "invoices_recheck" FOR INSERT TO jefacture_app WITH CHECK (company_id = (SELECT nullif(current_setting('app.company', true), '')::uuid))""",
    """CREATE POLICY company_update ON "invoices_recheck" FOR UPDATE TO jefacture_app USING (company_id = (SELECT nullif(current_setting('app.company', true), '')::uuid)) WITH CHECK (company_id = (SELECT nullif(current_setting('app.company', true), '')::uuid))""",
    """CREATE POLICY platform_select ON "invoices_recheck" FOR SELECT TO jefacture_app USING ((SELECT nullif(current_setting('app.platform', true), '')::text) IS NOT NULL)""",
    """CREATE POLICY platform_update ON "invoices_recheck" FOR UPDATE TO jefacture_app USING ((SELECT nullif(current_setting('app.platform', true), '')::text) IS NOT NULL) WITH CHECK ((SELECT nullif(current_setting('app.platform', true), '')::text) IS NOT NULL)""",
    """DO $$ DECLARE policy record; BEGIN
  FOR policy IN SELECT policyname FROM pg_policies WHERE schemaname = current_schema() AND tablename = 'invoices_companyexport' LOOP
    EXECUTE format('DROP POLICY %I ON invoices_companyexport', policy.policyname);
  END LOOP;
END $$""",
    """ALTER TABLE "invoices_companyexport" ENABLE ROW LEVEL SECURITY""",
    """CREATE POLICY company_select ON "invoices_companyexport" FOR SELECT TO jefacture_app USING (company_id = (SELECT nullif(current_setting('app.company', true), '')::uuid))""",
    """CREATE POLICY company_insert ON "invoices_companyexport" FOR INSERT TO jefacture_app WITH CHECK (company_id = (SELECT nullif(current_setting('app.company', true), '')::uuid))""",
    """CREATE POLICY company_update ON "invoices_companyexport" FOR UPDATE TO jefacture_app USING (company_id = (SELECT nullif(current_setting('app.company', true), '')::uuid)) WITH CHECK (company_id = (SELECT nullif(current_setting('app.company', true), '')::uuid))""",
    """CREATE POLICY platform_select ON "invoices_companyexport" FOR SELECT TO jefacture_app USING ((SELECT nullif(current_setting('app.platform', true), '')::text) IS NOT NULL)""",
    """CREATE POLICY platform_update ON "invoices_companyexport" FOR UPDATE TO jefacture_app USING ((SELECT nullif(current_setting('app.platform', true), '')::text) IS NOT NULL) WITH CHECK ((SELECT nullif(current_setting('app.platform', true), '')::text) IS NOT NULL)""",
    """DO $$ DECLARE policy record; BEGIN
  FOR policy IN SELECT policyname FROM pg_policies WHERE schemaname = current_schema() AND tablename = 'invoices_firminvoice' LOOP
    EXECUTE format('DROP POLICY %I ON invoices_firminvoice', policy.policyname);
  END LOOP;
END $$""",
    """ALTER TABLE "invoices_firminvoice" ENABLE ROW LEVEL SECURITY""",
    """CREATE POLICY firm_select ON "invoices_firminvoice" FOR SELECT TO jefacture_app USING (firm_id = (SELECT nullif(current_setting('app.firm', true), '')::uuid))""",
    """CREATE POLICY firm_update ON "invoices_firminvoice" FOR UPDATE TO jefacture_app USING (firm_id = (SELECT nullif(current_setting('app.firm', true), '')::uuid)) WITH CHECK (firm_id = (SELECT nullif(current_setting('app.firm', true), '')::uuid))""",
    """CREATE POLICY company_select ON "invoices_firminvoice" FOR SELECT TO jefacture_app USING (company_id = (SELECT nullif(current_setting('app.company', true), '')::uuid))""",
    """CREATE POLICY company_insert ON "invoices_firminvoice" FOR INSERT TO jefacture_app WITH CHECK (company_id = (SELECT nullif(current_setting('app.company', true), '')::uuid))""",
    """CREATE POLICY company_update ON "invoices_firminvoice" FOR UPDATE TO jefacture_app USING (company_id = (SELECT nullif(current_setting('app.company', true), '')::uuid)) WITH CHECK (company_id = (SELECT nullif(current_setting('app.company', true), '')::uuid))""",
    """CREATE POLICY platform_select ON "invoices_firminvoice" FOR SELECT TO jefacture_app USING ((SELECT nullif(current_setting('app.platform', true), '')::text) IS NOT NULL)""",
    """CREATE POLICY platform_update ON "invoices_firminvoice" FOR UPDATE TO jefacture_app USING ((SELECT nullif(current_setting('app.platform', true), '')::text) IS NOT NULL) WITH CHECK ((SELECT nullif(current_setting('app.platform', true), '')::text) IS NOT NULL)""",
    """DO $$ DECLARE policy record; BEGIN
  FOR policy IN SELECT policyname FROM pg_policies WHERE schemaname = current_schema() AND tablename = 'invoices_invoicehold' LOOP
    EXECUTE format('DROP POLICY %I ON invoices_invoicehold', policy.policyname);
  END LOOP;
END $$""",
    """ALTER TABLE "invoices_invoicehold" ENABLE ROW LEVEL SECURITY""",
    """CREATE POLICY firm_select ON "invoices_invoicehold" FOR SELECT TO jefacture_app USING ((EXISTS (SELECT 1 FROM invoices_firminvoice part WHERE part.invoice_id = invoices_invoicehold.invoice_id AND part.firm_id = (SELECT nullif(current_setting('app.firm', true), '')::uuid))))""",
    """CREATE POLICY company_select ON "invoices_invoicehold" FOR SELECT TO jefacture_app USING (company_id = (SELECT nullif(current_setting('app.company', true), '')::uuid))""",
    """CREATE POLICY company_insert ON "invoices_invoicehold" FOR INSERT TO jefacture_app WITH CHECK (company_id = (SELECT nullif(current_setting('app.company', true), '')::uuid))""",
    """CREATE POLICY company_update ON "invoices_invoicehold" FOR UPDATE TO jefacture_app USING (company_id = (SELECT nullif(current_setting('app.company', true), '')::uuid)) WITH CHECK (company_id = (SELECT nullif(current_setting('app.company', true), '')::uuid))""",
    """CREATE POLICY platform_select ON "invoices_invoicehold" FOR SELECT TO jefacture_app USING ((SELECT nullif(current_setting('app.platform', true), '')::text) IS NOT NULL)""",
    """CREATE POLICY platform_update ON "invoices_invoicehold" FOR UPDATE TO jefacture_app USING ((SELECT nullif(current_setting('app.platform', true), '')::text) IS NOT NULL) WITH CHECK ((SELECT nullif(current_setting('app.platform', true), '')::text) IS NOT NULL)""",
    """REVOKE DELETE, TRUNCATE ON "invoices_invoicehold" FROM jefacture_app""",
    """DO $$ DECLARE policy record; BEGIN
  FOR policy IN SELECT policyname FROM pg_policies WHERE schemaname = current_schema() AND tablename = 'invoices_savedview' LOOP
    EXECUTE format('DROP POLICY %I ON invoices_savedview', policy.policyname);
  END LOOP;
END $$""",
    """ALTER TABLE "invoices_savedview" ENABLE ROW LEVEL SECURITY""",
    """CREATE POLICY firm_select ON "invoices_savedview" FOR SELECT TO jefacture_app USING (firm_id = (SELECT nullif(current_setting('app.firm', true), '')::uuid))""",
    """CREATE POLICY firm_insert ON "invoices_savedview" FOR INSERT TO jefacture_app WITH CHECK (firm_id = (SELECT nullif(current_setting('app.firm', true), '')::uuid))""",
    """CREATE POLICY firm_update ON "invoices_savedview" FOR UPDATE TO jefacture_app USING (firm_id = (SELECT nullif(current_setting('app.firm', true), '')::uuid)) WITH CHECK (firm_id = (SELECT nullif(current_setting('app.firm', true), '')::uuid))""",
    """CREATE POLICY firm_delete ON "invoices_savedview" FOR DELETE TO jefacture_app USING (firm_id = (SELECT nullif(current_setting('app.firm', true), '')::uuid))""",
    """CREATE POLICY company_select ON "invoices_savedview" FOR SELECT TO jefacture_app USING (company_id = (SELECT nullif(current_setting('app.company', true), '')::uuid))""",
    """CREATE POLICY company_insert ON "invoices_savedview" FOR INSERT TO jefacture_app WITH CHECK (company_id = (SELECT nullif(current_setting('app.company', true), '')::uuid))""",
    """CREATE POLICY company_update ON "invoices_savedview" FOR UPDATE TO jefacture_app USING (company_id = (SELECT nullif(current_setting('app.company', true), '')::uuid)) WITH CHECK (company_id = (SELECT nullif(current_setting('app.company', true), '')::uuid))""",
    """CREATE POLICY company_delete ON "invoices_savedview" FOR DELETE TO jefacture_app USING (company_id = (SELECT nullif(current_setting('app.company', true), '')::uuid))""",
    """DO $$ DECLARE policy record; BEGIN
  FOR policy IN SELECT policyname FROM pg_policies WHERE schemaname = current_schema() AND tablename = 'invoices_eventseal' LOOP
    EXECUTE format('DROP POLICY %I ON invoices_eventseal', policy.policyname);
  END LOOP;
END $$""",
    """ALTER TABLE "invoices_eventseal" ENABLE ROW LEVEL SECURITY""",
    """CREATE POLICY platform_select ON "invoices_eventseal" FOR SELECT TO jefacture_app USING ((SELECT nullif(current_setting('app.platform', true), '')::text) IS NOT NULL)""",
    """CREATE POLICY platform_insert ON "invoices_eventseal" FOR INSERT TO jefacture_app WITH CHECK ((SELECT nullif(current_setting('app.platform', true), '')::text) IS NOT NULL)""",
    """REVOKE UPDATE, DELETE, TRUNCATE ON "invoices_eventseal" FROM jefacture_app""",
]


class Migration(migrations.Migration):
    dependencies = [("invoices", "0018_rechecks")]

    operations = [migrations.RunSQL(STATEMENTS, reverse_sql=migrations.RunSQL.noop)]
