"""Tests of the independent venue."""
