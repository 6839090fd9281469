#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>

namespace steward::daemon {

class Daemon;

/// Where all objects are kept while the machine is down: `INSTANCE.dump` in the folder of --state-dir. Memory of the
/// same boot comes before it.
///
///     StateFolder state(options.state_dir, options.instance);
///     state.forget_unfinished(record);     // before the memory is taken up
///     Daemon daemon(...);
///     state.restore(daemon, record);
class StateFolder {
  public:
    StateFolder(std::filesystem::path folder, const std::string& instance)
        : folder_(std::move(folder)),
          dump_(folder_ / (instance + ".dump")),
          mark_(folder_ / (instance + ".restoring")) {}

    /// Where a daemon was killed while it restored, its memory goes: some of the objects may be missing there.
    void forget_unfinished(const std::filesystem::path& memory_record) const;

    /// Makes the objects of the dump, where there is one and the daemon has no memory. Nothing: there was nothing to
    /// do. Where it fails, the daemon's memory goes. Throws shared::DumpError, shared::NoMemory, std::system_error.
    struct Restored {
        std::uint64_t objects = 0;
        std::filesystem::path from;
    };
    std::optional<Restored> restore(Daemon&, const std::filesystem::path& memory_record) const;

    /// Dumps all objects. Returns how many they are. Throws std::system_error.
    std::uint64_t dump(Daemon&) const;

    const std::filesystem::path& file() const { return dump_; }

  private:
    std::filesystem::path folder_;
    std::filesystem::path dump_;
    std::filesystem::path mark_;  ///< is there while objects are being restored
};

}  // namespace steward::daemon
