"""Cities, districts, parks, subdistricts and towns: the organisation tree, which codes are not."""
