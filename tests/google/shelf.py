"""A little of Drive: files by their ids, just enough to try calls out on."""

from __future__ import annotations

from tests.services.google import Answer, Asked, refused


class Shelf:
    """Files, in memory."""

    def __init__(self) -> None:
        self.files: dict[str, bytes] = {}
        self.made: list[dict] = []

    def methods(self):
        return {
            "drive.files.list": self.list,
            "drive.files.get": self.get,
            "drive.files.create": self.create,
            "drive.files.delete": self.delete,
            "drive.files.update": self.update,
        }

    def list(self, asked: Asked):
        names = sorted(self.files)
        begin = int(asked.get("pageToken", 0))
        end = begin + int(asked.get("pageSize", 100))
        page = {"files": [{"id": name} for name in names[begin:end]]}
        return page | ({"nextPageToken": str(end)} if end < len(names) else {})

    def get(self, asked: Asked):
        content = self.files.get(asked.path["fileId"])
        if content is None:
            return refused(404, "notFound")
        if asked.get("alt") == "media":
            kind = {"Content-Type": "application/pdf", "ETag": '"e1"'}
            return Answer(content=content, headers=kind)
        return {"id": asked.path["fileId"], "size": str(len(content))}

    def create(self, asked: Asked):
        id = f"made-{len(self.made)}"
        self.made.append(asked.body)
        self.files[id] = asked.media or b""
        return {"id": id, "name": asked.body.get("name", "Untitled")}

    def update(self, asked: Asked):
        self.files[asked.path["fileId"]] = asked.media or b""
        return {"id": asked.path["fileId"]}

    def delete(self, asked: Asked):
        if self.files.pop(asked.path["fileId"], None) is None:
            return refused(404, "notFound")
        return Answer(status=204)
