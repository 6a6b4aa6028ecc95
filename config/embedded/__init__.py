"""The embedded web server and message broker of ``make run`` and small sites."""
