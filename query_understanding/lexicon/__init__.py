"""What every reindex learns from the catalogue's words."""
