"""The review of one community in one round, stage by stage (section four, item one)."""
