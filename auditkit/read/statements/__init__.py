"""Statements of banks and payment platforms, one file a kind."""
