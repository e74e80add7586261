"""A worker in Python: the same protocol as examples/worker, with nothing but the standard library.

    HEIMDALL_WORKER_KEY=hdak_... python3 examples/worker-python/worker.py
"""

import json
import os
import signal
import sys
import threading
import time
import urllib.error
import urllib.request
from datetime import datetime, timezone

URL = os.environ.get("HEIMDALL_URL", "http://127.0.0.1:4000/graphql")
KEY = os.environ.get("HEIMDALL_WORKER_KEY", "")
LEASE_SECONDS = 60


# What asking again does not change, and what to do about it.
HOPELESS = {
    "UNAUTHENTICATED": "HEIMDALL_WORKER_KEY is no key that may act",
    "FORBIDDEN": 'the key may not work: docs/worker-protocol.md, "A key for the worker"',
    "NOT_FOUND": "is HEIMDALL_URL the endpoint, .../graphql?",
}


class UnknownWorkflow(Exception):
    code = "UNKNOWN_WORKFLOW"


class Refused(Exception):
    """What Heimdall has decided: asking again changes nothing."""

    def __init__(self, code, message):
        super().__init__(f"{code}: {message}")
        self.code = code


def send(token, query, variables=None):
    body = json.dumps({"query": query, "variables": variables or {}}).encode()
    headers = {"content-type": "application/json", "authorization": f"Bearer {token}"}
    request = urllib.request.Request(URL, data=body, headers=headers, method="POST")
    try:
        with urllib.request.urlopen(request, timeout=40) as response:
            answer = json.load(response)
    except urllib.error.HTTPError as error:
        answer = json.load(error)
    if answer.get("errors"):
        error = answer["errors"][0]
        code = error.get("extensions", {}).get("code")
        if code == "UNAVAILABLE":
            raise OSError(error["message"])
        raise Refused(code, error["message"])
    return answer["data"]


def mutate(name, fields, selection):
    type_name = f"{name[0].upper()}{name[1:]}"
    query = f"mutation {type_name}($input: {type_name}Input!) {{ {name}(input: $input) {selection} }}"
    return send(KEY, query, {"input": fields})[name]


def surely(name, fields, selection="{ status }"):
    """Says it again until it is known to be heard: to repeat it changes nothing."""
    wait = 0.25
    while True:
        try:
            return mutate(name, fields, selection)
        except Refused as refused:
            print(refused, file=sys.stderr)
            return None
        except OSError:
            time.sleep(wait)
            wait = min(2 * wait, 5)


def add_up(run_input, ask, log):
    numbers = run_input.get("numbers", [])
    log(f"adding {len(numbers)} numbers")
    return {"sum": sum(numbers)}


def greet(run_input, ask, log):
    config = ask('{ configByKey(key: "greeting") { value } }')["configByKey"]
    log("greeting", {"name": run_input.get("name")})
    greeting = config["value"] if config else "Hello"
    return {"text": f"{greeting}, {run_input.get('name', 'world')}!"}


WORKFLOWS = {"Add Up": add_up, "Greet": greet}

stopping = threading.Event()
current = {}


def run(execution):
    lease = {"id": execution["id"], "leaseToken": execution["leaseToken"]}
    count = iter(range(10_000))

    def ask(query, variables=None):
        return send(execution["token"], query, variables)

    def log(message, data=None):
        at = datetime.now(timezone.utc).isoformat()
        line = {"seq": next(count), "level": "INFO", "message": message, "data": data, "at": at}
        mutate("appendExecutionLogs", {**lease, "lines": [line]}, "{ kept }")

    try:
        work = WORKFLOWS.get(execution["name"])
        if work is None:
            raise UnknownWorkflow(f"no workflow {execution['name']}")
        result = work(execution["input"] or {}, ask, log)
        surely("completeExecution", {**lease, "result": result})
    except Exception as error:  # whatever it is, whoever launched it is told
        code = error.code if isinstance(error, UnknownWorkflow) else "FAILED"
        failure = {"code": code, "message": str(error), "retryable": False}
        surely("failExecution", {**lease, **failure})


def beat():
    while not stopping.wait(LEASE_SECONDS / 3):
        beats = [{"id": i, "leaseToken": t} for i, t in list(current.items())]
        if beats:
            try:
                mutate("heartbeatExecutions", {"executions": beats}, "{ id isLost }")
            except (OSError, Refused) as error:
                print(error, file=sys.stderr)


def main():
    if not KEY:
        sys.exit("HEIMDALL_WORKER_KEY is not set: docs/worker-protocol.md says how to make one")
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stopping.set())
    threading.Thread(target=beat, daemon=True).start()
    print(f"working for {URL}", flush=True)
    fields = "{ id name input leaseToken token }"
    while not stopping.is_set():
        try:
            asked = {"max": 1, "leaseSeconds": LEASE_SECONDS, "wait": 5}
            for execution in mutate("claimExecutions", asked, fields):
                current[execution["id"]] = execution["leaseToken"]
                run(execution)
                current.pop(execution["id"])
        except (OSError, Refused) as error:
            hopeless = HOPELESS.get(getattr(error, "code", None))
            if hopeless:
                sys.exit(f"{error.code}: {hopeless}")
            print(error, file=sys.stderr)
            time.sleep(1)


main()
