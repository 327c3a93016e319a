"""Provisioning: targets fetched from package registries into a folder of the user's."""
