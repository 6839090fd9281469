// Any bytes as a dump file: they are refused, or every record in them can be read.

#include <sys/mman.h>
#include <unistd.h>

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>

#include "proto/dump.hpp"
#include "proto/dumped_state.hpp"
#include "proto/reader.hpp"
#include "shared/dump_file.hpp"

namespace {

using namespace steward;

/// A file of these bytes, by its path.
class File {
  public:
    File(const std::uint8_t* bytes, std::size_t size) : file_(::memfd_create("dump", MFD_CLOEXEC)) {
        if (!file_ || ::write(file_.get(), bytes, size) != static_cast<ssize_t>(size))
            std::abort();
    }
    std::string path() const { return "/proc/self/fd/" + std::to_string(file_.get()); }

  private:
    shared::UniqueFd file_;
};

template <class... S>
void decode_as_every_state(proto::Packed state) {
    const auto decode = [&]<class Each>(Each) {
        try {
            proto::dumped::decode_state<Each>(state);
        } catch (const proto::Malformed&) {
        }
    };
    (decode(S{}), ...);
}

void read(const shared::DumpRecord& record) {
    namespace dumped = proto::dumped;
    if (record.kind == proto::dump::RecordKind::values) {
        proto::dump::decode_record<proto::dump::Values>(record.bytes);
        return;
    }
    const auto object = proto::dump::decode_record<proto::dump::Object>(record.bytes);
    decode_as_every_state<dumped::Lock, dumped::RLock, dumped::RWLock, dumped::Semaphore, dumped::BoundedSemaphore,
                          dumped::Condition, dumped::Event, dumped::Barrier, dumped::Queue, dumped::Array,
                          dumped::Container>(object.state);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
    const File file(bytes, size);
    try {
        shared::DumpReader reader(file.path());
        while (const auto record = reader.next())
            read(*record);
        reader.rewind();
        reader.check();
    } catch (const shared::DumpError&) {
    } catch (const proto::Malformed&) {
    }
    return 0;
}
