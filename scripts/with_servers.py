#!/usr/bin/env python3
"""Run a command with real S3 servers beside it: each on a free loopback port, with its data in a folder that is removed afterwards.

    with_servers.py [--without minio|versitygw|moto]... -- COMMAND [ARGUMENT...]

The command sees, for each NAME of MINIO, MINIO_TLS, VERSITYGW and MOTO that runs:

    S3STORE_TEST_<NAME>_ENDPOINT, S3STORE_TEST_<NAME>_ACCESS_KEY, S3STORE_TEST_<NAME>_SECRET_KEY
    S3STORE_TEST_MINIO_TLS_CA      the certificate to trust for MINIO_TLS
    S3STORE_TEST_MINIO_TLS_CLIENT  a client's certificate with its key, which MINIO_TLS gives the policy "readonly" for

and S3STORE_TEST_WITHOUT, the names that were left out, in lower case with commas between them. A server that is wanted and does not get
ready is a failure. The servers come from the cache that scripts/test.sh fills, or from the PATH.
"""
import argparse
import base64
import contextlib
import ctypes
import http.client
import os
import pathlib
import shutil
import signal
import socket
import ssl
import subprocess
import sys
import tempfile
import time

HERE = pathlib.Path(__file__).resolve().parent
READY_WITHIN = 60  # seconds
ACCESS_KEY, SECRET_KEY = "s3store-test", "s3store-test-secret"  # of servers that live as long as this process


def versions():
    lines = (HERE / "versions.env").read_text(encoding="utf-8").splitlines()
    return dict(line.split("=", 1) for line in lines if line and not line.startswith("#"))


def cache():
    base = os.environ.get("XDG_CACHE_HOME") or os.path.expanduser("~/.cache")
    return pathlib.Path(os.environ.get("S3STORE_CACHE") or os.path.join(base, "s3store"))


def program(name, cached):
    for candidate in (cached, shutil.which(name)):
        if candidate and os.access(candidate, os.X_OK):
            return str(candidate)
    sys.exit(f"with_servers.py: there is no {name} (neither {cached} nor on the PATH): run scripts/test.sh, or pass --without {name.split('_')[0]}")


def data_home():
    """A folder whose file system takes extended attributes, which versitygw keeps its metadata in."""
    for folder in (tempfile.gettempdir(), str(cache()), "."):
        try:
            with tempfile.NamedTemporaryFile(dir=folder) as probe:
                os.setxattr(probe.name, "user.s3store", b"1")
            return folder
        except OSError:
            continue
    sys.exit("with_servers.py: no folder takes extended attributes, which versitygw needs: set TMPDIR to one that does")


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def self_signed(name, key, certificate, *extensions):
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2",
         "-subj", f"/CN={name}", *(part for each in extensions for part in ("-addext", each)), "-keyout", key, "-out", certificate],
        check=True, stdin=subprocess.DEVNULL, capture_output=True)


def certificates(folder):
    """A server's in MinIO's layout, and in client.pem a client's, whose common name is that of a policy."""
    (folder / "CAs").mkdir(parents=True)
    self_signed("localhost", folder / "private.key", folder / "public.crt", "subjectAltName=IP:127.0.0.1,DNS:localhost")
    key, client = folder / "client.key", folder / "CAs" / "client.crt"
    self_signed("readonly", key, client, "extendedKeyUsage=clientAuth", "basicConstraints=critical,CA:FALSE")
    (folder / "client.pem").write_bytes(client.read_bytes() + key.read_bytes())
    return folder


class Server:
    """What to start, and how to see that it is ready. `command` makes the argument list from a port."""

    def __init__(self, name, command, environment, ready_path, ready_status, ca=None, client=None):
        self.name, self.command, self.environment = name, command, environment
        self.ready_path, self.ready_status, self.ca, self.client = ready_path, ready_status, ca, client

    def start(self, folder):
        self.port = free_port()
        self.log = folder / f"{self.name}.log"
        with open(self.log, "wb") as log:
            self.process = subprocess.Popen(
                self.command(self.port), env={**os.environ, **self.environment}, cwd=folder,
                stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True, preexec_fn=end_with_parent)

    def answers(self):
        context = ssl.create_default_context(cafile=self.ca) if self.ca else None
        made = (http.client.HTTPSConnection("127.0.0.1", self.port, timeout=2, context=context) if self.ca
                else http.client.HTTPConnection("127.0.0.1", self.port, timeout=2))
        with contextlib.closing(made) as connection:
            try:
                connection.request("GET", self.ready_path)
                return self.ready_status(connection.getresponse().status)
            except (OSError, http.client.HTTPException):
                return False

    def wait(self, deadline):
        """True when it is ready; False when it ended before (another process may have taken its port)."""
        while time.monotonic() < deadline:
            if self.process.poll() is not None:
                return False
            if self.answers():
                return True
            time.sleep(0.05)
        return False

    def end(self):
        if self.process.poll() is None:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self.process.pid, signal.SIGTERM)
            try:
                self.process.wait(5)
            except subprocess.TimeoutExpired:
                os.killpg(self.process.pid, signal.SIGKILL)
                self.process.wait()

    def told(self):
        name = self.name.upper()
        out = {
            f"S3STORE_TEST_{name}_ENDPOINT": f"http{'s' if self.ca else ''}://127.0.0.1:{self.port}",
            f"S3STORE_TEST_{name}_ACCESS_KEY": ACCESS_KEY,
            f"S3STORE_TEST_{name}_SECRET_KEY": SECRET_KEY,
        }
        for what, file in (("CA", self.ca), ("CLIENT", self.client)):
            if file:
                out[f"S3STORE_TEST_{name}_{what}"] = str(file)
        return out


