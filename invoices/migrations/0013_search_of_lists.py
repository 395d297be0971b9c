"""
What the lists of invoices are found, narrowed and sorted by.

FirmInvoice carries what a firm's list shows of the invoice: a trigger copies it, in the transaction that writes the
invoice, so that no writer can forget it. The search is a function of the owner: under row-level security an index on
words is not used at all (its operators are not leakproof). It takes its firm or its company from the setting alone, and
the words in the index begin with that id.
"""

from django.db import migrations

_FUNCTIONS = r"""
CREATE FUNCTION invoices_folded(said text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT lower(public.unaccent('public.unaccent', coalesce(said, '')))
$$;

CREATE FUNCTION invoices_cut(said text, joint text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT btrim(regexp_replace(public.invoices_folded(said), U&'[\0001- !-/:-@[-`{-~\00a0\00ab\00bb\2000-\206f]+',
    joint, 'g'))
$$;

CREATE FUNCTION invoices_text(
  number text, seller_name text, buyer_name text, seller_siren text, buyer_siren text,
  with_vat numeric, without_vat numeric
) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT concat_ws(' ', public.invoices_cut(number, ''),
    public.invoices_cut(concat_ws(' ', number, seller_name, buyer_name), ' '), seller_siren, buyer_siren,
    round(abs(with_vat), 2), round(abs(without_vat), 2))
$$;

CREATE FUNCTION invoices_words(scope uuid, said text) RETURNS tsvector LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT array_to_tsvector(array(
    SELECT DISTINCT scope || ':' || left(word, 60) FROM regexp_split_to_table(said, ' ') AS word WHERE word <> ''))
$$;

CREATE FUNCTION invoices_query(scope uuid, said text) RETURNS tsquery LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT CASE
    WHEN said ~ U&'^[ \00a0\202f]*-?[0-9][0-9 \00a0\202f]*[.,][0-9]{1,2}[ \00a0\202f]*(€|eur|EUR)?[ \00a0\202f]*$'
    THEN quote_literal(scope || ':' || round(regexp_replace(replace(said, ',', '.'), '[^0-9.]', '', 'g')::numeric, 2))::tsquery
    ELSE (
      SELECT CASE WHEN every.joined = '' THEN NULL
        ELSE ('(' || every.each_word || ') | ' || quote_literal(scope || ':' || every.joined) || ':*')::tsquery END
      FROM (
        SELECT left(public.invoices_cut(said, ''), 60) AS joined,
          string_agg(quote_literal(scope || ':' || left(word, 60)) || ':*', ' & ') AS each_word
        FROM (
          SELECT word FROM regexp_split_to_table(public.invoices_cut(said, ' '), ' ') AS word WHERE word <> '' LIMIT 12
        ) AS words
      ) AS every
    ) END
$$;
"""

# A search finds at most `most`, the latest first. What few invoices hold is found by its words; a word that thousands
# hold is looked for among the latest invoices only, so that no search costs more than a few thousand rows.
_SEARCH = r"""
CREATE FUNCTION invoices_found(whose text, said text, most integer, clients uuid[])
RETURNS SETOF uuid LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
  scope uuid;
  query tsquery;
  source text;
  found uuid[];
BEGIN
  IF whose = 'firm' THEN
    scope := nullif(current_setting('app.firm', true), '')::uuid;
    source := 'SELECT id, issue_date, public.invoices_words(firm_id, search) AS words FROM public.invoices_firminvoice'
      || ' WHERE firm_id = $1 AND ($4 IS NULL OR client_id = ANY($4))';
  ELSIF whose = 'company' THEN
    scope := nullif(current_setting('app.company', true), '')::uuid;
    source := 'SELECT id, issue_date, public.invoices_words(company_id, public.invoices_text(number, seller_name,'
      || ' buyer_name, seller_siren, buyer_siren, total_with_vat, total_without_vat)) AS words'
      || ' FROM public.invoices_invoice WHERE company_id = $1 AND $4 IS NULL';
  END IF;
  query := public.invoices_query(scope, said);
  IF scope IS NULL OR query IS NULL THEN
    RETURN;
  END IF;
  EXECUTE 'WITH hits AS MATERIALIZED (SELECT id, issue_date FROM (' || source || ') AS rows WHERE words @@ $2'
    || ' LIMIT 5000) SELECT array_agg(id ORDER BY issue_date DESC, id DESC) FROM hits'
    INTO found USING scope, query, most, clients;
  IF cardinality(found) = 5000 THEN
    EXECUTE 'WITH latest AS MATERIALIZED (' || source || ' ORDER BY issue_date DESC, id DESC LIMIT 10000)'
      || ' SELECT array_agg(id ORDER BY issue_date DESC, id DESC) FROM latest WHERE words @@ $2'
      INTO found USING scope, query, most, clients;
  END IF;
  RETURN QUERY SELECT unnest(found[1:most]);
END
$$;
REVOKE ALL ON FUNCTION invoices_found(text, text, integer, uuid[]) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION invoices_found(text, text, integer, uuid[]) TO jefacture_app;
"""

