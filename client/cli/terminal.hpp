#pragma once

#include <termios.h>

#include <chrono>
#include <cstddef>

namespace steward::cli {

/// The terminal of this process, taken over for a display that refreshes: keys come one by one and unseen. Given back
/// by the destructor.
class Terminal {
  public:
    /// Whether standard input and output are a terminal.
    static bool is_there();

    Terminal();
    ~Terminal();
    Terminal(const Terminal&) = delete;
    Terminal& operator=(const Terminal&) = delete;

    struct Size {
        std::size_t rows = 24;
        std::size_t columns = 80;
    };
    /// As it is now: the user may have changed it.
    Size size() const;

    /// The key that is pressed within the time; 0: none, or the window has another size.
    char key_within(std::chrono::milliseconds time);

  private:
    termios before_{};
};

}  // namespace steward::cli
