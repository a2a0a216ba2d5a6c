"""Which public key of SigV4A does awscrt give credentials?

Reads a JSON document a line: an access key id, a secret, and a signature that somebody else made of a hash with the key that he derived.
Prints for each the public point of the key that awscrt derives, in hex digits, and whether awscrt verifies that signature with it.

awscrt does not hand the key out. But ECDSA lets two public keys be computed from a signature, of which one made it (SEC 1, section 4.1.6);
which one is seen by a second signature.
"""

import datetime
import hashlib
import json
import sys

from awscrt import auth, crypto, http

P = 0xFFFFFFFF00000001000000000000000000000000FFFFFFFFFFFFFFFFFFFFFFFF
N = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
B = 0x5AC635D8AA3A93E7B3EBBD55769886BC651D06B0CC53B0F63BCE3C3E27D2604B
G = (0x6B17D1F2E12C4247F8BCE6E563A440F277037D812DEB33A0F4A13945D898C296,
     0x4FE342E2FE1A7F9B8EE7EB4A7C0F9E162BCE33576B315ECECBB6406837BF51F5)

DATE = datetime.datetime(2026, 1, 1, tzinfo=datetime.timezone.utc)
# What stands before the point in a public key's DER (RFC 5480).
BEFORE_POINT = bytes.fromhex("3059301306072a8648ce3d020106082a8648ce3d030107034200")


def add(a, b):
    """The sum of two points, in affine coordinates; None is the point at infinity."""
    if a is None or b is None:
        return a or b
    if a[0] == b[0]:
        if (a[1] + b[1]) % P == 0:
            return None
        slope = (3 * a[0] * a[0] - 3) * pow(2 * a[1], -1, P) % P
    else:
        slope = (b[1] - a[1]) * pow(b[0] - a[0], -1, P) % P
    x = (slope * slope - a[0] - b[0]) % P
    return x, (slope * (a[0] - x) - a[1]) % P


def doubled(a):
    """Twice a point in Jacobian coordinates, which need no division: x is X / Z^2, and y is Y / Z^3."""
    x, y, z = a
    square, slope = y * y % P, 3 * (x - z * z) * (x + z * z) % P
    product = 4 * x * square % P
    new = (slope * slope - 2 * product) % P
    return new, (slope * (product - new) - 8 * square * square) % P, 2 * y * z % P


def multiply(number, point):
    """For a number between 1 and N - 1: no two points that are added on the way are equal or opposite."""
    x, y, z = point[0], point[1], 1
    for bit in bin(number)[3:]:
        x, y, z = doubled((x, y, z))
        if bit == "1":
            square = z * z % P
            h, r = (point[0] * square - x) % P, (point[1] * square * z - y) % P
            h2 = h * h % P
            h3, v = h * h2 % P, x * h2 % P
            new = (r * r - h3 - 2 * v) % P
            x, y, z = new, (r * (v - new) - y * h3) % P, z * h % P
    inverse = pow(z, -1, P)
    return x * inverse * inverse % P, y * inverse * inverse * inverse % P


def candidates(digest, signature):
    """The two public keys with which this may be a signature."""
    raw = crypto.EC.decode_der_signature_to_padded_pair(signature, 32)
    r, s, e = int.from_bytes(raw[:32], "big"), int.from_bytes(raw[32:], "big"), int.from_bytes(digest, "big")
    y = pow(r ** 3 - 3 * r + B, (P + 1) // 4, P)
    inverse = pow(r, -1, N)
    with_hash = multiply(-e * inverse % N, G)
    with_point = multiply(s * inverse % N, (r, y))
    return [add(with_point, with_hash), add((with_point[0], -with_point[1] % P), with_hash)]


def key_of(point):
    return crypto.EC.new_key_from_der_data(BEFORE_POINT + bytes.fromhex(text_of(point)))


def text_of(point):
    return f"04{point[0]:064x}{point[1]:064x}"


def sign(who, secret, path):
    """A request that awscrt signs: the hash that it signed, and the signature."""
    request = http.HttpRequest("GET", path, http.HttpHeaders([("host", "h")]))
    config = auth.AwsSigningConfig(
        algorithm=auth.AwsSigningAlgorithm.V4_ASYMMETRIC, signature_type=auth.AwsSignatureType.HTTP_REQUEST_HEADERS,
        credentials_provider=auth.AwsCredentialsProvider.new_static(who, secret, None), region="*", service="s3", date=DATE,
        signed_body_value="UNSIGNED-PAYLOAD", signed_body_header_type=auth.AwsSignedBodyHeaderType.NONE)
    auth.aws_sign_request(request, config).result()
    fields = {name.lower(): value for name, value in request.headers}
    names, signature = fields["authorization"].split("SignedHeaders=")[1].split(", Signature=")
    lines = "".join(f"{name}:{fields[name]}\n" for name in names.split(";"))
    canonical = f"GET\n{path}\n\n{lines}\n{names}\nUNSIGNED-PAYLOAD"
    text = "\n".join(["AWS4-ECDSA-P256-SHA256", fields["x-amz-date"], "20260101/s3/aws4_request", hashlib.sha256(canonical.encode()).hexdigest()])
    return hashlib.sha256(text.encode()).digest(), bytes.fromhex(signature)


for line in sys.stdin:
    asked = json.loads(line)
    first, second = (sign(asked["id"], asked["secret"], path) for path in ("/first", "/second"))
    right = [point for point in candidates(*first) if key_of(point).verify(*second)]
    assert len(right) == 1 and key_of(right[0]).verify(*first)
    verified = key_of(right[0]).verify(bytes.fromhex(asked["hash"]), bytes.fromhex(asked["signature"]))
    print(json.dumps({"point": text_of(right[0]), "verified": verified}))
