from django.urls import include, path

app_name = "exports"

urlpatterns = [path("", include("exports.api.comapi.urls"))]
