"""Measures the portal beside a bare floor and its peers; `make bench`, results in HASIL.md."""
