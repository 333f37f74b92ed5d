"""What operators see and do: history of sessions and calls, the admin, session REST, health, metrics."""
