#include <sys/mman.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <cstdint>
#include <functional>
#include <string>
#include <system_error>
#include <vector>

#include "shared/words.hpp"
#include "tests/faults/victim.hpp"
#include "tests/support/background.hpp"
#include "tests/support/environment.hpp"
#include "tests/support/handed_descriptors.hpp"
#include "tests/support/raw_client.hpp"

// A program of the user that has been handed the words writes what it likes there, or cuts their file short.
namespace steward::tests {
namespace {

using namespace std::chrono_literals;

constexpr std::uint32_t first_lines = 64;

/// How long each kind of hostility lasts: together a minute, but for $STEWARD_HOSTILE_SECONDS.
std::chrono::seconds duration() {
    return std::chrono::seconds(number_from_environment("STEWARD_HOSTILE_SECONDS", 20));
}

/// The words as a client maps them.
class MappedWords {
  public:
    explicit MappedWords(const std::string& socket)
        : client_(socket, RawClient::Begin::without_session), descriptors_(descriptors_of(client_.fd())) {
        void* memory = ::mmap(nullptr, bytes, PROT_READ | PROT_WRITE, MAP_SHARED, file(), 0);
        if (memory == MAP_FAILED)
            throw std::system_error(errno, std::generic_category(), "mapping the words");
        lines_ = static_cast<shared::WordLine*>(memory);
    }
    MappedWords(const MappedWords&) = delete;
    MappedWords& operator=(const MappedWords&) = delete;
    ~MappedWords() { ::munmap(lines_, bytes); }

    int file() const { return descriptors_.front().get(); }
    void write(std::uint32_t line, std::uint64_t value) { lines_[line].word.store(value); }

  private:
    static constexpr std::size_t bytes = first_lines * sizeof(shared::WordLine);

    RawClient client_;
    std::vector<shared::UniqueFd> descriptors_;
    shared::WordLine* lines_ = nullptr;
};

class HostileWords : public testing::Test {
  protected:
    void SetUp() override {
        if (DaemonProcess::shares_nothing())
            GTEST_SKIP() << "this run has no shared words";
    }

    /// Something writes `next()` into all words at full speed while others use what they stand for.
    void expect_others_go_on_while_written(const std::function<std::uint64_t(std::uint64_t before)>& next) {
        Manager sharing({.socket = daemon_.socket()});
        const auto lock = sharing.lock("lock");
        const auto semaphore = sharing.semaphore("semaphore", 2);
        const auto event = sharing.event("event");
        const ChildProcess hostile([&]() -> int {
            MappedWords words(daemon_.socket());
            for (std::uint64_t value = 1;; value = next(value))
                for (std::uint32_t line = 1; line < first_lines; ++line)
                    words.write(line, value);
        });
        auto dict = asking_.dict<std::string, int>("dict");
        int turns = 0;
        for (const auto end = std::chrono::steady_clock::now() + duration(); std::chrono::steady_clock::now() < end;) {
            use_words(sharing);
            dict.set("turns", ++turns);
            ASSERT_EQ(dict.at("turns"), turns) << "what has no word is not touched by it";
        }
        EXPECT_GT(turns, 10);
    }

    /// Whatever comes of it, it comes: an acquisition, a refusal.
    static void use_words(const Manager& manager) {
        std::error_code ec;
        auto lock = manager.lock("lock");
        lock.acquire_for(5ms, ec);
        lock.release(ec);
        auto semaphore = manager.semaphore("semaphore", 2);
        semaphore.try_acquire_for(5ms, ec);
        semaphore.release(ec);
        auto event = manager.event("event");
        event.set(ec);
        event.wait_for(5ms, ec);
    }

    DaemonProcess daemon_;
    Manager asking_ = Manager({.socket = daemon_.socket(), .shared_words = false});
};

TEST_F(HostileWords, OfAnyValueHarmNobodyElse) {
    expect_others_go_on_while_written([](std::uint64_t before) { return before * 6364136223846793005U + 1; });
}

TEST_F(HostileWords, OfAllOnesHarmNobodyElse) {
    expect_others_go_on_while_written([](std::uint64_t before) { return ~before; });
}

TEST_F(HostileWords, OfOtherSessionsHarmNobodyElse) {
    constexpr std::uint64_t most_sessions = 16;
    expect_others_go_on_while_written([](std::uint64_t before) {
        const auto session = (before >> 24) % most_sessions + 1;
        return session << 24 | 1;
    });
}

/// Whoever has mapped the words dies by touching what is not there any more, but for the daemon.
class WordsCutShort : public HostileWords {
  protected:
    void cut_short() {
        ChildProcess hostile([&]() -> int {
            const MappedWords words(daemon_.socket());
            return ::ftruncate(words.file(), 0);
        });
        ASSERT_EQ(hostile.wait(), 0);
    }
};

TEST_F(WordsCutShort, CostTheirUserHisWordsAndNothingElse) {
    auto lock = asking_.lock("lock");
    auto dict = asking_.dict<std::string, int>("dict");
    auto list = asking_.list<int>("list", {1, 2});
    lock.acquire();
    auto waiting = in_background([&] {
        std::error_code ec;
        Manager({.socket = daemon_.socket(), .shared_words = false}).lock("lock").acquire(ec);
        return ec;
    });
    ASSERT_TRUE(eventually([&] { return lock.info().waiters.size() == 1; }));
    cut_short();
    std::error_code ec;
    lock.release(ec);
    EXPECT_EQ(ec, errc::domain_damaged) << ec.message();
    EXPECT_EQ(waiting.get(), errc::domain_damaged) << "it would wait for ever";
    lock.acquire(ec);
    EXPECT_EQ(ec, errc::domain_damaged);
    EXPECT_THROW(asking_.semaphore("new"), Error);
    dict.set("a", 1);
    EXPECT_EQ(dict.at("a"), 1);
    EXPECT_EQ(list.size(), 2U);
    EXPECT_TRUE(asking_.remove("lock"));
    EXPECT_EQ(daemon_.terminate(), 0);
}

TEST_F(WordsCutShort, AreThereAgainWithTheNextDaemon) {
    const auto before = [&] {
        auto lock = asking_.lock("lock");
        const auto token = lock.acquire().token;
        lock.release();
        return token;
    }();
    cut_short();
    EXPECT_EQ(daemon_.terminate(), 0);
    daemon_.start();
    Manager next({.socket = daemon_.socket(), .shared_words = false});
    auto lock = next.lock("lock");
    EXPECT_GT(lock.acquire().token, before);
    lock.release();
}

}  // namespace
}  // namespace steward::tests
