"""Rehearses Binder on this machine."""
