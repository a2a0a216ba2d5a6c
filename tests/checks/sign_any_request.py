#!/usr/bin/env python3
"""Does examples/sign_any_request make the URL and the token that botocore makes at the same time?

    sign_any_request.py PROGRAM
"""
import datetime
import os
import pathlib
import subprocess
import sys
import urllib.parse

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "auth"))
from eks_token import eks_token

from botocore.credentials import Credentials

for name in [n for n in os.environ if n.startswith("AWS_")]:
    del os.environ[name]
os.environ["AWS_CONFIG_FILE"] = os.environ["AWS_SHARED_CREDENTIALS_FILE"] = os.devnull


def run(program, arguments, variables):
    return subprocess.run([program, *arguments], env={**os.environ, **variables}, capture_output=True, text=True, check=False)


def main():
    program = sys.argv[1]
    keys = {"AWS_ACCESS_KEY_ID": "AKIDEXAMPLE", "AWS_SECRET_ACCESS_KEY": "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"}
    made = 0
    for session_token in ("", "to/ken+=="):
        # Lengths one after the other, so that the token ends in each of the three ways.
        for cluster in ("c", "my-cluster"):
            for region in ((), ("eu-west-1",), ("eu-south-2",), ("ca-central-1",)):
                ran = run(program, [cluster, *region], {**keys, "AWS_SESSION_TOKEN": session_token})
                if ran.returncode != 0:
                    sys.exit(f"it failed: {ran.stderr}")
                url, token = ran.stdout.splitlines()
                date = urllib.parse.parse_qs(urllib.parse.urlsplit(url).query)["X-Amz-Date"][0]
                at = datetime.datetime.strptime(date, "%Y%m%dT%H%M%SZ")
                if abs((datetime.datetime.now(datetime.timezone.utc).replace(tzinfo=None) - at).total_seconds()) > 300:
                    sys.exit(f"that is not the time: {date}")
                who = Credentials(keys["AWS_ACCESS_KEY_ID"], keys["AWS_SECRET_ACCESS_KEY"], session_token or None)
                expected = eks_token(cluster, region[0] if region else "us-east-1", who, at)
                if (url, token) != expected:
                    sys.exit(f"ours:\n{url}\n{token}\nbotocore's:\n{expected[0]}\n{expected[1]}")
                made += 1
    for arguments, variables, status in (([], keys, 2), (["c", "r", "more"], keys, 2), (["c"], {}, 1), (["c", "a/b"], keys, 1)):
        ran = run(program, arguments, variables)
        if ran.returncode != status or ran.stdout or not ran.stderr:
            sys.exit(f"{arguments} ended with {ran.returncode} and said {ran.stdout!r}, {ran.stderr!r}")
    print(f"{made} tokens are botocore's")


main()
