"""The API of the council: what waits on the docket, as its page shows it. Decisions are taken on the page."""
