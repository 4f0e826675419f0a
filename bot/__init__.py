"""Keukentafel: a scripted, non-judgmental companion for parents of young children."""
