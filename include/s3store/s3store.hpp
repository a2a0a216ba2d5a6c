// Everything. A file that needs less compiles faster with the headers that it names.
//
// Written by scripts/check_includes.py --write-umbrella, lowest layer first.
#pragma once

#include <s3store/core/version.hpp>

#ifndef S3STORE_UNSUPPORTED

#include <s3store/fwd.hpp>

#include <s3store/core/byte_range.hpp>
#include <s3store/core/cancel.hpp>
#include <s3store/core/encoding.hpp>
#include <s3store/core/error.hpp>
#include <s3store/core/headers.hpp>
#include <s3store/core/masking.hpp>
#include <s3store/core/owned.hpp>
#include <s3store/core/parallel.hpp>
#include <s3store/core/partitions.hpp>
#include <s3store/core/printable.hpp>
#include <s3store/core/process.hpp>
#include <s3store/core/result.hpp>
#include <s3store/core/secret.hpp>
#include <s3store/core/shared.hpp>
#include <s3store/core/text.hpp>
#include <s3store/core/time.hpp>
#include <s3store/core/utf8.hpp>

#include <s3store/config/environment.hpp>
#include <s3store/config/files.hpp>
#include <s3store/config/ini.hpp>
#include <s3store/config/profile_environment.hpp>
#include <s3store/config/profiles.hpp>
#include <s3store/config/settings_reader.hpp>

#include <s3store/json/document.hpp>
#include <s3store/json/object.hpp>
#include <s3store/json/string.hpp>
#include <s3store/json/tokenizer.hpp>

#include <s3store/xml/reader.hpp>
#include <s3store/xml/survey.hpp>
#include <s3store/xml/writer.hpp>

#include <s3store/crypto/checksum.hpp>
#include <s3store/crypto/checksum_algorithm.hpp>
#include <s3store/crypto/crc.hpp>
#include <s3store/crypto/crc_arm.hpp>
#include <s3store/crypto/crc_fold.hpp>
#include <s3store/crypto/crc_tables.hpp>
#include <s3store/crypto/crc_x86.hpp>
#include <s3store/crypto/digest.hpp>
#include <s3store/crypto/ecdsa.hpp>
#include <s3store/crypto/hmac.hpp>

#include <s3store/http/body.hpp>
#include <s3store/http/file.hpp>
#include <s3store/http/local_task.hpp>
#include <s3store/http/machine.hpp>
#include <s3store/http/message.hpp>
#include <s3store/http/replacing_file.hpp>
#include <s3store/http/small_exchange.hpp>
#include <s3store/http/transport.hpp>
#include <s3store/http/url.hpp>

#include <s3store/retry/budget.hpp>
#include <s3store/retry/classify.hpp>
#include <s3store/retry/policy.hpp>
#include <s3store/retry/send_rate.hpp>

#include <s3store/auth/assume_role.hpp>
#include <s3store/auth/cache.hpp>
#include <s3store/auth/canonical.hpp>
#include <s3store/auth/chain.hpp>
#include <s3store/auth/chunk.hpp>
#include <s3store/auth/container.hpp>
#include <s3store/auth/credentials.hpp>
#include <s3store/auth/credentials_access.hpp>
#include <s3store/auth/credentials_document.hpp>
#include <s3store/auth/default_credentials.hpp>
#include <s3store/auth/environment.hpp>
#include <s3store/auth/fetching.hpp>
#include <s3store/auth/instance_metadata.hpp>
#include <s3store/auth/login.hpp>
#include <s3store/auth/post_policy.hpp>
#include <s3store/auth/process.hpp>
#include <s3store/auth/profile.hpp>
#include <s3store/auth/provider.hpp>
#include <s3store/auth/signing_key.hpp>
#include <s3store/auth/signing_scope.hpp>
#include <s3store/auth/sigv4.hpp>
#include <s3store/auth/sigv4a.hpp>
#include <s3store/auth/sigv4a_key.hpp>
#include <s3store/auth/sso.hpp>
#include <s3store/auth/token_file.hpp>

#include <s3store/protocol/any_machine.hpp>
#include <s3store/protocol/arn.hpp>
#include <s3store/protocol/call.hpp>
#include <s3store/protocol/call_engine.hpp>
#include <s3store/protocol/chunked_source.hpp>
#include <s3store/protocol/credentials_lookup.hpp>
#include <s3store/protocol/decode.hpp>
#include <s3store/protocol/door.hpp>
#include <s3store/protocol/download.hpp>
#include <s3store/protocol/encode.hpp>
#include <s3store/protocol/encoded_request.hpp>
#include <s3store/protocol/endpoint.hpp>
#include <s3store/protocol/endpoint_rules.hpp>
#include <s3store/protocol/environment_settings.hpp>
#include <s3store/protocol/event_stream.hpp>
#include <s3store/protocol/events.hpp>
#include <s3store/protocol/express_access.hpp>
#include <s3store/protocol/express_entry.hpp>
#include <s3store/protocol/lessons.hpp>
#include <s3store/protocol/operation.hpp>
#include <s3store/protocol/policies.hpp>
#include <s3store/protocol/prepared_request.hpp>
#include <s3store/protocol/presigning.hpp>
#include <s3store/protocol/received_answer.hpp>
#include <s3store/protocol/requested_range.hpp>
#include <s3store/protocol/service_error.hpp>
#include <s3store/protocol/session.hpp>
#include <s3store/protocol/settings.hpp>
#include <s3store/protocol/special_endpoints.hpp>
#include <s3store/protocol/store_profiles.hpp>
#include <s3store/protocol/upload.hpp>
#include <s3store/protocol/wire_value.hpp>
#include <s3store/protocol/xml_binding.hpp>

