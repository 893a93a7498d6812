"""The search page, rendered on the server."""
