"""Asking real interpreters. The home of ``ssl`` is ``worker.py``."""
