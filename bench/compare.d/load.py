"""What is sent through a proxy in each scenario, by which load generator, and what the generator counted."""
import dataclasses
import pathlib
import re
import subprocess

HERE = pathlib.Path(__file__).resolve().parent


class NotMeasured(Exception):
    """The proxy does not do what the scenario asks; the message says what was seen."""


@dataclasses.dataclass(frozen=True)
class Outcome:
    requests: int
    rate: float  # per second
    p50: float  # milliseconds
    p99: float
    p999: float
    failed: int

    def checked(self, peer, out):
        """A proxy that fails more than one request in a thousand is not measured."""
        if not self.requests or self.failed * 1000 > self.requests:
            raise NotMeasured(f"{self.failed} requests failed, {self.requests} were answered; {out.strip()[-400:]}")
        return self


@dataclasses.dataclass(frozen=True)
class Scenario:
    name: str
    title: str
    port: str  # which of the peer's ports
    run: object  # (peer, options, seconds) -> Outcome
    unit: str = "request"
    warm_share: float = 1.0  # of --warm


def pinned(options, command):
    done = subprocess.run(["taskset", "-c", options.load_core, *command], capture_output=True, text=True)
    if done.returncode != 0:
        raise NotMeasured(f"{' '.join(command)}: {done.stdout}{done.stderr}")
    return done.stdout


def wrk(path, connections, port, scheme="http", close=False, host="bench.test"):
    """HTTP/1.1. An empty path asks for each of the 1,000 routes in turn."""
    def run(peer, options, seconds):
        out = pinned(options, ["wrk", "-t", "1", "-c", str(connections), "-d", f"{seconds}s", "--timeout", "10s",
                               "-s", str(HERE / "requests.lua"), f"{scheme}://127.0.0.1:{peer.ports[port]}/",
                               path, "close" if close else "keep", host])
        found = re.search(r"RESULT (.*)", out)
        requests, micros, p50, p99, p999, refused, broken = map(int, found.group(1).split())
        # A connection that is closed after its answer, as "close" asks, is seen as a read error by wrk.
        failed = refused + (0 if close else broken)
        return Outcome(requests, requests * 1e6 / micros, p50 / 1000, p99 / 1000, p999 / 1000, failed).checked(peer, out)
    return run


def h2load(port, connections, streams, grpc=False):
    """HTTP/2 by prior knowledge. h2load writes one line for each request; percentiles come from those."""
    def run(peer, options, seconds):
        log = peer.folder / "h2load.log"
        log.unlink(missing_ok=True)
        command = ["h2load", "-t", "1", "-c", str(connections), "-m", str(streams), "-D", str(seconds),
                   "--log-file", str(log)]
        if grpc:
            url = f"http://127.0.0.1:{peer.ports[port]}/grpc/bench.Echo/Call"
            command += ["-d", str(peer.folder / "message"), "-H", "content-type: application/grpc", "-H", "te: trailers", url]
        else:
            urls = peer.folder / "urls"
            urls.write_text("".join(f"http://127.0.0.1:{peer.ports[port]}/r{(i * 617) % 1000:04}/item?id={i}\n"
                                    for i in range(1000)))
            command += ["-i", str(urls)]
        out = pinned(options, command)
        failed = sum(map(int, re.search(r"(\d+) failed, (\d+) errored, (\d+) timeout", out).groups()))
        micros = sorted(int(line.split("\t")[2]) for line in log.read_text().splitlines())
        at = lambda share: micros[min(len(micros) - 1, int(len(micros) * share))] / 1000 if micros else 0
        return Outcome(len(micros), len(micros) / seconds, at(.5), at(.99), at(.999), failed).checked(peer, out)
    return run


def open_loop(port, rate):
    """Each request has its moment, whether or not the ones before were answered; latency counts from that moment."""
    def run(peer, options, seconds):
        out = pinned(options, [f"{peer.java}/bin/java", "-XX:+UseSerialGC", "-Xmx256m", str(HERE / "OpenLoop.java"),
                               str(peer.ports[port]), str(rate), str(max(seconds, 10)), "/r0500/item"])
        requests, failed, p50, p99, p999 = map(int, out.split())
        return Outcome(requests, rate, p50 / 1000, p99 / 1000, p999 / 1000, failed).checked(peer, out)
    return run


SCENARIOS = {each.name: each for each in [
    Scenario("http1", "HTTP/1.1 hop, 64 connections, 1,000 routes, 128 bytes", "http", wrk("", 64, "http")),
    Scenario("http2", "HTTP/2 front, HTTP/1.1 behind, 16 connections of 16 streams, 1,000 routes, 128 bytes", "http2",
             h2load("http2", 16, 16)),
    Scenario("grpc", "gRPC unary, HTTP/2 on both sides, 16 connections of 16 streams, 16 bytes each way", "http2",
             h2load("http2", 16, 16, grpc=True), warm_share=0.5),
    Scenario("pair", "two hops with mutual TLS 1.3 between them, 64 connections, 128 bytes", "pair",
             wrk("/r0500/item", 64, "pair", host="pair.default.svc.cluster.local"), warm_share=0.5),
    Scenario("tcp", "opaque TCP, 64 connections, requests of about 100 bytes, answers of about 300", "tcp",
             wrk("/r0500/item", 64, "tcp"), warm_share=0.5),
    Scenario("large", "HTTP/1.1 hop, 16 connections, answers of 256 KiB", "http", wrk("/r0500/large", 16, "http"),
             warm_share=0.03),
    Scenario("many", "HTTP/1.1 hop, 1,000 connections, 1,000 routes, 128 bytes", "http", wrk("", 1000, "http"),
             warm_share=0.2),
    Scenario("handshakes", "TLS 1.3 handshakes at the edge, one request each, no resumption", "https",
             wrk("/r0500/item", 32, "https", "https", close=True), unit="handshake", warm_share=0.01),
    Scenario("open", "HTTP/1.1 hop, 2,000 requests/s in an open loop", "http", open_loop("http", 2000), warm_share=0.02),
]}
