"""All that telemetry is sent to, behind a casebook's door: traces, lines, scrapes, a bill. README.md shows how."""
