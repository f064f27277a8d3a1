"""JSON values that hold human words: drafts, facts of letters and notices."""

from accounts.text import clean


def clean_facts(value):
    """Return a JSON value with every text in it, keys included, made storable by `clean`.

    Numbers, booleans and null are returned as they are. Anything that is not JSON is left for the database
    field to refuse.
    """
    if isinstance(value, str):
        return clean(value)
    if isinstance(value, dict):
        return {clean(str(key)): clean_facts(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [clean_facts(item) for item in value]
    return value
