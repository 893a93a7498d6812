"""Synonyms proposed from the catalogue, logs or a model, with their evidence."""
