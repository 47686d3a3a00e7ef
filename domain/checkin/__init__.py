"""One check-in (报到) of a unit's Party organisation, or a member, to a community (三(五)3)."""
