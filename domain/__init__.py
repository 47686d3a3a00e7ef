"""What may be recorded, by whom, under which rule. Pure: no clock, no store, no network."""
