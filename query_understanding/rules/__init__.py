"""Rules in Querqy's common-rules syntax."""
