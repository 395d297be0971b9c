"""What a broken rule says to a bookkeeper, in French.

The JSON files hold the words: `terms` (names of the business terms), `elements` (of XML elements), `core` (rules of
EN 16931), `extensions` (those of the extended profiles), `syntax` (of UBL and CII), `taxes` (a table of VAT categories
and sentences). `sentences` finds the one of a rule of a stylesheet, `schema` that of an error of an XML Schema.
"""

from invoices.checks.french.schema import schema_sentence
from invoices.checks.french.sentences import rule_sentence
from invoices.checks.french.words import term_name

__all__ = ["rule_sentence", "schema_sentence", "term_name"]
