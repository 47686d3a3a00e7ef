"""What every subject of the domain rests on, and what rests on no subject."""
