// Which MIME type belongs to a file name? The one in the table of Python's `mimetypes`, so that programs in both languages agree.
//
// Two differences, both on purpose: JavaScript has the type of RFC 9239 (as in Python 3.12), and a compressed file has the type of
// its compression. Python says that "a.json.gz" is application/json with the encoding gzip; an upload that sets only the type would
// then be unreadable for browsers.
#pragma once

#include <algorithm>
#include <iterator>
#include <string>
#include <string_view>

#include <s3store/core/text.hpp>

namespace s3store::inline S3STORE_ABI {

namespace detail {
struct mime_type {
  const char* extension{};
  const char* type{};
};
inline constexpr mime_type mime_types[] = {  // sorted by extension
    {"3g2", "audio/3gpp2"}, {"3gp", "audio/3gpp"}, {"3gpp", "audio/3gpp"}, {"3gpp2", "audio/3gpp2"},
    {"a", "application/octet-stream"}, {"aac", "audio/aac"}, {"adts", "audio/aac"}, {"ai", "application/postscript"},
    {"aif", "audio/x-aiff"}, {"aifc", "audio/x-aiff"}, {"aiff", "audio/x-aiff"}, {"ass", "audio/aac"}, {"au", "audio/basic"},
    {"avi", "video/x-msvideo"}, {"avif", "image/avif"}, {"bat", "text/plain"}, {"bcpio", "application/x-bcpio"},
    {"bin", "application/octet-stream"}, {"bmp", "image/bmp"}, {"br", "application/octet-stream"}, {"bz2", "application/x-bzip2"},
    {"c", "text/plain"}, {"cdf", "application/x-netcdf"}, {"cpio", "application/x-cpio"}, {"csh", "application/x-csh"},
    {"css", "text/css"}, {"csv", "text/csv"}, {"dll", "application/octet-stream"}, {"doc", "application/msword"},
    {"docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"}, {"dot", "application/msword"},
    {"dvi", "application/x-dvi"}, {"eml", "message/rfc822"}, {"eps", "application/postscript"}, {"etx", "text/x-setext"},
    {"exe", "application/octet-stream"}, {"gif", "image/gif"}, {"gtar", "application/x-gtar"}, {"gz", "application/gzip"},
    {"h", "text/plain"}, {"h5", "application/x-hdf5"}, {"hdf", "application/x-hdf"}, {"heic", "image/heic"},
    {"heif", "image/heif"}, {"htm", "text/html"}, {"html", "text/html"}, {"ico", "image/vnd.microsoft.icon"},
    {"ief", "image/ief"}, {"jpe", "image/jpeg"}, {"jpeg", "image/jpeg"}, {"jpg", "image/jpeg"}, {"js", "text/javascript"},
    {"json", "application/json"}, {"ksh", "text/plain"}, {"latex", "application/x-latex"}, {"loas", "audio/aac"},
    {"m1v", "video/mpeg"}, {"m3u", "application/vnd.apple.mpegurl"}, {"m3u8", "application/vnd.apple.mpegurl"},
    {"man", "application/x-troff-man"}, {"md", "text/markdown"}, {"me", "application/x-troff-me"}, {"mht", "message/rfc822"},
    {"mhtml", "message/rfc822"}, {"mif", "application/x-mif"}, {"mjs", "text/javascript"}, {"mov", "video/quicktime"},
    {"movie", "video/x-sgi-movie"}, {"mp2", "audio/mpeg"}, {"mp3", "audio/mpeg"}, {"mp4", "video/mp4"}, {"mpa", "video/mpeg"},
    {"mpe", "video/mpeg"}, {"mpeg", "video/mpeg"}, {"mpg", "video/mpeg"}, {"ms", "application/x-troff-ms"}, {"n3", "text/n3"},
    {"nc", "application/x-netcdf"}, {"nq", "application/n-quads"}, {"nt", "application/n-triples"}, {"nws", "message/rfc822"},
    {"o", "application/octet-stream"}, {"obj", "application/octet-stream"}, {"oda", "application/oda"}, {"opus", "audio/opus"},
    {"p12", "application/x-pkcs12"}, {"p7c", "application/pkcs7-mime"}, {"pbm", "image/x-portable-bitmap"},
    {"pdf", "application/pdf"}, {"pfx", "application/x-pkcs12"}, {"pgm", "image/x-portable-graymap"}, {"pl", "text/plain"},
    {"png", "image/png"}, {"pnm", "image/x-portable-anymap"}, {"pot", "application/vnd.ms-powerpoint"},
    {"ppa", "application/vnd.ms-powerpoint"}, {"ppm", "image/x-portable-pixmap"}, {"pps", "application/vnd.ms-powerpoint"},
    {"ppt", "application/vnd.ms-powerpoint"},
    {"pptx", "application/vnd.openxmlformats-officedocument.presentationml.presentation"}, {"ps", "application/postscript"},
    {"pwz", "application/vnd.ms-powerpoint"}, {"py", "text/x-python"}, {"pyc", "application/x-python-code"},
    {"pyo", "application/x-python-code"}, {"qt", "video/quicktime"}, {"ra", "audio/x-pn-realaudio"},
    {"ram", "application/x-pn-realaudio"}, {"ras", "image/x-cmu-raster"}, {"rdf", "application/xml"}, {"rgb", "image/x-rgb"},
    {"roff", "application/x-troff"}, {"rtf", "application/rtf"}, {"rtx", "text/richtext"}, {"sgm", "text/x-sgml"},
    {"sgml", "text/x-sgml"}, {"sh", "application/x-sh"}, {"shar", "application/x-shar"}, {"snd", "audio/basic"},
    {"so", "application/octet-stream"}, {"src", "application/x-wais-source"}, {"srt", "text/plain"},
    {"sv4cpio", "application/x-sv4cpio"}, {"sv4crc", "application/x-sv4crc"}, {"svg", "image/svg+xml"},
    {"svgz", "application/gzip"}, {"swf", "application/x-shockwave-flash"}, {"t", "application/x-troff"},
    {"tar", "application/x-tar"}, {"taz", "application/gzip"}, {"tbz2", "application/x-bzip2"}, {"tcl", "application/x-tcl"},
    {"tex", "application/x-tex"}, {"texi", "application/x-texinfo"}, {"texinfo", "application/x-texinfo"},
    {"tgz", "application/gzip"}, {"tif", "image/tiff"}, {"tiff", "image/tiff"}, {"tr", "application/x-troff"},
    {"trig", "application/trig"}, {"tsv", "text/tab-separated-values"}, {"txt", "text/plain"}, {"txz", "application/x-xz"},
    {"tz", "application/gzip"}, {"ustar", "application/x-ustar"}, {"vcf", "text/x-vcard"}, {"vtt", "text/vtt"},
    {"wasm", "application/wasm"}, {"wav", "audio/x-wav"}, {"webm", "video/webm"}, {"webmanifest", "application/manifest+json"},
    {"webp", "image/webp"}, {"wiz", "application/msword"}, {"wsdl", "application/xml"}, {"xbm", "image/x-xbitmap"},
    {"xlb", "application/vnd.ms-excel"}, {"xls", "application/vnd.ms-excel"},
    {"xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"}, {"xml", "text/xml"},
    {"xpdl", "application/xml"}, {"xpm", "image/x-xpixmap"}, {"xsl", "application/xml"}, {"xwd", "image/x-xwindowdump"},
    {"xz", "application/x-xz"}, {"z", "application/x-compress"}, {"zip", "application/zip"},
};
}  // namespace detail

/// The MIME type of a file or key, by the extension of its last segment in upper or lower case; empty if the extension is unknown.
/// A name that begins with its only dot (".profile") has no extension.
inline std::string_view mime_type_of(std::string_view name) {
  name.remove_prefix(name.rfind('/') + 1);  // npos + 1 is 0
  const auto dot = name.rfind('.');
  if (dot == std::string_view::npos || name.find_first_not_of('.') > dot) return {};
  const std::string extension = detail::lower_case(name.substr(dot + 1));
  const auto before = [](const detail::mime_type& m, std::string_view e) { return std::string_view{m.extension} < e; };
  const auto* const last = std::end(detail::mime_types);
  const auto* const found = std::lower_bound(std::begin(detail::mime_types), last, std::string_view{extension}, before);
  return found != last && found->extension == extension ? found->type : std::string_view{};
}

}  // namespace s3store::inline S3STORE_ABI
