from django.http import StreamingHttpResponse
from django.utils import timezone

from common.archives.models import Archive
from common.archives.running import chunks


def archive_response(archive: Archive, *, name: str) -> StreamingHttpResponse:
    """One that is ready, a megabyte at a time; no connection to the database is held while it goes."""
    response = StreamingHttpResponse(chunks(archive), content_type="application/zip")
    response["Content-Length"] = str(archive.size)
    file_name = f"{name}-{timezone.localdate(archive.finished_at):%Y%m%d}.zip"
    response["Content-Disposition"] = f'attachment; filename="{file_name}"'
    response["Cache-Control"] = "no-store, private"
    return response
