"""A mail server for tests: takes messages on a loopback port and keeps what it read of each one as JSON.

    smtp_server.py FOLDER [--mode MODE] [--port PORT]

FOLDER/port appears when it listens; FOLDER/0001.json, 0002.json… hold the messages. It ends with its standard input.

Modes: accept, refuse (550 to the recipient), temporary (451 to the recipient), temporary-text (451 to the whole text),
secure (STARTTLS and a password), drop (takes the message, then hangs up without a word), mute (takes the message and never answers).
"""

import argparse
import asyncio
import email
import email.policy
import hashlib
import json
import logging
import os
import ssl
import subprocess
import sys
import warnings
from email.header import decode_header, make_header
from email.utils import getaddresses
from pathlib import Path

from aiosmtpd.smtp import SMTP, AuthResult

USER, PASSWORD = "fédération", "mot de passe : é@/?#"


class Handler:
    def __init__(self, folder, mode):
        self.folder, self.mode, self.count = folder, mode, 0

    async def handle_RCPT(self, server, session, envelope, address, options):
        if self.mode == "refuse":
            return "550 5.1.1 no such mailbox"
        if self.mode == "temporary":
            return "451 4.7.1 greylisted, come back later"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        if self.mode == "temporary-text":
            return "451-4.3.0 too much work\r\n451 4.3.0 come back later"
        self.keep(envelope)
        if self.mode == "drop":
            server.transport.abort()
        if self.mode == "mute":
            await asyncio.sleep(3600)
        return "250 taken"

    def keep(self, envelope):
        self.count += 1
        raw = envelope.original_content
        message = email.message_from_bytes(raw, policy=email.policy.default)
        body = {kind: message.get_body((kind,)) for kind in ("plain", "html")}
        kept = {
            "from": envelope.mail_from,
            "recipients": envelope.rcpt_tos,
            "headers": [[name, str(value)] for name, value in message.items()],
            "addresses": {name: addresses(raw, name) for name in ("From", "To", "Cc", "Reply-To")},
            "date": message["Date"].datetime.isoformat(),
            "text": text_of(body["plain"]),
            "html": text_of(body["html"]),
            "attachments": [
                [part.get_filename(), str(part["Content-Type"]), hashlib.sha256(part.get_payload(decode=True)).hexdigest()]
                for part in message.iter_attachments()
            ],
            "defects": [repr(defect) for part in message.walk() for defect in part.defects]
            + [repr(defect) for part in message.walk() for value in part.values() for defect in value.defects],
            "longest": max(len(line) for line in raw.split(b"\r\n")),
            "ascii": raw.isascii(),
            "bare": raw.replace(b"\r\n", b"").count(b"\n") + raw.replace(b"\r\n", b"").count(b"\r"),
        }
        partial = self.folder / "partial"
        partial.write_text(json.dumps(kept))
        partial.rename(self.folder / f"{self.count:04}.json")


def text_of(part):
    return part.get_content().replace("\r\n", "\n") if part else None


def addresses(raw, header):
    # The older reader: the newer one puts spaces between the encoded words of a name (3.11).
    headers = email.message_from_bytes(raw).get_all(header, [])
    return [[str(make_header(decode_header(name))), address] for name, address in getaddresses(headers)]


def certificate(folder):
    """A key and a certificate of this run, for 127.0.0.1."""
    key, pem = folder / "key.pem", folder / "certificate.pem"
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2", "-subj", "/CN=127.0.0.1"]
        + ["-addext", "subjectAltName=IP:127.0.0.1", "-keyout", key, "-out", pem],
        check=True,
        capture_output=True,
    )
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(pem, key)
    return context


def authenticate(server, session, envelope, mechanism, data):
    # handled=False: otherwise a refused sign-in is left without an answer.
    return AuthResult(success=(data.login, data.password) == (USER.encode(), PASSWORD.encode()), handled=False)


async def main():
    # What goes wrong is what the tests are for: they look at the client.
    logging.disable()
    warnings.simplefilter("ignore")
    arguments = argparse.ArgumentParser()
    arguments.add_argument("folder", type=Path)
    arguments.add_argument("--mode", default="accept")
    arguments.add_argument("--port", type=int, default=0)
    arguments = arguments.parse_args()
    options = {"data_size_limit": 50_000_000}
    if arguments.mode == "secure":
        options |= {"tls_context": certificate(arguments.folder), "require_starttls": True}
        options |= {"auth_required": True, "authenticator": authenticate}
    handler = Handler(arguments.folder, arguments.mode)
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: SMTP(handler, **options), "127.0.0.1", arguments.port)
    ready = arguments.folder / "ready"
    ready.write_text(str(server.sockets[0].getsockname()[1]))
    ready.rename(arguments.folder / "port")
    await loop.run_in_executor(None, sys.stdin.read)
    os._exit(0)


asyncio.run(main())