_INDEXES = """
CREATE INDEX invoice_words ON invoices_invoice USING gin (invoices_words(company_id, invoices_text(
  number, seller_name, buyer_name, seller_siren, buyer_siren, total_with_vat, total_without_vat)));
CREATE INDEX firm_invoice_words ON invoices_firminvoice USING gin (invoices_words(firm_id, search));
"""

_COPIED = """
  number, CASE invoice.direction WHEN 'AP' THEN invoice.seller_name ELSE invoice.buyer_name END, currency,
  total_without_vat, total_vat, total_with_vat, coalesce((total_with_vat * 10000)::bigint, 0), state, verdict, differs,
  invoices_text(number, seller_name, buyer_name, seller_siren, buyer_siren, total_with_vat, total_without_vat)
"""
_INTO = """number, other_party, currency, total_without_vat, total_vat, total_with_vat, amount, invoice_state, verdict,
  differs, search"""

_VERDICT = """
CREATE FUNCTION invoices_verdict(which uuid) RETURNS text LANGUAGE sql STABLE AS $$
  SELECT CASE
    WHEN bool_or(ran AND findings @? '$[*] ? (@.severity == "fatal")') THEN 'errors'
    WHEN bool_or(ran) AND bool_and(ran OR reason LIKE 'Sans objet%') THEN 'passed'
    ELSE 'unchecked'
  END
  FROM (
    SELECT DISTINCT ON (rule_set) ran, reason, findings FROM invoices_invoicecheck
    WHERE invoice_id = which ORDER BY rule_set, id DESC
  ) AS latest
$$;
"""

_TRIGGERS = f"""
CREATE FUNCTION invoices_part_copies() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  SELECT {_COPIED}
  INTO {", ".join(f"NEW.{name.strip()}" for name in _INTO.split(","))}
  FROM invoices_invoice AS invoice WHERE invoice.id = NEW.invoice_id;
  RETURN NEW;
END
$$;
CREATE TRIGGER part_copies BEFORE INSERT ON invoices_firminvoice
  FOR EACH ROW EXECUTE FUNCTION invoices_part_copies();

CREATE FUNCTION invoices_invoice_copied() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  UPDATE invoices_firminvoice SET ({_INTO}) = (
    SELECT {_COPIED} FROM (SELECT NEW.*) AS invoice
  ) WHERE invoice_id = NEW.id;
  RETURN NULL;
END
$$;
CREATE TRIGGER invoice_copied AFTER UPDATE OF number, seller_name, buyer_name, seller_siren, buyer_siren, currency,
  total_without_vat, total_vat, total_with_vat, state, verdict, differs ON invoices_invoice
  FOR EACH ROW EXECUTE FUNCTION invoices_invoice_copied();

CREATE FUNCTION invoices_checks_summed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  UPDATE invoices_invoice SET verdict = found.verdict
  FROM (SELECT invoice_id, invoices_verdict(invoice_id) AS verdict FROM (SELECT DISTINCT invoice_id FROM changed) AS c)
    AS found
  WHERE id = found.invoice_id AND invoices_invoice.verdict <> found.verdict;
  RETURN NULL;
END
$$;
CREATE TRIGGER checks_summed AFTER INSERT ON invoices_invoicecheck REFERENCING NEW TABLE AS changed
  FOR EACH STATEMENT EXECUTE FUNCTION invoices_checks_summed();
CREATE TRIGGER checks_summed_again AFTER UPDATE ON invoices_invoicecheck REFERENCING NEW TABLE AS changed
  FOR EACH STATEMENT EXECUTE FUNCTION invoices_checks_summed();
"""  # noqa: S608 - our own names

_FILL = f"""
UPDATE invoices_invoice SET verdict = invoices_verdict(id);
UPDATE invoices_firminvoice AS part SET ({_INTO}) = (
  SELECT {_COPIED} FROM invoices_invoice AS invoice WHERE invoice.id = part.invoice_id
);
"""  # noqa: S608 - as above


class Migration(migrations.Migration):
    dependencies = [("invoices", "0012_lists")]

    operations = [
        migrations.RunSQL(statements, reverse_sql=migrations.RunSQL.noop)
        for statements in (_FUNCTIONS, _SEARCH, _VERDICT, _FILL, _INDEXES, _TRIGGERS)
    ]
