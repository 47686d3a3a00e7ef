"""Classification: the type of a community, which a round that is not over keeps fixed."""
