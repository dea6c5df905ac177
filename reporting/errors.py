"""The one error that a user sees as one line instead of a stack trace."""


class UserError(Exception):
    """The user can put this right. The message says what is wrong, where, and what to do."""
