"""Calendars of episodes (`episodes`), and error budgets (`budget`). numpy only."""
