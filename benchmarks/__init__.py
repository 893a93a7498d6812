"""Benchmarks: ratios against a baseline in the same run. `make bench` lists and runs them."""
