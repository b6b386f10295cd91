"""Questions and answers: a sealed part that plays a plan against a candidate's services, and keeps what came of it.

A lab brings a `world.py`; README.md says what is in one.
"""
