"""Questions in plain words, answered from the graph and the passages with their sources."""
