"""Reading a page as a person does."""


def words(answer) -> str:
    """Return a page's text in one line, its fixed spaces as plain ones."""
    return " ".join(answer.content.decode().replace("\u00a0", " ").split())
