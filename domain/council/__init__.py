"""Councils: standing joint meetings (联席会议) with their sessions, minutes and resolutions."""
