"""Addresses, one file per prefix."""
