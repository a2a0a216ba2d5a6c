"""Prints what botocore finds in each of the surroundings of scenarios.json: the key, "none", or "error" and, behind a tab, its message."""

import json
import os
import pathlib
import re
import tempfile
from unittest import mock

import botocore.awsrequest
import botocore.exceptions
import botocore.httpsession
import botocore.session

HERE = pathlib.Path(__file__).resolve().parent


def document(text):
    kind, _, key = text.partition(":")
    if kind == "@keys":
        return json.dumps({"Code": "Success", "AccessKeyId": key, "SecretAccessKey": "s", "Token": "t", "Expiration": "2100-01-01T00:00:00Z"})
    if kind in ("@role", "@web"):
        action = "AssumeRole" if kind == "@role" else "AssumeRoleWithWebIdentity"
        return (f"<{action}Response><{action}Result><Credentials><AccessKeyId>{key}</AccessKeyId><SecretAccessKey>s</SecretAccessKey>"
                f"<SessionToken>t</SessionToken><Expiration>2100-01-01T00:00:00Z</Expiration></Credentials></{action}Result></{action}Response>")
    if kind == "@sso":
        return json.dumps({"roleCredentials": {"accessKeyId": key, "secretAccessKey": "s", "sessionToken": "t", "expiration": 4102444800000}})
    return text


class Raw:
    def __init__(self, body):
        self.body = body

    def stream(self, *args, **kwargs):
        yield self.body


def find(scenario, home):
    for name, text in scenario.get("files", {}).items():
        path = pathlib.Path(home, name)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text.replace("~", home) if name.endswith("config") else text)
    env = {"PATH": os.environ["PATH"], "HOME": home}
    env |= {name: value.replace("~", home) for name, value in scenario.get("env", {}).items()}
    asked = {}

    def send(self, request):
        what = f"{request.method} {request.url.partition('?')[0]}"
        answer = scenario.get("http", {}).get(what, "refused")
        if isinstance(answer, list):
            asked[what] = asked.get(what, -1) + 1
            answer = answer[min(asked[what], len(answer) - 1)]
        if answer == "refused":
            raise botocore.exceptions.ConnectTimeoutError(endpoint_url=request.url)
        status, _, body = answer.partition(" ")
        return botocore.awsrequest.AWSResponse(request.url, int(status), {}, Raw(document(body).encode()))

    with mock.patch.dict(os.environ, env, clear=True), mock.patch.object(botocore.httpsession.URLLib3Session, "send", send), \
            mock.patch("time.sleep"), mock.patch("botocore.credentials.SSOProvider._SSO_TOKEN_CACHE_DIR", home + "/.aws/sso/cache"), \
            mock.patch("botocore.tokens.SSOTokenProvider._SSO_TOKEN_CACHE_DIR", home + "/.aws/sso/cache"):
        try:
            found = botocore.session.Session(profile=scenario.get("profile")).get_credentials()
            return found.get_frozen_credentials().access_key if found else "none"
        except Exception as e:
            return "error\t" + type(e).__name__ + " " + re.sub(r"\s+", " ", str(e))


for scenario in json.loads((HERE / "scenarios.json").read_text())["scenarios"]:
    with tempfile.TemporaryDirectory() as home:
        print(find(scenario, home))