def end_with_parent():
    """In the child: even when this process is killed outright, Linux ends the server."""
    with contextlib.suppress(OSError, AttributeError):
        ctypes.CDLL(None).prctl(1, signal.SIGTERM)  # 1 is PR_SET_PDEATHSIG


def servers(folder, without):
    version, ok = versions(), lambda status: status == 200
    if "minio" not in without:
        minio = program("minio", cache() / "servers" / f"minio-{version['MINIO_VERSION']}")
        environment = {
            "MINIO_ROOT_USER": ACCESS_KEY, "MINIO_ROOT_PASSWORD": SECRET_KEY, "MINIO_BROWSER": "off",
            "MINIO_KMS_SECRET_KEY": "k1:" + base64.b64encode(bytes(32)).decode(),
            # Somewhere for events to go, as "arn:minio:sqs::PROOF:webhook"; nobody listens, and they stay in the folder.
            "MINIO_NOTIFY_WEBHOOK_ENABLE_PROOF": "on", "MINIO_NOTIFY_WEBHOOK_ENDPOINT_PROOF": "http://127.0.0.1:9/",
            "MINIO_NOTIFY_WEBHOOK_QUEUE_DIR_PROOF": str(folder / "minio_events"),
        }
        certs = certificates(folder / "certs")
        start = [minio, "server", "--quiet", "--address"]
        yield Server("minio", lambda port: [*start, f"127.0.0.1:{port}", folder / "minio"], environment, "/minio/health/cluster", ok)
        yield Server("minio_tls", lambda port: [*start, f"127.0.0.1:{port}", "--certs-dir", certs, folder / "minio_tls"],
                     {**environment, "MINIO_IDENTITY_TLS_ENABLE": "on"}, "/minio/health/cluster", ok,
                     ca=certs / "public.crt", client=certs / "client.pem")
    if "versitygw" not in without:
        versitygw = program("versitygw", cache() / "servers" / f"versitygw-{version['VERSITYGW_VERSION']}")
        for part in ("versitygw", "versitygw_versions"):
            (folder / part).mkdir()
        yield Server("versitygw", lambda port: [versitygw, "--port", f"127.0.0.1:{port}", "--health", "/health", "--quiet", "posix",
                                                "--versioning-dir", folder / "versitygw_versions", folder / "versitygw"],
                     {"ROOT_ACCESS_KEY": ACCESS_KEY, "ROOT_SECRET_KEY": SECRET_KEY}, "/health", ok)
    if "moto" not in without:
        moto = program("moto_server", cache() / "venv" / "bin" / "moto_server")
        yield Server("moto", lambda port: [moto, "-H", "127.0.0.1", "-p", str(port)], {}, "/moto-api/", ok)


def stop(number, _frame):
    raise SystemExit(128 + number)


def run(command, environment):
    """The command's exit code. It has its own process group, so that a signal to this process ends all of it."""
    child = subprocess.Popen(command, env=environment, start_new_session=True, preexec_fn=end_with_parent)
    try:
        code = child.wait()
        return 128 - code if code < 0 else code
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(child.pid, signal.SIGTERM)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--without", action="append", default=[], choices=["minio", "versitygw", "moto"])
    parser.add_argument("command", nargs="+")
    options = parser.parse_args()
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, stop)

    with contextlib.ExitStack() as undo:
        folder = pathlib.Path(tempfile.mkdtemp(prefix="s3store-servers-", dir=data_home()))
        undo.callback(shutil.rmtree, folder, ignore_errors=True)
        running = list(servers(folder, options.without))
        for server in running:
            server.start(folder)
            undo.callback(lambda s=server: s.end())
        deadline = time.monotonic() + READY_WITHIN
        environment = {**os.environ, "S3STORE_TEST_WITHOUT": ",".join(options.without)}
        for server in running:
            if not server.wait(deadline) and not retried(server, folder, deadline):
                sys.exit(f"with_servers.py: {server.name} did not get ready in {READY_WITHIN} s. It said:\n"
                         + "\n".join(server.log.read_text(errors="replace").splitlines()[-30:]))
            environment.update(server.told())
        return run(options.command, environment)


def retried(server, folder, deadline):
    """Once more on another port, if the server has ended: its first port may have been taken in between."""
    if server.process.poll() is None:
        return False
    server.start(folder)
    return server.wait(deadline)


if __name__ == "__main__":
    sys.exit(main())
