"""From kept evidence to a verdict: pure functions over events. Imports no runtime, starts nothing."""
