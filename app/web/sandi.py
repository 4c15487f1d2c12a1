"""The own password: the host's form, which asks for the present one first."""

from typing import Any

from flask import g
from flask_appbuilder.fieldwidgets import BS3PasswordFieldWidget
from flask_appbuilder.security.forms import ResetPasswordForm
from flask_appbuilder.security.views import ResetMyPasswordView as HostView
from flask_babel import gettext
from werkzeug.security import check_password_hash
from wtforms import PasswordField, ValidationError
from wtforms.validators import DataRequired

from app.teks import N_


class SandiForm(ResetPasswordForm):
    """A screen left open must not be enough to take an account over."""

    sandi_lama = PasswordField(validators=[DataRequired()], widget=BS3PasswordFieldWidget())

    def validate_sandi_lama(self, field: Any) -> None:
        """Refuse where it is not the present password."""
        if not check_password_hash(g.user.password, field.data or ""):
            raise ValidationError(gettext(N_("Kata sandi sekarang tidak cocok.")))


class ResetMyPasswordView(HostView):
    """The host's page, under the host's name."""

    form = SandiForm
