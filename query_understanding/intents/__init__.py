"""What a query is after."""
