#pragma once

#include <sys/types.h>

#include <filesystem>
#include <memory>
#include <optional>
#include <string>

#include "daemon/daemon.hpp"
#include "shared/unique_fd.hpp"
#include "tests/in_process/daemon.hpp"
#include "tests/support/file_image.hpp"
#include "tests/support/temporary_folder.hpp"

namespace steward::tests {

/// The memory that a daemon with objects of every type has left, some of them held and waited for: the same each time
/// but for what the kernel says. It can be damaged, and a daemon take it up then.
class LeftMemory {
  public:
    static constexpr uid_t alice = daemon::InProcessDaemon::alice;

    LeftMemory();

    const FileImage& heap_image() const { return *heap_; }
    const FileImage& words_image() const { return *words_; }
    shared::UniqueFd open_heap() const { return open(files_.heap); }
    shared::UniqueFd open_words() const { return open(files_.words); }

    /// All is as the first daemon has left it.
    void restore() const;

    /// Another daemon; null: it refuses the memory.
    std::unique_ptr<daemon::Daemon> take_up() const;

    /// Does with all objects what can be done, and removes them.
    static void use(daemon::Daemon& daemon);

  private:
    daemon::Daemon::Settings settings() const;
    std::filesystem::path record() const { return folder_.path() / "memory"; }
    shared::UniqueFd open(const std::string& name) const;

    TemporaryFolder folder_{"/dev/shm"};
    shared::DomainFiles files_;
    std::optional<FileImage> heap_;
    std::optional<FileImage> words_;
};

}  // namespace steward::tests
