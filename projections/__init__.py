"""Read models: pure folds of the record into tables, for any day, as known at any position."""
