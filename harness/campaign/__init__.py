"""Exploring: seeded shards of a campaign, run by pytest and Hypothesis."""
