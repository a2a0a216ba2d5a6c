// For tests: the client, the S3 of transports/embedded.hpp, which runs in the process, and transports that give scripted answers.
#pragma once

#include <s3store/core/version.hpp>

#ifndef S3STORE_UNSUPPORTED

#include <s3store/client/client.hpp>
#include <s3store/drive/loop.hpp>
#include <s3store/operations/all.hpp>
#include <s3store/transfer/upload.hpp>
#include <s3store/transports/embedded.hpp>
#include <s3store/transports/scripted.hpp>
#include <s3store/transports/scripted_time.hpp>

#endif  // S3STORE_UNSUPPORTED
