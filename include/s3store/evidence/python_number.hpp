// How does Python write a number? Floats as repr() does. Bundles and their checksums need exactly the same bytes.
#pragma once

#include <charconv>
#include <cstddef>
#include <cstdio>
#include <cstdlib>
#include <limits>
#include <string>
#include <string_view>

#include <s3store/core/text.hpp>

namespace s3store::inline S3STORE_ABI::evidence {

/// Neither infinite nor NaN.
constexpr bool is_finite(double v) noexcept {
  return v >= std::numeric_limits<double>::lowest() && v <= (std::numeric_limits<double>::max)();
}

/// As repr(float) writes it: the fewest digits that read back as the same number, with an exponent below 1e-4 and from 1e16 on.
inline void append_python_float(std::string& out, double v) {
  if (!is_finite(v)) return static_cast<void>(out.append(v < 0 ? "-Infinity" : v > 0 ? "Infinity" : "NaN"));
  char buffer[32];
  const auto end = std::to_chars(buffer, buffer + sizeof buffer, v, std::chars_format::scientific).ptr;
  std::string_view text{buffer, static_cast<std::size_t>(end - buffer)};
  if (text.front() == '-') {
    out.push_back('-');
    text.remove_prefix(1);
  }
  const auto e = text.find('e');
  int exponent = 0;  // of the first digit; from_chars takes no plus sign
  std::from_chars(text.data() + e + (text[e + 1] == '+' ? 2 : 1), text.data() + text.size(), exponent);
  std::string digits{text.substr(0, 1)};
  if (e > 2) digits.append(text, 2, e - 2);
  if (exponent < -4 || exponent >= 16) {
    out.append(digits, 0, 1);
    if (digits.size() > 1) out.append(".").append(digits, 1);
    out.append(exponent < 0 ? "e-" : "e+");
    const int size = std::abs(exponent);
    if (size < 10) out.push_back('0');
    detail::append_integer(out, size);
  } else if (exponent < 0) {
    out.append("0.").append(static_cast<std::size_t>(-exponent - 1), '0').append(digits);
  } else {
    const auto whole = static_cast<std::size_t>(exponent) + 1;
    if (digits.size() < whole) digits.append(whole - digits.size(), '0');
    out.append(digits, 0, whole).append(".");
    out.append(digits.size() > whole ? digits.substr(whole) : "0");
  }
}

/// A number token as a double; infinite if it is too large, as in Python. May be called from any thread. (libc++ 14 has no from_chars
/// for doubles, strtod expects the decimal point of the program's locale, and localeconv, which tells it, is not for several threads.)
inline double to_double(std::string_view token) {
  std::string text{token};
  char* end = nullptr;
  const double value = std::strtod(text.c_str(), &end);
  const auto point = text.find('.');
  if (point == std::string::npos || end == text.c_str() + text.size()) return value;
  char half[16]{};
  std::snprintf(half, sizeof half, "%.1f", 0.5);  // "0,5" if the point is a comma
  const std::string_view written{half};
  return std::strtod(text.replace(point, 1, written.substr(1, written.size() - 2)).c_str(), nullptr);
}

/// True if Python reads the token as an int, which keeps all its digits.
constexpr bool is_python_int(std::string_view token) noexcept {
  return token.find_first_not_of("-0123456789") == std::string_view::npos;
}

/// A number token of the JSON tokenizer as json.dumps(json.loads(token)) writes it.
inline void append_python_number(std::string& out, std::string_view token) {
  if (token == "-0") {
    out.append("0");
  } else if (is_python_int(token) || token.back() == 'N' || token.back() == 'y') {  // NaN, Infinity
    out.append(token);
  } else {
    append_python_float(out, to_double(token));
  }
}

}  // namespace s3store::inline S3STORE_ABI::evidence
