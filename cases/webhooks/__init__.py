"""Telling other systems what happened: pulled from the timeline, so that no verb knows of it.

`kinds` says what may be told and in which words for programs, `pulling` makes rows of news, `telling` sends them,
`reaching` is the only road out of the house, `hooks` is for administrators.
"""
