# So that `find_package(s3store)` and pkg-config find what was installed.

include(CMakePackageConfigHelpers)

set(package_dir ${CMAKE_INSTALL_LIBDIR}/cmake/s3store)

install(TARGETS s3store s3store_client s3store_testing s3store_store s3store_evidence EXPORT s3storeTargets)
if(S3STORE_BUILD_COMPILED)
  install(TARGETS s3store_compiled EXPORT s3storeCompiledTargets)
  install(EXPORT s3storeCompiledTargets NAMESPACE s3store:: DESTINATION ${package_dir})
endif()
install(DIRECTORY include/s3store DESTINATION ${CMAKE_INSTALL_INCLUDEDIR} FILES_MATCHING PATTERN "*.hpp")
install(FILES src/s3store.cpp DESTINATION ${CMAKE_INSTALL_DATADIR}/s3store)  # for a build without CMake; see the README
install(EXPORT s3storeTargets NAMESPACE s3store:: DESTINATION ${package_dir})

configure_package_config_file(cmake/s3storeConfig.cmake.in ${PROJECT_BINARY_DIR}/s3storeConfig.cmake INSTALL_DESTINATION ${package_dir})
write_basic_package_version_file(${PROJECT_BINARY_DIR}/s3storeConfigVersion.cmake COMPATIBILITY SameMinorVersion ARCH_INDEPENDENT)
install(FILES ${PROJECT_BINARY_DIR}/s3storeConfig.cmake ${PROJECT_BINARY_DIR}/s3storeConfigVersion.cmake DESTINATION ${package_dir})

configure_file(cmake/s3store.pc.in ${PROJECT_BINARY_DIR}/s3store.pc @ONLY)
install(FILES ${PROJECT_BINARY_DIR}/s3store.pc DESTINATION ${CMAKE_INSTALL_DATADIR}/pkgconfig)

install(FILES LICENSE DESTINATION ${CMAKE_INSTALL_DATADIR}/licenses/s3store)
