# Takes Steward up as a part of this project (STEWARD_SOURCE: where it is), and looks whether anything has changed here:
# settings of this folder, or cache entries that say by no prefix whose they are.
include(FetchContent)

set(settings
    BUILD_TESTING
    CMAKE_CXX_COMPILER_LAUNCHER
    CMAKE_CXX_EXTENSIONS
    CMAKE_CXX_FLAGS
    CMAKE_CXX_STANDARD
    CMAKE_CXX_VISIBILITY_PRESET
    CMAKE_POSITION_INDEPENDENT_CODE
    CMAKE_UNITY_BUILD
    THREADS_PREFER_PTHREAD_FLAG)
# What is in the cache of whoever calls find_package(Threads), find_package(Boost), FetchContent and GNUInstallDirs.
set(usual "^(STEWARD_|steward_|FETCHCONTENT_|CMAKE_INSTALL_|Boost_|BOOST_|boost_|_Boost|CMAKE_HAVE_LIBC_PTHREAD|CMAKE_HAVE_PTHREAD"
          "|THREADS_HAVE_PTHREAD_ARG|FIND_PACKAGE_MESSAGE_DETAILS_|_GNUInstallDirs_)")
list(JOIN usual "" usual)

foreach(name IN LISTS settings)
  set(before_${name} "${${name}}")
endforeach()
get_cmake_property(cached_before CACHE_VARIABLES)

FetchContent_Declare(steward SOURCE_DIR ${STEWARD_SOURCE})
FetchContent_MakeAvailable(steward)

foreach(name IN LISTS settings)
  if(NOT "${${name}}" STREQUAL "${before_${name}}")
    message(SEND_ERROR "${name} was '${before_${name}}' and has become '${${name}}'")
  endif()
endforeach()
get_cmake_property(cached_after CACHE_VARIABLES)
list(REMOVE_ITEM cached_after ${cached_before})
list(FILTER cached_after EXCLUDE REGEX "${usual}")
if(cached_after)
  message(SEND_ERROR "new in the cache: ${cached_after}")
endif()
foreach(target stewardd steward)
  if(TARGET ${target})
    message(SEND_ERROR "the target ${target}, which nobody has asked for")
  endif()
endforeach()
foreach(property COMPILE_OPTIONS COMPILE_DEFINITIONS INCLUDE_DIRECTORIES LINK_OPTIONS LINK_LIBRARIES)
  get_directory_property(value ${property})
  if(value)
    message(SEND_ERROR "${property} of the folder: ${value}")
  endif()
endforeach()
