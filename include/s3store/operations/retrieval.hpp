// Which operations restore archived objects, query their content, get torrents, or answer for S3 Object Lambda?
#pragma once

#include <s3store/operations/retrieval/restore_object.hpp>
#include <s3store/operations/retrieval/select_object_content.hpp>
#include <s3store/operations/retrieval/get_object_torrent.hpp>
#include <s3store/operations/retrieval/write_get_object_response.hpp>
