"""One partnership of a community (or a subdistrict) with a resident unit: 共建 (三(五)1 and 2)."""
