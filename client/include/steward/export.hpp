#pragma once

/// Marks what libsteward.so shows to programs; everything else in it is hidden.
#if defined(__GNUC__)
#define STEWARD_API __attribute__((visibility("default")))
#else
#define STEWARD_API
#endif
