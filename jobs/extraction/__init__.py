"""extraction: typed values out of documents, each with its confidence and its place."""
