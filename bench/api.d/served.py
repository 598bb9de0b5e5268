"""A server of the API as a process, and a client of it."""
import http.client
import json
import os
import pathlib
import re
import socket
import ssl
import subprocess
import sys
import time

HOME = pathlib.Path(__file__).resolve().parent.parent.parent
TLS = ssl.create_default_context()
TLS.check_hostname = False
TLS.verify_mode = ssl.CERT_NONE  # both servers make their own certificate, on loopback


def free_port():
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        return held.getsockname()[1]


class Client:
    """One connection that stays open."""

    def __init__(self, server):
        self.server = server
        self.connection = http.client.HTTPSConnection("127.0.0.1", server.port, context=TLS, timeout=120)

    def ask(self, method, path, body=None, content="application/json"):
        headers = {"Authorization": f"Bearer {self.server.token}", "Accept": "application/json"}
        data = None if body is None else json.dumps(body).encode()
        if data is not None:
            headers["Content-Type"] = content
        self.connection.request(method, path, data, headers)
        answer = self.connection.getresponse()
        text = answer.read()
        if answer.status >= 300:
            raise RuntimeError(f"{method} {path}: {answer.status} {text[:300]}")
        return text


class Weft:
    """`weft up` with nothing declared."""

    name = "weft up"

    def __init__(self, folder):
        self.data = pathlib.Path(folder, "weft")
        self.port, self.edge_port = free_port(), free_port()
        self.token = ""
        self.processes = []

    def start(self):
        command = [str(HOME / "weft"), "up", "--data", str(self.data), "--api-port", str(self.port),
                   "--http-port", str(self.edge_port)]
        for other in ("--https-port", "--console-port"):
            command += [other, str(free_port())]
        self.processes = [subprocess.Popen(command, cwd=HOME, stdout=subprocess.DEVNULL, start_new_session=True)]

    def ready(self):
        file = self.data / "kubeconfig"
        if not file.exists():
            return False
        found = re.search(r"token: *\"?([^\s\"]+)", file.read_text())
        self.token = found.group(1) if found else ""
        return bool(self.token)


def await_answer(server):
    """Seconds from now to the first list."""
    began = time.monotonic()
    while time.monotonic() - began < 120:
        try:
            if server.ready():
                Client(server).ask("GET", "/api/v1/namespaces")
                return time.monotonic() - began
        except (OSError, http.client.HTTPException, RuntimeError):
            pass
        time.sleep(0.005)
    sys.exit(f"bench: {server.name} did not answer within two minutes")


def stop(server):
    for process in server.processes:
        process.terminate()
    for process in server.processes:
        try:
            process.wait(30)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def rss_mib(server):
    """Of its processes and theirs."""
    parents = {}
    for status in pathlib.Path("/proc").glob("[0-9]*/status"):
        try:
            fields = dict(line.split(":", 1) for line in status.read_text().splitlines() if ":" in line)
        except OSError:
            continue
        parents[int(fields["Pid"])] = (int(fields["PPid"]), int(fields.get("VmRSS", "0 kB").split()[0]))
    wanted = {process.pid for process in server.processes}
    grown = True
    while grown:
        more = {pid for pid, (parent, _) in parents.items() if parent in wanted} - wanted
        wanted |= more
        grown = bool(more)
    return sum(parents[pid][1] for pid in wanted if pid in parents) / 1024


def machine():
    commit = subprocess.run(["git", "rev-parse", "--short", "HEAD"], cwd=HOME, text=True, capture_output=True).stdout.strip()
    model = re.search(r"model name\s*: (.*)", pathlib.Path("/proc/cpuinfo").read_text())
    return f"commit {commit}, {os.cpu_count()} × {model.group(1) if model else 'unknown processor'}"
