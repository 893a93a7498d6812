"""Language models behind OpenAI-compatible endpoints: schema-checked, cached, bounded in cost."""
