"""Builds the sample shop that Shopkeeper ships: its products and its judgments.

The words are hand-written, in `catalogue/*.toml` (what is sold) and `queries/*.toml` (what shoppers
type, and what would please them). The modules here only multiply them out: one entry becomes one
product for each colour, size or device, and one query's intent becomes a grade for each product.
"""
