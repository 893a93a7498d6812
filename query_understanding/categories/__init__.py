"""Which kind of product a query is about."""
