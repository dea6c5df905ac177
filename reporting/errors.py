"""The one error that a user sees as a line and not as a stack trace."""


class UserError(Exception):
    """Something that the user can mend; the message says what, where and how."""
