#pragma once

#include <gtest/gtest.h>
#include <sys/mman.h>

#include <cstdint>
#include <memory>
#include <random>
#include <string>

#include "proto/object_type.hpp"
#include "shared/errors.hpp"
#include "shared/heap.hpp"
#include "shared/mutation.hpp"
#include "shared/object_table.hpp"

namespace steward::shared {

inline UniqueFd anonymous_file() {
    return UniqueFd{::memfd_create("steward-test", MFD_CLOEXEC)};
}

// A MessagePack string (of up to 65,535 bytes).
inline std::string packed_string(const std::string& text) {
    const auto size = text.size();
    return size < 32 ? static_cast<char>(0xa0U | size) + text
                     : std::string{'\xda', static_cast<char>(size >> 8U), static_cast<char>(size)} + text;
}

inline ObjectKind kind_of(proto::ObjectType type) {
    return {.type = static_cast<std::uint8_t>(type)};
}

// Of an object that has neither contents nor a word.
inline constexpr auto plain = proto::ObjectType::barrier;

// A heap in memory of its own with one object, whose state a test may use as it likes.
class HeapTest : public testing::Test {
  protected:
    HeapTest() {
        Mutation mutation{*heap_};
        object_ = &objects().create(mutation, {.name = "object", .kind = kind_of(plain)});
    }

    ObjectTable objects() { return {*heap_, words_}; }
    void reap_all() {
        while (heap_->reap(64)) {
        }
    }
    std::uint64_t free_bytes() {
        reap_all();
        return heap_->usage().free_bytes;
    }
    std::uint64_t used_bytes() {
        reap_all();
        return heap_->header().segment_bytes.load() - heap_->usage().free_bytes;
    }
    // No byte more from the kernel.
    void allow_no_growth() { budget_.set_limit(budget_.used_bytes()); }
    void allow_growth() { budget_.set_limit(MemoryBudget::unlimited); }

    // Runs `change` (which takes a Mutation) again and again in a heap whose undo log has room for 0, 1, 2, ...
    // entries, and `check` after each failure, until the change succeeds. Returns how often it failed.
    template <class Change, class Check>
    int fail_at_every_step(Change change, Check check) {
        make_spare_room();
        allow_no_growth();
        for (int room = 0; room < most_steps; ++room) {
            try {
                Mutation mutation{*heap_};
                mutation.change(*object_);
                fill_log(mutation, room);
                change(mutation);
                allow_growth();
                return room;
            } catch (const NoMemory&) {
                check();
            }
            reap_all();
        }
        ADD_FAILURE() << "the change never succeeds";
        return most_steps;
    }

    MemoryBudget budget_{MemoryBudget::unlimited, {}};
    Words words_{anonymous_file(), 4096, budget_};
    std::unique_ptr<Heap> heap_ = Heap::create(anonymous_file(), {.domain = {.number = 7, .uid = 1000}}, budget_);
    ObjectHeader* object_ = nullptr;

  private:
    static constexpr int most_steps = 4000;

    // So that only the log is short.
    void make_spare_room() {
        {
            Mutation mutation{*heap_};
            mutation.discard(mutation.allocate<Node>(BlockKind::item, std::size_t{1} << 20));
        }
        reap_all();
    }
    void fill_log(Mutation& mutation, int room) {
        const std::uint64_t entries = heap_->header().log_capacity.load() - static_cast<std::uint64_t>(room);
        for (std::uint64_t count = 0; count < entries; ++count)
            mutation.store(object_->operations, count);
    }
};

// Random numbers whose seed stands in the test's output.
class SeededRandom {
  public:
    SeededRandom() : seed_(std::random_device{}()), engine_(seed_) {}
    explicit SeededRandom(unsigned seed) : seed_(seed), engine_(seed) {}

    std::size_t below(std::size_t bound) { return std::uniform_int_distribution<std::size_t>{0, bound - 1}(engine_); }
    std::string text(std::size_t longest) {
        std::string made(below(longest + 1), ' ');
        for (char& letter : made)
            letter = static_cast<char>('a' + below(26));
        return made;
    }
    std::mt19937& engine() { return engine_; }
    std::string seed_text() const { return "seed " + std::to_string(seed_); }

  private:
    unsigned seed_;
    std::mt19937 engine_;
};

}  // namespace steward::shared
