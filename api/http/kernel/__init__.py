"""What all routes are built on: requests, reading, problems, and the API's description."""
