"""A lifelike city that does not exist, recorded through the same commands as a real one."""

from api.demo.recording import record_demo_city

__all__ = ["record_demo_city"]
