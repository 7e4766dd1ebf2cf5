"""Pages by asyncio's streams, for downloader_reference.py: as much of HTTP/1.1 as the downloader's site speaks."""

import asyncio
import gzip
import hashlib
from urllib.parse import urlsplit


def fetch_all(urls, workers):
    """Path, status, bytes and digest of each page, in the order of `urls`; `workers` connections, used again."""
    return asyncio.run(fetched(urls, workers))


async def fetched(urls, workers):
    pages = [None] * len(urls)
    # Workers take the next one that nobody has: one thread, so nothing needs a lock.
    waiting = iter(enumerate(urls))
    await asyncio.gather(*(work(waiting, pages) for _ in range(workers)))
    return pages


async def work(waiting, pages):
    connection = Connection()
    try:
        for number, url in waiting:
            pages[number] = await asyncio.wait_for(connection.fetch(url), 30)
    finally:
        connection.close()


class Connection:
    """To the one site that there is; opened anew when the site has closed it."""

    def __init__(self):
        self.place = self.reader = self.writer = None

    async def fetch(self, url):
        parts = urlsplit(url)
        path = f"{parts.path}?{parts.query}" if parts.query else parts.path
        if self.place != parts.netloc:
            self.close()
            self.reader, self.writer = await asyncio.open_connection(parts.hostname, parts.port or 80)
            self.place = parts.netloc
        ask = f"GET {path} HTTP/1.1\r\nHost: {parts.netloc}\r\nAccept-Encoding: gzip\r\n\r\n"
        self.writer.write(ask.encode())
        status, headers = await self.head()
        body = await self.body(headers)
        if headers.get("connection", "").lower() == "close":
            self.close()
        if headers.get("content-encoding") == "gzip":
            body = gzip.decompress(body)
        return path, status, len(body), hashlib.sha256(body).hexdigest()

    async def head(self):
        first, *lines = (await self.reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
        pairs = (line.split(":", 1) for line in lines if line)
        return int(first.split()[1]), {name.lower(): value.strip() for name, value in pairs}

    async def body(self, headers):
        if "content-length" in headers:
            return await self.reader.readexactly(int(headers["content-length"]))
        if headers.get("transfer-encoding", "").lower() == "chunked":
            return b"".join([chunk async for chunk in self.chunks()])
        # It ends where the connection does.
        body = await self.reader.read()
        self.close()
        return body

    async def chunks(self):
        while True:
            size = int((await self.reader.readline()).split(b";")[0], 16)
            chunk = await self.reader.readexactly(size + 2)
            if size == 0:
                return
            yield chunk[:-2]

    def close(self):
        if self.writer:
            self.writer.close()
        self.place = self.reader = self.writer = None
