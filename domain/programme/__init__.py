"""Programmes: the shortfalls that a city or a district deals with in a year (补短板强弱项)."""
