// Evidence bundles and their attachments: stored, found, verified. With the object store and the client.
#pragma once

#include <s3store/core/version.hpp>

#ifndef S3STORE_UNSUPPORTED

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
#include <s3store/core/parallel.hpp>
#include <s3store/evidence/python_json.hpp>
#include <s3store/evidence/python_number.hpp>
#include <s3store/evidence/store.hpp>
#include <s3store/evidence/user_metadata.hpp>
#include <s3store/evidence/verify.hpp>
#include <s3store/store/init_objectstore.hpp>

#endif  // S3STORE_UNSUPPORTED
