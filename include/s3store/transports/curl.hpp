// How does the library send requests? With libcurl, as a blocking transport and as a loop for many exchanges on one thread. Only
// the headers transports/curl_*.hpp include <curl/curl.h>.
#pragma once

#include <s3store/transports/curl_loop.hpp>
#include <s3store/transports/curl_settings.hpp>
#include <s3store/transports/curl_transport.hpp>
