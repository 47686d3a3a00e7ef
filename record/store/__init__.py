"""The append-only record: its entries, the unit of work, the recorder, the migrations."""
