"""Misspelt words, and words joined or split where the catalogue does otherwise."""
