"""Communities over HTTP: their commands, their classification, and the register."""
