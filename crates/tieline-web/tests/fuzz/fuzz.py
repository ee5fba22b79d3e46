"""Signs in by the link, makes a token and lets schemathesis loose on the API.

Prints what schemathesis prints, and last a line that counts operations: those whose every answer was as
described, and those with a failure.
"""
import re
import subprocess
import sys
import xml.etree.ElementTree as xml
from pathlib import Path
from urllib.parse import urlsplit

import requests

# A fixed seed, so that a failure comes again; the budget is of cases, not of time.
SEED, CASES = "1", "40"

# How often a request waits for the first network: each for up to 20 seconds.
WAITS = 15


def token(link):
    session = requests.Session()
    parts = urlsplit(link)
    base = f"{parts.scheme}://{parts.netloc}"
    session.post(link, allow_redirects=False).raise_for_status()
    form = {"name": "fuzz", "scope": "read write"}
    page = session.post(f"{base}/settings/tokens", data=form).text
    found = re.search(r'id="secret" value="([^"]+)"', page)
    if not found:
        sys.exit("no token was made: is the link of a running demo, and not used yet?")
    return base, found[1]


def await_network(base, secret):
    """A server that just started answers 503 until its first network is built, as its description says;
    each request waits for it for a while. What is tried here is the server at work."""
    for _ in range(WAITS):
        asked = requests.get(f"{base}/api/v1/findings", headers={"Authorization": f"Bearer {secret}"})
        if asked.status_code != 503:
            return
    sys.exit("the first network is not built after minutes: see what the server prints")


def main():
    base, secret = token(sys.argv[1])
    await_network(base, secret)
    program = Path(sys.executable).with_name("schemathesis")
    done = subprocess.run(
        [program, "run", f"{base}/api/v1/openapi.json", "--header", f"Authorization: Bearer {secret}",
         "--phases", "examples,coverage,fuzzing", "--max-examples", CASES, "--seed", SEED,
         "--checks", "not_a_server_error,status_code_conformance,content_type_conformance,"
         "response_headers_conformance,response_schema_conformance,unsupported_method,ignored_auth",
         "--continue-on-failure", "--report", "junit", "--report-junit-path", "report.xml",
         "--output-truncate", "true", "--no-color"],
        check=False)
    suites = list(xml.parse("report.xml").iter("testsuite"))
    count = {what: sum(int(suite.get(what) or 0) for suite in suites)
             for what in ("tests", "failures", "errors")}
    failed = count["failures"] + count["errors"]
    print(f"{count['tests'] - failed} passed, {failed} failed")
    # A run that tested nothing did not succeed.
    return done.returncode or (1 if count["tests"] == 0 else 0)


sys.exit(main())
