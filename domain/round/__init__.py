"""Rounds of grading (三分类三升级, section four, item one)."""
