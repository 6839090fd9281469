#include <algorithm>
#include <atomic>
#include <charconv>
#include <chrono>
#include <thread>

#include "shared/cell.hpp"
#include "shared/cell_reader.hpp"
#include "shared/dict.hpp"
#include "shared/dict_reader.hpp"
#include "shared/sequence.hpp"
#include "shared/sequence_reader.hpp"
#include "shared/typed_array_reader.hpp"
#include "tests/support/eventually.hpp"
#include "tests/unit/shared/reader_fixture.hpp"

namespace steward::shared {
namespace {

int number_in(std::string_view digits) {
    int number = -1;
    std::from_chars(digits.data(), digits.data() + digits.size(), number);
    return number;
}

// The number that a packed string begins with.
int number_of(std::string_view packed) {
    return number_in(proto::Reader{packed}.string());
}

// A number with a random number of bytes behind it, so that its blocks come and go.
std::string padded(int number, SeededRandom& random) {
    return packed_string(std::to_string(number) + ' ' + random.text(random.below(8) == 0 ? 1500 : 40));
}

class ReadersUnderWrites : public ReaderTest {
  protected:
    // One thread writes, with a moment between the writes, while others read, until enough has been read that was there
    // while enough was written.
    template <class Write, class Read>
    void race(Write write, Read read) {
        std::atomic<int> writes{0};
        std::atomic<int> found{0};
        std::atomic<bool> enough{false};
        std::thread writer{[&] { write_until(enough, writes, write); }};
        std::thread reader{[&] { read_until(enough, found, read); }};
        std::thread other_reader{[&] { read_until(enough, found, read); }};
        EXPECT_TRUE(tests::eventually([&] { return HasFailure() || (found > most_found && writes > most_found); }));
        enough = true;
        writer.join();
        reader.join();
        other_reader.join();
    }

    SeededRandom random_;  ///< the writer's

  private:
    static constexpr int most_found = 5000;

