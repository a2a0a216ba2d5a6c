"""Makes surroundings (variables and the two shared files), and tells what settings botocore gives a client of S3 in each.

    botocore_settings.py COUNT SEED

Each line printed is a JSON object: "env", "config", "credentials", and "settings", which is null where botocore refuses. What is empty
counts as absent here and not in botocore, so botocore is given the same without it. Only the forms of a boolean that both know are used
(botocore takes everything but "true" for false).
"""

import json
import os
import pathlib
import random
import sys
import tempfile

import botocore.session
from botocore.loaders import create_loader

BOOLEANS = ["true", "false", "True", "FALSE", ""]
MODES = ["when_required", "WHEN_SUPPORTED", "When_Required", "always", ""]
# variable, key, key under `s3 =`, values
SETTINGS = [
    ("AWS_DEFAULT_REGION", "region", None, ["eu-west-1", "us-east-1", "ap-south-1", "eu west", ""]),
    ("AWS_ENDPOINT_URL", "endpoint_url", None, ["http://all.test:1", "http://all.test:2", ""]),
    ("AWS_ENDPOINT_URL_S3", None, None, ["http://s3.test:1", ""]),
    ("AWS_IGNORE_CONFIGURED_ENDPOINT_URLS", "ignore_configured_endpoint_urls", None, BOOLEANS),
    ("AWS_USE_DUALSTACK_ENDPOINT", "use_dualstack_endpoint", "use_dualstack_endpoint", ["true", "false", ""]),
    ("AWS_USE_FIPS_ENDPOINT", "use_fips_endpoint", None, BOOLEANS),
    ("AWS_S3_US_EAST_1_REGIONAL_ENDPOINT", "s3_us_east_1_regional_endpoint", "us_east_1_regional_endpoint", ["legacy", "regional", "other", ""]),
    ("AWS_S3_USE_ARN_REGION", "s3_use_arn_region", "use_arn_region", BOOLEANS),
    ("AWS_S3_DISABLE_MULTIREGION_ACCESS_POINTS", None, "s3_disable_multiregion_access_points", BOOLEANS),
    ("AWS_SIGV4A_SIGNING_REGION_SET", "sigv4a_signing_region_set", None, ["*", "us-east-1,us-west-2", "eu-*", ""]),
    ("AWS_REQUEST_CHECKSUM_CALCULATION", "request_checksum_calculation", None, MODES),
    ("AWS_RESPONSE_CHECKSUM_VALIDATION", "response_checksum_validation", None, MODES),
    ("AWS_MAX_ATTEMPTS", "max_attempts", None, ["1", "7", "", "many", "0"]),
    ("AWS_RETRY_MODE", "retry_mode", None, ["standard", "adaptive", "legacy", "other", ""]),
    ("AWS_DEFAULTS_MODE", "defaults_mode", None, ["standard", "in-region", "cross-region", "mobile", "legacy", "auto", "other", ""]),
    ("AWS_CA_BUNDLE", "ca_bundle", None, ["/a.pem", "/b c.pem", ""]),
    ("AWS_SDK_UA_APP_ID", "sdk_ua_app_id", None, ["app", "other-app", ""]),
    (None, None, "addressing_style", ["path", "virtual", "auto", ""]),
    (None, None, "use_accelerate_endpoint", BOOLEANS),
]
PROFILES = ["default", "p", "q"]


def value_of(rng, values):
    """Rarely one that is refused, since that hides everything else."""
    bad = {"eu west", "other", "always", "many", "0"}
    value = rng.choice(values)
    return value if value not in bad or rng.random() < 0.1 else rng.choice([v for v in values if v not in bad])


def section_of(rng, density):
    """Keys and values of a section; those under `s3 =` are a dictionary."""
    out, nested = {}, {}
    for _, key, in_s3, values in SETTINGS:
        if key and rng.random() < density:
            out[key] = value_of(rng, values)
        if in_s3 and rng.random() < density / 2:
            nested[in_s3] = value_of(rng, values)
    if nested:
        out["s3"] = nested
    return out


