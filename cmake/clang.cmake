# The newest Clang of this machine, whatever its name.
find_program(S3STORE_CLANG NAMES clang++ clang++-21 clang++-20 clang++-19 clang++-18 clang++-17 clang++-16 clang++-15 clang++-14 REQUIRED)
set(CMAKE_CXX_COMPILER ${S3STORE_CLANG})
