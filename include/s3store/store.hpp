// The object store: one bucket behind simple functions. With the client, and with the embedded S3 as one of its backends.
#pragma once

#include <s3store/core/version.hpp>

#ifndef S3STORE_UNSUPPORTED

#include <s3store/client/client.hpp>
#include <s3store/drive/loop.hpp>
#include <s3store/operations/all.hpp>
#include <s3store/store/init_objectstore.hpp>
#include <s3store/store/object_store.hpp>
#include <s3store/transfer/upload.hpp>

#endif  // S3STORE_UNSUPPORTED
