"""Exports of parking platforms, one file a kind."""
