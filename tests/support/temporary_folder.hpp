#pragma once

#include <stdlib.h>

#include <cerrno>
#include <filesystem>
#include <string>
#include <system_error>

namespace steward::tests {

/// A fresh folder that only its owner may enter; removed with everything in it at the end.
class TemporaryFolder {
  public:
    explicit TemporaryFolder(const std::filesystem::path& parent = "/tmp") {
        std::string path = parent / "steward-test-XXXXXX";
        if (::mkdtemp(path.data()) == nullptr)
            throw std::system_error(errno, std::generic_category(), path);
        path_ = path;
    }
    TemporaryFolder(const TemporaryFolder&) = delete;
    TemporaryFolder& operator=(const TemporaryFolder&) = delete;
    ~TemporaryFolder() {
        std::error_code ignored;
        std::filesystem::remove_all(path_, ignored);
    }

    const std::filesystem::path& path() const { return path_; }

  private:
    std::filesystem::path path_;
};

}  // namespace steward::tests
