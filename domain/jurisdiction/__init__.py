"""The organisation tree: cities, districts, parks, subdistricts and towns."""
