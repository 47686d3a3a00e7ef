"""Support for lagging communities (晋位升级, section four, item one)."""
