// libcurl as the transport of one thread or many, and as a loop. Only the headers under this one include <curl/curl.h>.
#pragma once

#include <s3store/transports/curl_loop.hpp>
#include <s3store/transports/curl_settings.hpp>
#include <s3store/transports/curl_transport.hpp>
