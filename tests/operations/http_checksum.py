"""What botocore's model of S3 says of checksums: a line for each operation, its name and then, where they are so, the words
`required` (a request without is refused), `member` and its header (that names the algorithm), `mode` and its header (that asks for the
answer's) and `answers` with the algorithms of an answer, in the order of their names."""
import botocore.session

model = botocore.session.get_session().get_service_model("s3")
for name in sorted(model.operation_names):
    operation = model.operation_model(name)
    says = operation.http_checksum

    def header(member):
        return operation.input_shape.members[member].serialization["name"]

    words = [name]
    if operation.http_checksum_required or says.get("requestChecksumRequired"):
        words.append("required")
    if "requestAlgorithmMember" in says:
        words += ["member", header(says["requestAlgorithmMember"])]
    if "requestValidationModeMember" in says:
        words += ["mode", header(says["requestValidationModeMember"])]
    if "responseAlgorithms" in says:
        words += ["answers", *sorted(says["responseAlgorithms"])]
    print(*words)

shape = model.shape_for("ChecksumAlgorithm")
print("ChecksumAlgorithm", *sorted(shape.enum))