def written(sections, whole):
    lines = []
    for header, values in sections.items():
        lines.append(f"[{header}]")
        for key, value in values.items():
            if isinstance(value, dict):
                if any(value.values()):
                    lines += [f"{key} ="] + [f"  {k} = {v}" for k, v in value.items() if whole or v]
            elif whole or value:
                lines.append(f"{key} = {value}")
    return "\n".join(lines) + "\n"


def surroundings(rng):
    env = {}
    for variable, _, _, values in SETTINGS:
        if variable and rng.random() < 0.12:
            env[variable] = value_of(rng, values)
    for variable in ("AWS_PROFILE", "AWS_DEFAULT_PROFILE"):
        if rng.random() < 0.3:
            env[variable] = rng.choice(PROFILES + ["p", "q", "p", "q", "missing", ""])
    config, credentials = {}, {}
    for name in PROFILES:
        if rng.random() < 0.9:
            header = f"profile {name}" if name != "default" or rng.random() < 0.3 else name
            config[header] = section_of(rng, 0.25)
            if rng.random() < 0.4:
                config[header]["services"] = rng.choice(["local", "local", "other", "none"])
        if rng.random() < 0.3:
            credentials[name] = section_of(rng, 0.1)
    config["services local"] = {"s3": {"endpoint_url": "http://services.test:1"}, "sts": {"endpoint_url": "http://sts.test"}}
    config["services other"] = {"sts": {"endpoint_url": "http://sts.test"}}
    return env, config, credentials


def settings_of(env, config, credentials, directory, loader):
    for name in [n for n in os.environ if n.startswith("AWS_")]:
        del os.environ[name]
    for name, sections in (("config", config), ("credentials", credentials)):
        (directory / name).write_text(written(sections, whole=False))
    os.environ.update({k: v for k, v in env.items() if v})
    os.environ.update({"AWS_CONFIG_FILE": str(directory / "config"), "AWS_SHARED_CREDENTIALS_FILE": str(directory / "credentials")})
    session = botocore.session.Session()
    session.register_component("data_loader", loader)
    try:
        region = session.get_config_variable("region") or "us-east-1"  # without one, botocore refuses some calls, and the library has this
        client = session.create_client("s3", region_name=region, aws_access_key_id="a", aws_secret_access_key="b", verify=False)
        given, address = client.meta.config, client.meta.endpoint_url
        s3 = given.s3 or {}
        return {
            "endpoint": address if ".test" in address else "",
            "region": region,
            "request": given.request_checksum_calculation,
            "response": given.response_checksum_validation,
            "attempts": given.retries.get("total_max_attempts"),
            "mode": given.retries.get("mode"),
            "dualstack": bool(given.use_dualstack_endpoint),
            "fips": bool(given.use_fips_endpoint),
            "arn": s3.get("use_arn_region") is not False,
            "multiregion": s3.get("s3_disable_multiregion_access_points") is not True,
            "regions": given.sigv4a_signing_region_set or "",
            "global": s3.get("us_east_1_regional_endpoint") == "legacy",
            "accelerate": s3.get("use_accelerate_endpoint") is True,
            "style": s3.get("addressing_style") or "auto",
            "app": given.user_agent_appid or "",
            "ca": session.get_config_variable("ca_bundle") or "",
        }
    except Exception as error:  # whatever it is: botocore does not go on with these surroundings
        if "-v" in sys.argv:
            print(repr(error), file=sys.stderr)
        return None


def main(count, seed):
    loader = create_loader()
    with tempfile.TemporaryDirectory() as directory:
        for i in range(count):
            rng = random.Random(seed * 1_000_003 + i)
            env, config, credentials = surroundings(rng)
            found = settings_of(env, config, credentials, pathlib.Path(directory), loader)
            print(json.dumps({"env": env, "config": written(config, whole=True), "credentials": written(credentials, whole=True), "settings": found}))


main(int(sys.argv[1]), int(sys.argv[2]))
