"""Ledgers and other books as accounting software exports them, one file a kind."""
