"""What may be stated, by whom, under which rule. Pure: no clock, no store, no network."""
