// The client alone: all operations of the S3 API, retries, listings, presigning, uploads, downloads. Without the embedded S3, the
// object store and evidence, and so without nlohmann/json.
#pragma once

#include <s3store/core/version.hpp>

#ifndef S3STORE_UNSUPPORTED

#include <s3store/client/client.hpp>
#include <s3store/drive/loop.hpp>
#include <s3store/operations/all.hpp>
#include <s3store/transfer/download.hpp>
#include <s3store/transfer/reader.hpp>
#include <s3store/transfer/upload.hpp>

#endif  // S3STORE_UNSUPPORTED
