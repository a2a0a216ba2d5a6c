"""The token for a Kubernetes cluster on EKS, made with botocore's client of STS as AWS's command line makes it (`aws eks get-token`)."""

import base64
import os
from unittest import mock

os.environ["BOTO_DISABLE_CRT"] = "true"  # else botocore's clients sign with awscrt, which puts the parameters of a query in another order

import botocore.auth
import botocore.session


def eks_token(cluster, region, who, at):
    """The presigned URL of GetCallerIdentity at that time, in UTC and without a time zone, and the token that is made of it."""
    client = botocore.session.Session().create_client(
        "sts", region_name=region, aws_access_key_id=who.access_key, aws_secret_access_key=who.secret_key, aws_session_token=who.token)

    def take_cluster(params, context, **kwargs):
        context["cluster"] = params.pop("K8sAwsId")

    def add_cluster(request, **kwargs):
        request.headers["x-k8s-aws-id"] = request.context["cluster"]

    client.meta.events.register("provide-client-params.sts.GetCallerIdentity", take_cluster)
    client.meta.events.register("before-sign.sts.GetCallerIdentity", add_cluster)
    with mock.patch("botocore.auth.get_current_datetime", lambda *a, **k: at):
        url = client.generate_presigned_url("get_caller_identity", Params={"K8sAwsId": cluster}, ExpiresIn=60, HttpMethod="GET")
    return url, "k8s-aws-v1." + base64.urlsafe_b64encode(url.encode()).decode().rstrip("=")
