"""The vocabulary: Turtle, YAML and CSV files a domain expert can read, and their loaders."""
