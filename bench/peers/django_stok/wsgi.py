"""Settings and the WSGI application; the person is a superuser kept in memory, without SQL."""

from collections.abc import Callable
from typing import Any

import django
from django.conf import settings
from sqlalchemy.engine import make_url

from bench.peers.tabel import URL

url = make_url(URL)
IS_SQLITE = URL.startswith("sqlite")
DATABASE: dict[str, Any] = {
    "ENGINE": f"django.db.backends.{'sqlite3' if IS_SQLITE else 'postgresql'}",
    "NAME": url.database,
    "HOST": url.host or "",
    "PORT": url.port or "",
    "USER": url.username or "",
    "PASSWORD": url.password or "",
    "CONN_MAX_AGE": None,
}

settings.configure(
    SECRET_KEY="ukur",
    DEBUG=False,
    ALLOWED_HOSTS=["*"],
    ROOT_URLCONF="bench.peers.django_stok.wsgi",
    DATABASES={"default": DATABASE},
    DEFAULT_AUTO_FIELD="django.db.models.AutoField",
    USE_TZ=False,
    LOGGING={
        "version": 1,
        "handlers": {"console": {"class": "logging.StreamHandler"}},
        "root": {"handlers": ["console"], "level": "ERROR"},
    },
    STATIC_URL="/static/",
    DATA_UPLOAD_MAX_MEMORY_SIZE=None,
    SESSION_ENGINE="django.contrib.sessions.backends.signed_cookies",
    MESSAGE_STORAGE="django.contrib.messages.storage.cookie.CookieStorage",
    INSTALLED_APPS=[
        "django.contrib.auth",
        "django.contrib.contenttypes",
        "django.contrib.sessions",
        "django.contrib.messages",
        "django.contrib.admin",
        "import_export",
        "bench.peers.django_stok",
    ],
    MIDDLEWARE=[
        "django.contrib.sessions.middleware.SessionMiddleware",
        "django.middleware.common.CommonMiddleware",
        "django.contrib.auth.middleware.AuthenticationMiddleware",
        "bench.peers.django_stok.wsgi.open_door",
        "django.contrib.messages.middleware.MessageMiddleware",
    ],
    TEMPLATES=[
        {
            "BACKEND": "django.template.backends.django.DjangoTemplates",
            "APP_DIRS": True,
            "OPTIONS": {
                "context_processors": [
                    "django.template.context_processors.request",
                    "django.contrib.auth.context_processors.auth",
                    "django.contrib.messages.context_processors.messages",
                ]
            },
        }
    ],
)
django.setup()

from django.apps import apps  # noqa: E402 - after setup
from django.contrib.auth.models import User  # noqa: E402
from django.contrib.contenttypes.models import ContentType  # noqa: E402
from django.core.wsgi import get_wsgi_application  # noqa: E402
from django.urls import path  # noqa: E402

from bench.peers.django_stok.admin import site  # noqa: E402

SOMEBODY = User(id=1, username="ukur", is_staff=True, is_superuser=True, is_active=True)

for number, model in enumerate(apps.get_app_config("django_stok").get_models(), 1):
    # Django's own tables are not there; it asks for these keys and never stores them.
    known = ContentType(id=number, app_label="django_stok", model=model._meta.model_name)
    ContentType.objects._add_to_cache("default", known)


def open_door(get_response: Callable[[Any], Any]) -> Callable[[Any], Any]:
    """Let every request come from one superuser, without asking the database."""

    def middleware(request: Any) -> Any:
        request.user = SOMEBODY
        return get_response(request)

    return middleware


urlpatterns = [path("admin/", site.urls)]
app = get_wsgi_application()
