"""Partnerships of communities or subdistricts with resident units: 共建 (三(五)1 and 2)."""