    template <class Write>
    void write_until(const std::atomic<bool>& enough, std::atomic<int>& writes, Write write) {
        for (; !enough; ++writes) {
            write();
            heap_->reap(16);
            for (std::size_t pauses = random_.below(400); pauses > 0; --pauses)
                cpu_pause();
        }
    }
    template <class Read>
    static void read_until(const std::atomic<bool>& enough, std::atomic<int>& found, Read read) {
        while (!enough)
            if (read() == Reading::found)
                ++found;
    }
};

TEST_F(ReadersUnderWrites, SeeWholeValuesOfACell) {
    Cell cell{*heap_, object_->state_as<CellState>()};
    const auto write = [&] {
        const std::string half = random_.text(random_.below(8) == 0 ? 3000 : 50);
        change([&](Mutation& mutation) { cell.set(mutation, half + half); });
    };
    write();
    race(write, [reader = CellReader{seen()}] {
        std::string value;
        const Reading reading = reader.get(value);
        EXPECT_EQ(value.substr(0, value.size() / 2), value.substr(value.size() / 2));
        return reading;
    });
}

TEST_F(ReadersUnderWrites, SeeADictBetweenItsTransfers) {
    constexpr int accounts = 16;
    constexpr int total = 1600;
    std::vector<int> balances(accounts, total / accounts);
    Dict dict{*heap_, object_->state_as<DictState>()};
    const auto key = [](std::size_t account) { return packed_string("account " + std::to_string(account)); };
    const auto store = [&](Mutation& mutation, std::size_t account) {
        if (random_.below(4) == 0)
            dict.erase(mutation, key(account));
        dict.set(mutation, key(account), padded(balances[account], random_));
    };
    change([&](Mutation& mutation) {
        for (std::size_t account = 0; account < accounts; ++account)
            store(mutation, account);
    });
    const auto transfer = [&] {
        const std::size_t from = random_.below(accounts);
        const std::size_t into = random_.below(accounts);
        const int amount = static_cast<int>(random_.below(static_cast<std::size_t>(balances[from]) + 1));
        balances[from] -= amount;
        balances[into] += amount;
        change([&](Mutation& mutation) {
            store(mutation, from);
            store(mutation, into);
        });
    };
    race(transfer, [&, reader = DictReader{seen()}] {
        std::string pairs;
        const auto copied = reader.copy(pairs);
        if (copied.reading != Reading::found)
            return copied.reading;
        EXPECT_EQ(copied.value, accounts);
        const std::vector<std::string> values = values_in(pairs);
        int sum = 0;
        for (std::size_t index = 1; index < values.size(); index += 2)
            sum += number_of(values[index]);
        EXPECT_EQ(sum, total);
        return copied.reading;
    });
}

TEST_F(ReadersUnderWrites, FindInADictTheValueOfTheirKeyOrNone) {
    constexpr std::size_t keys = 500;
    Dict dict{*heap_, object_->state_as<DictState>()};
    const auto key = [](std::size_t index) { return packed_string("key " + std::to_string(index)); };
    const auto write = [&] {
        const std::size_t index = random_.below(keys);
        change([&](Mutation& mutation) {
            if (random_.below(3) == 0)
                dict.erase(mutation, key(index));
            else
                dict.set(mutation, key(index), padded(static_cast<int>(index), random_));
        });
        if (random_.below(1000) == 0)
            change([&](Mutation& mutation) { dict.clear(mutation); });
    };
    std::atomic<std::size_t> turn{0};
    race(write, [&, reader = DictReader{seen()}] {
        const std::size_t index = turn++ % keys;
        std::string value;
        const auto found = reader.find(key(index), value);
        if (found.reading == Reading::found) {
            EXPECT_EQ(number_of(value), index);
            EXPECT_NE(found.value, 0U);
        } else {
            EXPECT_EQ(value, "");
        }
        return found.reading;
    });
}

TEST_F(ReadersUnderWrites, SeeARotationOfASequence) {
    constexpr int items = 40;
    Sequence sequence{*heap_, object_->state_as<SequenceState>()};
    change([&](Mutation& mutation) {
        for (int number = 0; number < items; ++number)
            sequence.push_back(mutation, padded(number, random_));
    });
    // By one item at the end or by several at once, which builds the ring anew or moves it.
    const auto rotate = [&] {
        const std::size_t count = random_.below(4) == 0 ? random_.below(items) : 1;
        std::vector<std::string> moved;
        for (std::size_t index = 0; index < count; ++index)
            moved.push_back(padded(number_of(sequence.at(index)), random_));
        const std::vector<std::string_view> views(moved.begin(), moved.end());
        change([&](Mutation& mutation) {
            sequence.splice(mutation, 0, count, {});
            sequence.splice(mutation, sequence.size(), 0, views);
        });
    };
    race(rotate, [&, reader = SequenceReader{seen()}] {
        std::string values;
        const auto copied = reader.copy(values);
        if (copied.reading != Reading::found)
            return copied.reading;
        EXPECT_EQ(copied.value, items);
        int expected = -1;
        for (const std::string& value : values_in(values)) {
            const int number = number_of(value);
            EXPECT_TRUE(expected == -1 || number == expected) << number << " is not " << expected;
            expected = (number + 1) % items;
        }
        return copied.reading;
    });
}

TEST_F(ReadersUnderWrites, FindTheLastItemOfASequenceThatGrowsAndShrinks) {
    Sequence sequence{*heap_, object_->state_as<SequenceState>()};
    const auto write = [&] {
        change([&](Mutation& mutation) {
            const std::size_t size = sequence.size();
            if (size > 0 && random_.below(3) == 0)
                sequence.splice(mutation, size / 2, size - size / 2, {});
            else
                sequence.push_back(mutation, padded(static_cast<int>(size), random_));
        });
    };
    write();
    race(write, [reader = SequenceReader{seen()}] {
        std::string first;
        const Reading reading = reader.at(0, first);
        if (reading == Reading::found) {
            EXPECT_EQ(number_of(first), 0);
        }
        std::string last;
        if (reader.at(-1, last) == Reading::found) {
            EXPECT_GE(number_of(last), 0);
        }
        return reading;
    });
}

TEST_F(ReadersUnderWrites, SeeAnArrayBetweenItsChanges) {
    TypedArray array{*heap_, object_->state_as<TypedArrayState>()};
    constexpr std::size_t length = 64;
    change([&](Mutation& mutation) { array.make(mutation, 'H', length); });
    const auto write = [&] {
        const std::string element(2, static_cast<char>(random_.below(256)));
        std::string all;
        for (std::size_t index = 0; index < length; ++index)
            all += element;
        change([&](Mutation& mutation) {
            if (random_.below(2) == 0)
                array.fill(mutation, std::as_bytes(std::span{element}));
            else
                array.set(mutation, 0, std::as_bytes(std::span{all}));
        });
    };
    race(write, [reader = TypedArrayReader{seen()}] {
        std::string bytes;
        const auto copied = reader.copy(bytes);
        EXPECT_EQ(bytes.find_first_not_of(bytes.substr(0, 1)), std::string::npos);
        return copied.reading;
    });
}

TEST_F(ReadersUnderWrites, NeverSeeAnotherObjectInTheSlotOfTheirs) {
    std::atomic<std::uint64_t> current{object_->id.load().value};
    int generation = 0;
    const auto fill = [&](Mutation& mutation) {
        const auto id = std::to_string(object_->id.load().value);
        Cell{*heap_, object_->state_as<CellState>()}.set(mutation, packed_string(id + ' ' + random_.text(50)));
    };
    change(fill);
    const auto replace = [&] {
        change([&](Mutation& mutation) {
            Cell{*heap_, object_->state_as<CellState>()}.clear(mutation);
            objects().remove(mutation, *object_);
        });
        Mutation mutation{*heap_};
        const auto name = "object " + std::to_string(++generation);
        object_ = &objects().create(mutation, {.name = name, .kind = kind_of(plain)});
        fill(mutation);
        current = object_->id.load().value;
    };
    race(replace, [&] {
        const ObjectId id{current};
        const auto object = view_.find(id);
        if (!object)
            return Reading::gone;
        std::string value;
        const Reading reading = CellReader{*object}.get(value);
        EXPECT_NE(reading, Reading::missing);
        if (reading == Reading::found) {
            EXPECT_TRUE(proto::Reader{value}.string().starts_with(std::to_string(id.value) + ' '));
        }
        return reading;
    });
}

}  // namespace
}  // namespace steward::shared
