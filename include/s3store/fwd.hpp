// Which names can a header of one's own mention without including the library? Declarations alone, at the price of a list.
#pragma once

#include <s3store/operations/fwd.hpp>

namespace s3store::inline S3STORE_ABI {

struct error;
class s3_error;
template <class T>
class result;
class headers;
class cancel_token;
class cancel_source;

struct settings;
struct call_options;
struct presigned_url;

struct default_policies;
template <class P>
class basic_client;
using client = basic_client<default_policies>;

struct store_policies;
template <class P>
class basic_object_store;
using object_store = basic_object_store<store_policies>;
struct evidence_bundle;
class json_text;

namespace http {
struct source;
struct sink;
class body;
}  // namespace http

namespace auth {
struct credentials;
struct presigned_post;
}  // namespace auth

}  // namespace s3store::inline S3STORE_ABI
