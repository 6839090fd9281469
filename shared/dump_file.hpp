#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>

#include "proto/dump.hpp"
#include "proto/frame_buffer.hpp"
#include "shared/unique_fd.hpp"

namespace steward::shared {

/// The file is no dump, not a whole one, or of a version that is not known. `what()` names it and says where.
class DumpError : public std::runtime_error {
  public:
    using std::runtime_error::runtime_error;
};

/// Writes a dump (proto/DUMP.md) beside where it is to be, mode 0600, and puts it there as a whole at the end. What is
/// not committed leaves no file. Everything throws std::system_error.
///
///     DumpWriter writer(path, header);
///     writer.add(record);
///     writer.commit();
class DumpWriter {
  public:
    DumpWriter(std::filesystem::path, const proto::dump::Header&);
    DumpWriter(const DumpWriter&) = delete;
    DumpWriter& operator=(const DumpWriter&) = delete;
    ~DumpWriter();

    /// Objects and values in their order; `forget` takes away what came since the last object, and that one.
    void add(std::string_view record);
    /// The file is on the disk, under its name, when this returns.
    void commit();

    std::uint64_t objects() const noexcept { return state_.objects; }

  private:
    /// How far it has come.
    struct State {
        std::uint64_t bytes = 0;
        std::uint64_t objects = 0;
        std::uint32_t checksum = 0;
    };

    void append(std::string_view record);
    void flush();
    void go_back();
    [[noreturn]] void fail(const std::filesystem::path& at) const;

    std::filesystem::path path_;
    std::filesystem::path temporary_;  ///< empty: it has got its name
    UniqueFd file_;
    std::string unwritten_;
    State state_;
    State before_object_;
};

/// A record of a dump; the bytes are somebody else's.
struct DumpRecord {
    proto::dump::RecordKind kind = proto::dump::RecordKind::object;
    std::string_view bytes;
};

/// Reads a dump, record by record. What it gives has passed its checksum; whether the file is whole is known at the
/// end, so whoever must not begin what he cannot finish reads all of it once before.
class DumpReader {
  public:
    /// Throws DumpError, std::system_error (there is no such file).
    explicit DumpReader(std::filesystem::path);

    const proto::dump::Header& header() const noexcept { return header_; }

    /// The next object or values, until the next call; nothing at the end. Throws DumpError.
    std::optional<DumpRecord> next();

    /// Before the first record again.
    void rewind();

    /// Reads to the end. Returns how many objects there are. Throws DumpError.
    std::uint64_t check();

    /// The file is not to be used for the reason that is said.
    [[noreturn]] void refuse(const std::string& why) const;

  private:
    std::string_view next_record();
    std::string_view checked(std::string_view frame);
    std::optional<std::string_view> next_frame();
    void read_header();
    void read_end(std::string_view record);

    std::filesystem::path path_;
    UniqueFd file_;
    proto::FrameBuffer frames_;
    proto::dump::Header header_;
    std::uint64_t offset_ = 0;  ///< of the record under way
    std::uint64_t behind_ = 0;  ///< where the next one begins
    std::uint64_t objects_ = 0;
    std::uint32_t checksum_ = 0;
    bool ended_ = false;
};

}  // namespace steward::shared
