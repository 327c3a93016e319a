"""Hypothesis strategies for certification paths, CRLs and flag sets."""
