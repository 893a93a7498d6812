"""Prices, units and ranges of numbers."""
