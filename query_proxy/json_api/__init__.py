"""The JSON API: `/shop/...` and the routes in the shapes of other services."""
