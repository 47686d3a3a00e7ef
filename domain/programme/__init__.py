"""Programmes: what a city or a district takes on in a year (补短板强弱项)."""
