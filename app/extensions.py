"""Objects that the parts share; no logic. They are tied to an app in `create_app`."""

from flask_appbuilder.models.sqla.base import SQLA
from flask_migrate import Migrate
from flask_wtf import CSRFProtect

db = SQLA()
migrate = Migrate()
csrf = CSRFProtect()
