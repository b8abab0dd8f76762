"""Brings the content of an importer step in: copies a file or folder of this machine, or fetches one file over http(s).

    python import_artifact.py ORDER.json

ORDER.json: {"path" | "url", "target", "output", "metadata", "result", "hosts", "maxBytes"}

Contract with whoever starts it:

* `path` was checked already: it is absolute and may be read. Links below a folder count as what they point to
  while that lies within the folder; other links, pipes, sockets and devices are left out and named.
* `url` is fetched from `hosts` alone, also after a redirect: each address is resolved once, and the connection goes
  to what was found, or to the proxy that the environment names. A host without a port stands for the usual port.
* Nothing larger than `maxBytes` is kept.
* `result` is written last, in the form of Kubeflow's result file, when all of the content is at `target`.
* Messages go to stdout; the last line of stderr says why it failed. Exit code 1: it could not be imported.

Standard library only, Python 3.7 and later.
"""

import http.client
import json
import os
import shutil
import socket
import ssl
import stat
import sys
import time
import urllib.parse
import urllib.request

CHUNK = 1024 * 1024
TIMEOUT_SECONDS = 60
MOST_REDIRECTS = 5
SAY_EVERY_SECONDS = 2.0
FICLONE = 0x40049409


class CannotImport(Exception):
    """Why there is no artifact, and what to do."""


def main():
    with open(sys.argv[1], encoding="utf-8") as file:
        order = json.load(file)
    meter = Meter(order["maxBytes"])
    target = order["target"]
    os.makedirs(os.path.dirname(target), mode=0o700, exist_ok=True)
    try:
        if "url" in order:
            fetch(order["url"], target, order["hosts"], meter)
        else:
            copy(order["path"], target, meter)
    except CannotImport as problem:
        return fail(str(problem), target)
    except (OSError, http.client.HTTPException) as problem:
        return fail(f"The import of {order.get('url') or order['path']} broke off: {problem or type(problem).__name__}", target)
    print(f"Imported {readable(meter.bytes)}", flush=True)
    write_result(order)
    return 0


def fail(message, target):
    """Leaves nothing half imported."""
    if os.path.isdir(target):
        shutil.rmtree(target, ignore_errors=True)
    elif os.path.lexists(target):
        os.unlink(target)
    print(message, file=sys.stderr, flush=True)
    return 1


def write_result(order):
    artifact = {"uri": order["target"], "metadata": order["metadata"]}
    result = {"artifacts": {order["output"]: {"artifacts": [artifact]}}}
    draft = order["result"] + ".draft"
    with open(draft, "w", encoding="utf-8") as file:
        json.dump(result, file)
    os.replace(draft, order["result"])


class Meter:
    """Counts what came in, says how far it is, and stops at the limit."""

    def __init__(self, limit):
        self.limit = limit
        self.bytes = 0
        self.said_at = time.monotonic()

    def add(self, count, expected=None):
        self.bytes += count
        if self.bytes > self.limit:
            raise CannotImport(
                f"The content is larger than {readable(self.limit)}, the largest artifact allowed. Raise the setting max-artifact-bytes, or import less."
            )
        now = time.monotonic()
        if now - self.said_at >= SAY_EVERY_SECONDS:
            self.said_at = now
            print(readable(self.bytes) + (f" of {readable(expected)}" if expected else ""), flush=True)


def readable(count):
    for unit in ("bytes", "KiB", "MiB", "GiB"):
        if count < 1024 or unit == "GiB":
            return f"{count} {unit}" if unit == "bytes" else f"{count:.1f} {unit}"
        count /= 1024
    return ""


def copy(path, target, meter):
    if os.path.isdir(path):
        copy_folder(path, target, meter)
    else:
        copy_file(path, target, meter)


def copy_folder(root, target, meter):
    left_out = []
    inside = os.path.join(os.path.realpath(root), "")
    for folder, names, files in os.walk(root, onerror=refuse_closed):
        here = os.path.join(target, os.path.relpath(folder, root))
        os.makedirs(here, mode=0o700, exist_ok=True)
        # A link to a folder is not walked: it may lead in a circle.
        left_out += [os.path.join(folder, name) for name in names if os.path.islink(os.path.join(folder, name))]
        for name in files:
            path = os.path.join(folder, name)
            real = os.path.realpath(path)
            if real.startswith(inside) and os.path.isfile(real):
                copy_file(real, os.path.join(here, name), meter)
            else:
                left_out.append(path)
    if left_out:
        shown = ", ".join(os.path.relpath(path, root) for path in left_out[:10])
        print(f"Left out {len(left_out)} that are links elsewhere or no files: {shown}", flush=True)


def refuse_closed(problem):
    raise CannotImport(
        f"{problem.filename} cannot be read: {problem.strerror}. Let the user that runs Penstock read it, or import another place."
    )