#include <s3store/operations/acl.hpp>
#include <s3store/operations/all.hpp>
#include <s3store/operations/analysis.hpp>
#include <s3store/operations/annotation.hpp>
#include <s3store/operations/bucket.hpp>
#include <s3store/operations/directory.hpp>
#include <s3store/operations/encryption.hpp>
#include <s3store/operations/fwd.hpp>
#include <s3store/operations/lifecycle.hpp>
#include <s3store/operations/listing.hpp>
#include <s3store/operations/logging.hpp>
#include <s3store/operations/metadata.hpp>
#include <s3store/operations/multipart.hpp>
#include <s3store/operations/notification.hpp>
#include <s3store/operations/object.hpp>
#include <s3store/operations/object_lock.hpp>
#include <s3store/operations/policy.hpp>
#include <s3store/operations/replication.hpp>
#include <s3store/operations/retrieval.hpp>
#include <s3store/operations/tagging.hpp>
#include <s3store/operations/types.hpp>
#include <s3store/operations/versioning.hpp>
#include <s3store/operations/website.hpp>

#include <s3store/drive/blocking.hpp>
#include <s3store/drive/local_tasks.hpp>
#include <s3store/drive/loop.hpp>

#include <s3store/transports/scripted.hpp>
#include <s3store/transports/scripted_time.hpp>

#include <s3store/transports/curl.hpp>
#include <s3store/transports/curl_error.hpp>
#include <s3store/transports/curl_handle.hpp>
#include <s3store/transports/curl_loop.hpp>
#include <s3store/transports/curl_options.hpp>
#include <s3store/transports/curl_readiness.hpp>
#include <s3store/transports/curl_settings.hpp>
#include <s3store/transports/curl_sigpipe.hpp>
#include <s3store/transports/curl_sockets.hpp>
#include <s3store/transports/curl_tasks.hpp>
#include <s3store/transports/curl_transport.hpp>

#include <s3store/transports/embedded.hpp>

#include <s3store/client/client.hpp>
#include <s3store/client/configuration_operations.hpp>
#include <s3store/client/loops.hpp>
#include <s3store/client/operations.hpp>
#include <s3store/client/pagers.hpp>
#include <s3store/client/post_signing.hpp>
#include <s3store/client/waiters.hpp>

#include <s3store/transfer/block_cache.hpp>
#include <s3store/transfer/calls.hpp>
#include <s3store/transfer/carried_fields.hpp>
#include <s3store/transfer/copy.hpp>
#include <s3store/transfer/copy_request.hpp>
#include <s3store/transfer/copying.hpp>
#include <s3store/transfer/download.hpp>
#include <s3store/transfer/download_record.hpp>
#include <s3store/transfer/download_stream.hpp>
#include <s3store/transfer/download_target.hpp>
#include <s3store/transfer/downloading.hpp>
#include <s3store/transfer/multipart.hpp>
#include <s3store/transfer/object_sum.hpp>
#include <s3store/transfer/partial_file.hpp>
#include <s3store/transfer/parts.hpp>
#include <s3store/transfer/pinned_object.hpp>
#include <s3store/transfer/progress.hpp>
#include <s3store/transfer/reader.hpp>
#include <s3store/transfer/section.hpp>
#include <s3store/transfer/upload.hpp>
#include <s3store/transfer/upload_body_reader.hpp>
#include <s3store/transfer/upload_request.hpp>
#include <s3store/transfer/upload_token.hpp>
#include <s3store/transfer/uploading.hpp>

#include <s3store/store/backend.hpp>
#include <s3store/store/bucket_admin.hpp>
#include <s3store/store/bucket_settings.hpp>
#include <s3store/store/calls.hpp>
#include <s3store/store/files.hpp>
#include <s3store/store/init_objectstore.hpp>
#include <s3store/store/listing.hpp>
#include <s3store/store/mime_types.hpp>
#include <s3store/store/object_store.hpp>
#include <s3store/store/objects.hpp>
#include <s3store/store/presigning.hpp>
#include <s3store/store/store_policies.hpp>
#include <s3store/store/store_settings.hpp>

#include <s3store/evidence/attachments.hpp>
#include <s3store/evidence/bundle.hpp>
#include <s3store/evidence/canonical_json.hpp>
#include <s3store/evidence/deletion.hpp>
#include <s3store/evidence/find.hpp>
#include <s3store/evidence/findings.hpp>
#include <s3store/evidence/json_text.hpp>
#include <s3store/evidence/keys.hpp>
#include <s3store/evidence/listing.hpp>
#include <s3store/evidence/lock.hpp>
#include <s3store/evidence/object_store.hpp>
#include <s3store/evidence/python_json.hpp>
#include <s3store/evidence/python_number.hpp>
#include <s3store/evidence/store.hpp>
#include <s3store/evidence/user_metadata.hpp>
#include <s3store/evidence/verify.hpp>

#endif  // S3STORE_UNSUPPORTED
