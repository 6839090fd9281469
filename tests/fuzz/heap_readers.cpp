// A heap in which any bytes are changed, as a client reads it: each read has a value, leaves it to the daemon, or is
// refused, and takes memory in proportion to what is there.

#include <fcntl.h>
#include <sys/mman.h>

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <memory>
#include <string>
#include <variant>

#include "client/src/shared_reads.hpp"
#include "daemon/logging.hpp"
#include "daemon/options.hpp"
#include "shared/heap_view.hpp"
#include "shared/object_view.hpp"
#include "tests/fuzz/damage.hpp"
#include "tests/fuzz/world.hpp"

namespace {

using namespace steward;

const std::atomic<std::size_t> nothing_pipelined{0};

class Reading {
  public:
    Reading(const shared::HeapView& heap, std::uint64_t object)
        : state_{.client = nullptr,
                 .id = object,
                 .name = {},
                 .view = heap.find({object}),
                 .pipelined = &nothing_pipelined} {}

    void read() const {
        or_refuse([this] { detail::read_cell(state_); });
        or_refuse([this] { detail::read_items(state_); });
        or_refuse([this] { detail::read_entries(state_); });
        or_refuse([this] { detail::read_elements(state_); });
        or_refuse([this] { detail::read_number_of_entries(state_); });
        or_refuse([this] { detail::read_number_of_items(state_); });
        for (const std::int64_t index : {0, 2, -1})
            or_refuse([this, index] { detail::read_item(state_, index); });
        for (const std::int64_t index : {0, 2, -1})
            or_refuse([this, index] { detail::read_element(state_, 3, index); });
        for (const Any& key : {Any("k"), Any(2), Any(Any::Array{1, "k"})}) {
            or_refuse([&] { detail::read_entry(state_, key); });
            or_refuse([&] { detail::read_contains(state_, key); });
        }
        std::string string;
        std::int64_t number = 0;
        for (const auto& place : {detail::PlainPlace(&string), detail::PlainPlace(&number)}) {
            or_refuse([&] { detail::read_plain_cell(state_, place); });
            or_refuse([&] { detail::read_plain_entry(state_, std::string_view("k"), place); });
        }
    }

  private:
    template <class F>
    static void or_refuse(F&& act) {
        try {
            act();
        } catch (const Error&) {
        }
    }

    detail::ObjectState state_;
};

struct Subject {
    fuzz::World world;
    tests::FileImage image =
        tests::FileImage::of_heap(world.daemon().domains.of(daemon::InProcessDaemon::alice).heap().fd());
    int file = ::memfd_create("heap", MFD_CLOEXEC);
};

const Subject& subject() {
    static const Subject only;
    return only;
}

}  // namespace

extern "C" int LLVMFuzzerInitialize(int*, char***) {
    daemon::set_up_logging({.log_level = "off"});
    return 0;
}

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
    const auto& [world, image, file] = subject();
    fuzz::Input input(bytes, size);
    image.write_whole(file);
    fuzz::damage(file, image, input);
    try {
        const shared::HeapView heap{shared::UniqueFd{::fcntl(file, F_DUPFD_CLOEXEC, 0)}};
        for (const auto object : world.objects)
            Reading(heap, object).read();
    } catch (const shared::DomainError&) {
    }
    return 0;
}
