// Which operations upload an object in parts?
#pragma once

#include <s3store/operations/multipart/create_multipart_upload.hpp>
#include <s3store/operations/multipart/upload_part.hpp>
#include <s3store/operations/multipart/upload_part_copy.hpp>
#include <s3store/operations/multipart/complete_multipart_upload.hpp>
#include <s3store/operations/multipart/abort_multipart_upload.hpp>
#include <s3store/operations/multipart/list_multipart_uploads.hpp>
#include <s3store/operations/multipart/list_parts.hpp>
