"""Login as allauth does it, with the link to a new password below the form instead of between its fields."""

from typing import Any

from allauth.account.forms import LoginForm as AllauthLoginForm


class LoginForm(AllauthLoginForm):
    """Settings name it in ACCOUNT_FORMS; `account/login.html` has the link."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["password"].help_text = ""
