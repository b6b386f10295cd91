"""Whom rules and routes tell of what."""

from casebook.questions import traffic

Traffic = traffic(__file__, "http://replay:8000")
