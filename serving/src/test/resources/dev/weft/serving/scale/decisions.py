"""Prints decisions.csv: runs of Knative's autoscaling algorithm, from its published formulas and not from our code.

python3 decisions.py > decisions.csv
"""

import math
import random

TICK = 2


class Autoscaler:
    def __init__(self, policy, ready):
        self.policy = policy
        self.panic_at = 0 if ready > 1 else None
        self.panic_most = ready if ready > 1 else 0
        self.delayed = {}

    def decide(self, now, stable, panic, ready, reachable):
        policy = self.policy
        pods = max(1, ready)
        most = math.ceil(1000 * pods)
        least = math.floor(pods / 2) if reachable else 0
        for_stable = math.ceil(stable / policy["target"])
        for_panic = math.ceil(panic / policy["target"])
        over = for_panic / pods >= policy["threshold"]
        if over:
            self.panic_at = now
        elif self.panic_at is not None and self.panic_at + policy["window"] < now:
            self.panic_at = None
            self.panic_most = 0
        wanted = self.activated(for_stable, most, least)
        if self.panic_at is not None:
            wanted = max(wanted, self.activated(for_panic, most, least), self.panic_most)
            self.panic_most = wanted
        if policy["delay"]:
            slot = now // TICK
            self.delayed[slot] = max(wanted, self.delayed.get(slot, 0))
            kept = math.ceil(policy["delay"] / TICK)
            wanted = max(count for at, count in self.delayed.items() if at > slot - kept)
        burst = policy["burst"]
        excess = burst if burst <= 0 else math.floor(ready * policy["total"] - burst - panic)
        return wanted, excess, self.panic_at is not None

    def activated(self, wanted, most, least):
        clamped = min(max(wanted, least), most)
        return max(clamped, self.policy["activation"]) if wanted > 0 else clamped


def run(case):
    concurrency = random.choice([0, 0, 0, 1, 2, 10, 50])
    rps = random.random() < 0.2
    utilization = random.choice([100, 70, 70, 50, 35])
    target = random.choice([None, None, 1, 5, 40, 150])
    total = (200 if rps else concurrency or 100) if target is None else target
    if not rps and concurrency:
        total = min(total, concurrency)
    policy = {
        "total": total,
        "target": max(0.01, total * (utilization / 100)),
        "window": random.choice([6, 20, 60, 60]),
        "threshold": random.choice([200, 200, 110, 500]) / 100,
        "activation": random.choice([1, 1, 1, 3, 5]),
        "delay": random.choice([0, 0, 0, 5, 10, 30]),
        "burst": random.choice([211, 211, 0, -1, 50]),
    }
    settings = [
        concurrency,
        "rps" if rps else "concurrency",
        utilization,
        "" if target is None else target,
        policy["window"],
        round(policy["threshold"] * 100),
        policy["activation"],
        policy["delay"],
        policy["burst"],
    ]
    ready = random.choice([0, 0, 1, 2, 3, 8])
    autoscaler = Autoscaler(policy, ready)
    load = random.choice([0, 0.4, total * 1.5, total * 7])
    now = 0
    for _ in range(random.randint(4, 10)):
        load = max(0, round(load * random.choice([0, 0.3, 0.8, 1, 1.2, 2, 6]) + random.choice([0, 0, 0.25, 3]), 3))
        stable = round(load * random.choice([1, 1, 0.5, 0.1, 1.1]), 3)
        reachable = policy["delay"] > 0 or random.random() < 0.93
        wanted, excess, panicking = autoscaler.decide(now, stable, load, ready, reachable)
        outcome = [now, stable, load, ready, str(reachable).lower(), wanted, excess, str(panicking).lower()]
        print(",".join(map(str, [case, *settings, *outcome])))
        if random.random() < 0.8:
            ready = wanted if random.random() < 0.7 else (ready + wanted) // 2
        now += random.choice([2, 2, 2, 4, 20, 62])


random.seed(20260701)
print(
    "case,containerConcurrency,metric,utilization,target,window,panicThreshold,activationScale,scaleDownDelay,"
    "burstCapacity,second,stable,panic,ready,reachable,desired,excessBurst,panicking"
)
for number in range(60):
    run(number)
