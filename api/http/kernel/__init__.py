"""What every route stands on: requests, reading, problems, their description."""
