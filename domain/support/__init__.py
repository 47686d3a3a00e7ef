"""The support of communities that lag behind (晋位升级, section four, item one)."""
