from django.apps import AppConfig


class JefactureConfig(AppConfig):
    name = "jefacture"
    verbose_name = "jefacture"
