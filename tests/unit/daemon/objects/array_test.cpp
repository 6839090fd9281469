#include "daemon/objects/array.hpp"

#include <gtest/gtest.h>

#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "tests/unit/daemon/daemon_fixture.hpp"

namespace steward::daemon::array_test {
namespace {

using proto::Errc;
using proto::Packed;
namespace array = proto::array;

using Numbers = std::vector<std::int64_t>;

class AnArray : public DaemonTest {
  protected:
    /// Makes an array and lets the other methods mean it.
    void make(std::string_view typecode, std::uint64_t length) {
        array_ = client_.call(array::Open{.open = named(typecode), .length = length, .typecode = typecode}).object;
    }
    std::optional<Errc> refusal_to_open(std::string_view name, std::uint64_t length, std::string_view typecode,
                                        std::vector<Packed> initial = {}) {
        return client_.refusal(
            array::Open{.open = named(name), .length = length, .typecode = typecode, .initial = std::move(initial)});
    }
    std::optional<Errc> set(std::int64_t index, const std::string& value) {
        return client_.refusal(array::Set{.object = array_, .index = index, .value = {value}});
    }
    Numbers numbers() { return integers_of(client_.call(array::GetSlice{.object = array_}).values); }

    Client client_ = client();
    std::uint64_t array_ = client_.call(array::Open{.open = named("array", 0604), .length = 5, .typecode = "i"}).object;
};

TEST_F(AnArray, RefusesTypecodesThatAreNone) {
    for (const auto* typecode : {"", "l", "u", "x", "ii"})
        EXPECT_EQ(refusal_to_open("made", 1, typecode), Errc::invalid_argument) << typecode;
}

TEST_F(AnArray, SaysBothShapesWhereTheyDiffer) {
    EXPECT_EQ(client_.complaint(array::Open{.open = named("array"), .length = 4, .typecode = "d"}),
              "array 'array' was made with 5 elements of typecode i and is opened with 4 elements of typecode d");
}

TEST_F(AnArray, IsRefusedWhereItCannotFitTheMemory) {
    EXPECT_EQ(refusal_to_open("large", std::numeric_limits<std::uint64_t>::max(), "d"), Errc::no_memory);
    EXPECT_EQ(refusal_to_open("large", ample_bytes, "b"), Errc::no_memory);
    EXPECT_EQ(client_.refusal(proto::object::Find{.name = "large"}), Errc::no_such_object);
}

TEST_F(AnArray, SaysWhatItHoldsToWhoSetsAValueOfAnotherKind) {
    make("d", 1);
    EXPECT_EQ(client_.complaint(array::Set{.object = array_, .value = {pack("1")}}),
              "a value of type string is no element of array 'd', whose typecode d holds floats of 64 bits");
}

TEST_F(AnArray, SurvivesARestart) {
    make("H", 1'000);
    for (int i = 0; i < 1'000; ++i)
        set(i, pack(i));
    restart();
    client_ = client();
    EXPECT_EQ(numbers()[777], 777);
    EXPECT_EQ(refusal_to_open("H", 999, "H"), Errc::wrong_options);
}

TEST_F(AnArray, GivesItsMemoryBackWhenItIsRemoved) {
    const auto used = [&] {
        tidy();
        return client_.call(proto::daemon::Status{}).memory_used_bytes;
    };
    const auto before = used();
    for (int i = 0; i < 3; ++i) {
        make("q", 10'000);
        EXPECT_GE(used(), before + 80'000);
        client_.call(array::Fill{.object = array_, .value = {pack(1)}});
        client_.call(proto::object::Remove{.name = "q"});
    }
    EXPECT_LT(used(), before + 1'000);
}

TEST_F(AnArray, IsDescribedByItsShape) {
    const auto info = client_.call(proto::object::Find{.name = "array"});
    EXPECT_EQ(info.count, 5U);
    EXPECT_EQ(info.state, "5 elements of typecode i");
}

TEST_F(AnArray, IsReadByReadersAndChangedByWriters) {
    auto stranger = client(bob, 200);
    EXPECT_EQ(stranger.refusal(array::Get{.object = array_}), std::nullopt);
    EXPECT_EQ(stranger.refusal(array::GetSlice{.object = array_}), std::nullopt);
    EXPECT_EQ(stranger.refusal(array::Len{.object = array_}), std::nullopt);
    for (const auto refusal :
         {stranger.refusal(array::Set{.object = array_}), stranger.refusal(array::SetSlice{.object = array_}),
          stranger.refusal(array::Fill{.object = array_}), stranger.refusal(array::FetchAdd{.object = array_}),
          stranger.refusal(array::CompareExchange{.object = array_})})
        EXPECT_EQ(refusal, Errc::no_permission);
    EXPECT_EQ(numbers(), Numbers(5));
}

TEST_F(AnArray, RefusesObjectsThatAreNoArray) {
    const auto list = client_.call(proto::list::Open{.open = named("list"), .initial = {}}).object;
    EXPECT_EQ(client_.refusal(array::Set{.object = list}), Errc::wrong_type);
    EXPECT_EQ(client_.refusal(array::Len{.object = list}), Errc::wrong_type);
    EXPECT_EQ(client_.refusal(array::Get{.object = 99}), Errc::no_such_object);
    EXPECT_EQ(refusal_to_open("list", 5, "i"), Errc::wrong_type);
}

}  // namespace
}  // namespace steward::daemon::array_test
