"""Django admin with django-import-export, on unmanaged models of the portal's tables."""
