"""What the application and its jobs know of each other's data: docs/data.md says what it means."""