def copy_file(path, target, meter):
    # Not blocked by a pipe that has taken the file's place meanwhile.
    try:
        source = os.open(path, os.O_RDONLY | os.O_NONBLOCK)
    except OSError as problem:
        refuse_closed(problem)
    with os.fdopen(source, "rb") as reader, open(target, "xb") as writer:
        found = os.fstat(reader.fileno())
        if not stat.S_ISREG(found.st_mode):
            raise CannotImport(f"{path} is no file any more.")
        if found.st_size > 0 and meter.bytes + found.st_size <= meter.limit and is_cloned(reader, writer):
            meter.add(found.st_size)
            return
        meter.add(0)
        if meter.bytes + found.st_size > meter.limit:
            meter.add(found.st_size)
        for chunk in iter(lambda: reader.read(CHUNK), b""):
            meter.add(len(chunk))
            writer.write(chunk)


def is_cloned(reader, writer):
    """Whether the file system could share the blocks of the file."""
    try:
        import fcntl

        fcntl.ioctl(writer.fileno(), FICLONE, reader.fileno())
        return True
    except (ImportError, OSError):
        return False


def fetch(url, target, hosts, meter):
    for _ in range(MOST_REDIRECTS + 1):
        print(f"Fetching {url}", flush=True)
        connection, response = ask(url, hosts)
        try:
            if response.status in (301, 302, 303, 307, 308):
                url = urllib.parse.urljoin(url, response.getheader("Location") or "")
                continue
            if response.status != 200:
                raise CannotImport(f"{url} answered {response.status} {response.reason}. Correct the address, or try again later.")
            save(response, target, meter)
            return
        finally:
            connection.close()
    raise CannotImport(f"The address was redirected more than {MOST_REDIRECTS} times, last to {url}.")


def ask(url, hosts):
    parts = urllib.parse.urlsplit(url)
    is_secure = parts.scheme == "https"
    usual = 443 if is_secure else 80
    try:
        port = parts.port or usual
    except ValueError:
        raise CannotImport(f"{url} has no valid port.")
    host = parts.hostname or ""
    if parts.scheme not in ("http", "https") or parts.username is not None or not is_listed(host, port, usual, hosts):
        raise CannotImport(
            f"The address leads to {url}, and {host or 'that'}:{port} is not among the hosts that importers may fetch from. Add it to the setting import-hosts, or fetch the file yourself and give its absolute path."
        )
    path = urllib.parse.quote(parts.path or "/", safe="/%:@!$&'()*+,;=~-._") + (f"?{parts.query}" if parts.query else "")
    name = host if port == usual else f"{host}:{port}"
    proxy = proxy_for(parts.scheme, f"{host}:{port}")
    if proxy is None:
        connection = connect(host, port, is_secure)
    else:
        connection = connect_by_proxy(proxy, host, port, is_secure)
        path = path if is_secure else f"http://{name}{path}"
    connection.request("GET", path, headers={"Host": name, "Accept-Encoding": "identity", "User-Agent": "penstock"})
    return connection, connection.getresponse()


def is_listed(host, port, usual, hosts):
    for entry in hosts:
        name, _, listed = entry.lower().partition(":")
        if name == host.lower() and int(listed or usual) == port:
            return True
    return False


def connect(host, port, is_secure):
    """A connection to the first address of the host that answers; nothing is resolved a second time."""
    try:
        addresses = [found[4][0] for found in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]
    except OSError as problem:
        raise CannotImport(f"The host {host} is not known here ({problem}).")
    failure = None
    for address in dict.fromkeys(addresses):
        try:
            reached = socket.create_connection((address, port), TIMEOUT_SECONDS)
            if is_secure:
                reached = ssl.create_default_context().wrap_socket(reached, server_hostname=host)
            connection = http.client.HTTPConnection(host, port, timeout=TIMEOUT_SECONDS)
            connection.sock = reached
            return connection
        except OSError as problem:
            failure = problem
    raise CannotImport(f"{host}:{port} could not be reached: {failure}.")


def proxy_for(scheme, host):
    """The proxy for a host, None where it is reached directly."""
    if urllib.request.proxy_bypass_environment(host):
        return None
    address = urllib.request.getproxies_environment().get(scheme)
    if not address:
        return None
    return urllib.parse.urlsplit(address if "://" in address else f"http://{address}")


def connect_by_proxy(proxy, host, port, is_secure):
    """A connection through a proxy, which resolves the host itself."""
    if not is_secure:
        return http.client.HTTPConnection(proxy.hostname, proxy.port or 80, timeout=TIMEOUT_SECONDS)
    context = ssl.create_default_context()
    connection = http.client.HTTPSConnection(proxy.hostname, proxy.port or 80, timeout=TIMEOUT_SECONDS, context=context)
    connection.set_tunnel(host, port)
    return connection


def save(response, target, meter):
    length = response.getheader("Content-Length")
    expected = int(length) if length is not None and length.isdigit() else None
    if expected is not None and expected > meter.limit:
        meter.add(expected)
    with open(target, "xb") as writer:
        for chunk in iter(lambda: response.read(CHUNK), b""):
            meter.add(len(chunk), expected)
            writer.write(chunk)
    if expected is not None and meter.bytes != expected:
        raise CannotImport(f"The connection broke off after {readable(meter.bytes)} of {readable(expected)}. Retry the step.")


if __name__ == "__main__":
    sys.exit(main())
