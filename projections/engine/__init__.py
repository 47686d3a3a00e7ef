"""Folds the record into tables: projections, folds, rebuilds, the worker, the view."""
