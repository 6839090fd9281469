#include "shared/dump_file.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <system_error>
#include <utility>

#include "proto/checksum.hpp"

namespace steward::shared {

namespace dump = proto::dump;

namespace {

constexpr std::size_t piece_bytes = std::size_t{1} << 16;

/// Of the file, around a record: an array of two, its bytes and the checksum.
constexpr proto::FrameLimits record_limits{.bytes = (std::size_t{1} << 30) + 64, .depth = 1, .elements = 2};

/// A file that is moved away by the one that takes its name.
void check_may_be_replaced(const std::filesystem::path& path) {
    const auto status = std::filesystem::status(path);
    if (std::filesystem::exists(status) && !std::filesystem::is_regular_file(status))
        throw std::system_error(EEXIST, std::generic_category(), path.string() + " is no ordinary file");
}

std::filesystem::path folder_of(const std::filesystem::path& path) {
    return path.has_parent_path() ? path.parent_path() : ".";
}

void write_all(int fd, std::string_view bytes, const std::filesystem::path& path) {
    while (!bytes.empty()) {
        const auto written = ::write(fd, bytes.data(), bytes.size());
        if (written < 0 && errno != EINTR)
            throw std::system_error(errno, std::generic_category(), path.string());
        bytes.remove_prefix(written < 0 ? 0 : static_cast<std::size_t>(written));
    }
}

}  // namespace

DumpWriter::DumpWriter(std::filesystem::path path, const dump::Header& header) : path_(std::move(path)) {
    check_may_be_replaced(path_);
    auto name = path_.string() + ".XXXXXX";
    file_ = UniqueFd(::mkostemp(name.data(), O_CLOEXEC));
    if (!file_)
        fail(path_);
    temporary_ = name;
    append(dump::packed_record(header));
}

DumpWriter::~DumpWriter() {
    if (!temporary_.empty())
        ::unlink(temporary_.c_str());
}

void DumpWriter::fail(const std::filesystem::path& at) const {
    throw std::system_error(errno, std::generic_category(), at.string());
}

void DumpWriter::add(std::string_view record) {
    const auto kind = dump::checked_kind(record);
    if (kind == dump::RecordKind::forget) {
        go_back();
        return;
    }
    if (kind == dump::RecordKind::object) {
        before_object_ = state_;
        ++state_.objects;
    }
    append(record);
}

void DumpWriter::append(std::string_view record) {
    const auto before = unwritten_.size();
    state_.checksum = proto::crc32(state_.checksum, record);
    proto::Writer writer(unwritten_);
    writer.array(2);
    writer.binary(record);
    writer.unsigned_integer(state_.checksum);
    state_.bytes += unwritten_.size() - before;
    if (unwritten_.size() >= piece_bytes)
        flush();
}

void DumpWriter::flush() {
    write_all(file_.get(), unwritten_, temporary_);
    unwritten_.clear();
}

void DumpWriter::go_back() {
    flush();
    state_ = before_object_;
    const auto end = static_cast<off_t>(state_.bytes);
    if (::ftruncate(file_.get(), end) != 0 || ::lseek(file_.get(), end, SEEK_SET) < 0)
        fail(temporary_);
}

// The folder is written too: only then has the file its name after a power failure.
void DumpWriter::commit() {
    append(dump::packed_record(dump::End{.objects = state_.objects}));
    flush();
    if (::fsync(file_.get()) != 0 || ::rename(temporary_.c_str(), path_.c_str()) != 0)
        fail(path_);
    temporary_.clear();
    const UniqueFd folder(::open(folder_of(path_).c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (!folder || ::fsync(folder.get()) != 0)
        fail(folder_of(path_));
}

DumpReader::DumpReader(std::filesystem::path path) : path_(std::move(path)), frames_(record_limits) {
    file_ = UniqueFd(::open(path_.c_str(), O_RDONLY | O_CLOEXEC | O_NOCTTY));
    if (!file_)
        throw std::system_error(errno, std::generic_category(), path_.string());
    read_header();
}

void DumpReader::refuse(const std::string& why) const {
    throw DumpError("the dump " + path_.string() + " cannot be used: " + why + " (at byte " + std::to_string(offset_) +
                    "); nothing was restored from it, and it is left as it is");
}

void DumpReader::rewind() {
    if (::lseek(file_.get(), 0, SEEK_SET) < 0)
        throw std::system_error(errno, std::generic_category(), path_.string());
    frames_ = proto::FrameBuffer(record_limits);
    offset_ = behind_ = objects_ = 0;
    checksum_ = 0;
    ended_ = false;
    read_header();
}

std::uint64_t DumpReader::check() {
    while (next()) {
    }
    return objects_;
}

std::optional<DumpRecord> DumpReader::next() {
    if (ended_)
        return std::nullopt;
    try {
        const auto record = next_record();
        const auto kind = dump::checked_kind(record);
        if (kind == dump::RecordKind::end) {
            read_end(record);
            return std::nullopt;
        }
        if (kind != dump::RecordKind::object && kind != dump::RecordKind::values)
            refuse("there is a record that does not belong here");
        objects_ += kind == dump::RecordKind::object ? 1 : 0;
        return DumpRecord{.kind = kind, .bytes = record};
    } catch (const proto::Malformed& malformed) {
        refuse(malformed.what());
    }
}

void DumpReader::read_end(std::string_view record) {
    if (const auto end = dump::decode_record<dump::End>(record); end.objects != objects_)
        refuse("it says that it holds " + std::to_string(end.objects) + " objects and holds " +
               std::to_string(objects_));
    if (next_frame() || frames_.in_mid_frame())
        refuse("there is more behind its end");
    ended_ = true;
}

void DumpReader::read_header() {
    try {
        header_ = dump::decode_record<dump::Header>(next_record());
    } catch (const proto::Malformed&) {
        refuse("it is no dump of Steward");
    }
    if (header_.format != dump::format_name)
        refuse("it is no dump of Steward");
    if (header_.version != dump::format_version)
        refuse("it is of version " + std::to_string(header_.version) +
               " of the format, and this program knows version " + std::to_string(dump::format_version));
}

std::string_view DumpReader::next_record() {
    const auto frame = next_frame();
    if (!frame)
        refuse("it ends in the middle");
    return checked(*frame);
}

/// The record in a frame of the file, which must be written as DumpWriter does.
std::string_view DumpReader::checked(std::string_view frame) {
    proto::Reader reader(frame);
    if (reader.array() != 2)
        throw proto::Malformed("a record and its checksum were expected");
    const auto record = reader.binary();
    checksum_ = proto::crc32(checksum_, record);
    if (reader.unsigned_integer() != checksum_)
        refuse("a checksum does not fit what it was made of");
    return record;
}

std::optional<std::string_view> DumpReader::next_frame() {
    offset_ = behind_;
    try {
        for (;;) {
            if (const auto frame = frames_.next()) {
                behind_ += frame->size();
                return frame;
            }
            const auto room = frames_.room(piece_bytes);
            const auto size = ::read(file_.get(), room.data(), room.size());
            if (size < 0 && errno != EINTR)
                throw std::system_error(errno, std::generic_category(), path_.string());
            if (size == 0)
                return std::nullopt;
            frames_.received(size < 0 ? 0 : static_cast<std::size_t>(size));
        }
    } catch (const proto::FrameTooLarge& error) {
        refuse(error.what());
    } catch (const proto::Malformed& malformed) {
        refuse(malformed.what());
    }
}

}  // namespace steward::shared
