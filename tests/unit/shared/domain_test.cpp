#include "shared/domain.hpp"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>
#include <optional>

#include "shared/dict.hpp"
#include "tests/unit/shared/heap_fixture.hpp"

namespace steward::shared {
namespace {

class ADomain : public testing::Test {
  public:
    ADomain() {
        std::string folder = testing::TempDir() + "steward-domain-XXXXXX";
        options_.folder = ::mkdtemp(folder.data());
        options_.identity = {.number = 3, .uid = 1000};
    }
    ~ADomain() override { std::filesystem::remove_all(options_.folder); }

  protected:
    std::unique_ptr<Domain> create() { return Domain::create(options_, budget_); }
    std::unique_ptr<Domain> attach(const DomainFiles& files) { return Domain::attach(options_, files, budget_); }
    std::optional<DomainFault> fault_of(const DomainFiles& files) {
        try {
            attach(files);
        } catch (const DomainError& error) {
            return error.fault();
        }
        return std::nullopt;
    }
    std::filesystem::path heap_path(const DomainFiles& files) const { return options_.folder / files.heap; }
    static ObjectHeader& make(Domain& domain, std::string_view name, bool with_line = false) {
        Mutation mutation{domain.heap()};
        ObjectTable objects = domain.objects();
        return objects.create(mutation, {.name = name, .kind = kind_of(with_line ? proto::ObjectType::lock : plain)});
    }
    // A former daemon that is killed while `act` waits.
    template <class Act>
    DomainFiles left_by_a_killed_process(Act act) {
        DomainFiles files = create()->files();
        const pid_t child = ::fork();
        if (child == 0) {
            const auto domain = attach(files);
            act(*domain);
            ::_exit(1);
        }
        int status = 0;
        ::waitpid(child, &status, 0);
        EXPECT_TRUE(WIFSIGNALED(status));
        return files;
    }

    MemoryBudget budget_{MemoryBudget::unlimited, {}};
    DomainOptions options_;
};

TEST_F(ADomain, MakesFilesThatOnlyItsUserMayOpen) {
    const auto domain = create();
    for (const std::string& name : {domain->files().heap, domain->files().words}) {
        struct stat about {};
        ASSERT_EQ(::stat((options_.folder / name).c_str(), &about), 0);
        EXPECT_EQ(about.st_mode & 07777, 0600U);
        EXPECT_EQ(about.st_nlink, 1U);
    }
}

TEST_F(ADomain, FindsEverythingAgainAfterItWasLeft) {
    DomainFiles files;
    {
        const auto domain = create();
        files = domain->files();
        ObjectHeader& object = make(*domain, "stats", true);
        Mutation mutation{domain->heap()};
        mutation.change(object);
        Dict{domain->heap(), object.state_as<DictState>()}.set(mutation, "\x01", "\x02");
        domain->sessions().add(mutation, {.number = 4, .process = {5, 6}, .start_time = 7, .command = "demo"});
        domain->raise_token_floor(mutation, 99);
        domain->raise_session_floor(mutation, 4);
    }
    const auto domain = attach(files);
    ObjectHeader* object = domain->objects().find("stats");
    ASSERT_NE(object, nullptr);
    EXPECT_EQ((Dict{domain->heap(), object->state_as<DictState>()}.find("\x01")->value), "\x02");
    EXPECT_EQ(object->word_line.load(), 1U);
    EXPECT_EQ(domain->sessions().get(domain->sessions().first()).command, "demo");
    EXPECT_EQ(domain->token_floor(), 99U);
    EXPECT_EQ(domain->session_floor(), 4U);
    make(*domain, "more");
    EXPECT_EQ(domain->objects().size(), 2U);
}

TEST_F(ADomain, RollsBackAMutationThatWasKilled) {
    std::uint64_t used = 0;
    const auto files = left_by_a_killed_process([](Domain& domain) {
        make(domain, "object");
        Mutation mutation{domain.heap()};
        domain.raise_token_floor(mutation, 5);
        domain.objects().remove(mutation, *domain.objects().find("object"));
        for (int number = 0; number < 100; ++number)
            domain.objects().create(mutation, {.name = std::to_string(number), .kind = kind_of(plain)});
        ::raise(SIGKILL);
    });
    for (int round = 0; round < 2; ++round) {
        const auto domain = attach(files);
        EXPECT_EQ(domain->heap().header().log_length.load(), 0U);
        EXPECT_EQ(domain->token_floor(), 0U);
        EXPECT_EQ(domain->objects().size(), 1U);
        EXPECT_NE(domain->objects().find("object"), nullptr);
        EXPECT_EQ(domain->objects().find("17"), nullptr);
        while (domain->heap().reap(64)) {
        }
        const auto used_now = domain->heap().header().segment_bytes.load() - domain->heap().usage().free_bytes;
        EXPECT_LT(used_now, 12'000U) << "one slab, one name, two tables";
        EXPECT_TRUE(round == 0 || used == used_now);
        used = used_now;
    }
}

TEST_F(ADomain, RollsBackAgainWhereThatWasKilledToo) {
    const auto files = left_by_a_killed_process([](Domain& domain) {
        ObjectHeader& object = make(domain, "object");
        Mutation mutation{domain.heap()};
        mutation.change(object);
        mutation.store(object.state[0], 5);
        mutation.store(object.state[1], 6);
        object.state[1].init(0);  // as if the second word had been put back already
        ::raise(SIGKILL);
    });
    const auto domain = attach(files);
    const ObjectHeader& object = *domain->objects().find("object");
    EXPECT_EQ(object.state[0].load(), 0U);
    EXPECT_EQ(object.state[1].load(), 0U);
    EXPECT_EQ(object.version.load() % 2, 0U);
}

TEST_F(ADomain, RefusesALogThatLeadsOutOfTheHeap) {
    const auto damaged = [&](std::uint64_t where) {
        const auto domain = create();
        Heap& heap = domain->heap();
        heap.at(Offset<Field<std::uint64_t>>{log_begin})->init(where);
        heap.header().log_length.init(1);
        return domain->files();
    };
    EXPECT_EQ(fault_of(damaged(heap_header_bytes)), DomainFault::damaged);
    EXPECT_EQ(fault_of(damaged(segment_begin + 4)), DomainFault::damaged);
    EXPECT_EQ(fault_of(damaged(std::uint64_t{1} << 40)), DomainFault::damaged);
    EXPECT_EQ(fault_of(damaged(8 | 1)), DomainFault::damaged);
    EXPECT_EQ(fault_of(damaged(~std::uint64_t{0})), DomainFault::damaged);
}

TEST_F(ADomain, RefusesAHeapThatWasLeftInTheMiddleOfAnAllocation) {
    const auto files = left_by_a_killed_process([](Domain& domain) {
        domain.heap().header().allocating.init(1);
        ::raise(SIGKILL);
    });
    EXPECT_EQ(fault_of(files), DomainFault::allocation_interrupted);
}

TEST_F(ADomain, CompletesAMutationWhoseWordHadChanged) {
    const auto files = left_by_a_killed_process([](Domain& domain) {
        make(domain, "lock", true);
        Mutation mutation{domain.heap()};
        domain.raise_token_floor(mutation, 5);
        if (mutation.change_word(domain.words(), 1, 0, 7))
            ::raise(SIGKILL);
    });
    const auto domain = attach(files);
    EXPECT_EQ(domain->token_floor(), 5U);
    EXPECT_EQ(domain->words().line(1).word.load(), 7 | word_parity);
    EXPECT_EQ(domain->heap().header().intents_used.load(), 0U);
}

TEST_F(ADomain, RollsBackAMutationWhoseWordHadNotChanged) {
    const auto files = left_by_a_killed_process([](Domain& domain) {
        make(domain, "lock", true);
        Mutation mutation{domain.heap()};
        domain.raise_token_floor(mutation, 5);
        domain.heap().header().intents[0].before.init(0);
        domain.heap().header().intents[0].line.init(1);
        domain.heap().header().intents_used.init(1);
        ::raise(SIGKILL);
    });
    const auto domain = attach(files);
    EXPECT_EQ(domain->token_floor(), 0U);
    EXPECT_EQ(domain->heap().header().intents_used.load(), 0U);
}

TEST_F(ADomain, PutsWordsBackWhereTheLastOneHadNotChanged) {
    const auto files = left_by_a_killed_process([](Domain& domain) {
        make(domain, "first", true);
        make(domain, "second", true);
        auto& intents = domain.heap().header().intents;
        for (std::uint32_t line = 1; line <= 2; ++line) {
            domain.words().line(line).word.store(line);
            intents[line - 1].line.init(line);
            intents[line - 1].before.init(line);
            intents[line - 1].after.init((6 + line) | word_parity);
        }
        domain.heap().header().intents_used.init(2);
        domain.words().line(1).word.store(7 | word_parity);  // killed between the two swaps
        ::raise(SIGKILL);
    });
    const auto domain = attach(files);
    EXPECT_EQ(domain->words().line(1).word.load(), 1U);
    EXPECT_EQ(domain->words().line(2).word.load(), 2U);
    EXPECT_EQ(domain->heap().header().intents_used.load(), 0U);
}

TEST_F(ADomain, LeavesWhatClientsChangedBeforeAWordIsPutBack) {
    const auto files = left_by_a_killed_process([](Domain& domain) {
        make(domain, "permits", true);
        make(domain, "lock", true);
        auto& intents = domain.heap().header().intents;
        domain.words().line(1).word.store(5 | word_parity);
        for (std::uint32_t line = 1; line <= 2; ++line)
            intents[line - 1].line.init(line);
        intents[0].before.init(5);
        intents[0].after.init(3 | word_parity);  // two of five permits are taken
        domain.heap().header().intents_used.init(2);
        domain.words().line(1).word.store(4 | word_parity);  // and somebody has given one more
        ::raise(SIGKILL);
    });
    EXPECT_EQ(attach(files)->words().line(1).word.load(), 6U);
}

TEST_F(ADomain, RoundsVersionsUpThatWereLeftOdd) {
    const auto files = left_by_a_killed_process([](Domain& domain) {
        ObjectHeader& object = make(domain, "object");
        Mutation mutation{domain.heap()};
        mutation.change(object);
        ::raise(SIGKILL);
    });
    const auto domain = attach(files);
    EXPECT_EQ(domain->objects().find("object")->version.load(), 4U);
}

TEST_F(ADomain, RefusesFilesThatAreNotWhatItMade) {
    const DomainFiles files = create()->files();
    EXPECT_EQ(fault_of({"nothing.heap", files.words}), DomainFault::missing);
    EXPECT_EQ(fault_of({files.words, files.words}), DomainFault::not_a_heap);

    ::chmod(heap_path(files).c_str(), 0644);
    EXPECT_EQ(fault_of(files), DomainFault::not_ours);
    ::chmod(heap_path(files).c_str(), 0600);

    std::filesystem::create_hard_link(heap_path(files), options_.folder / "second name");
    EXPECT_EQ(fault_of(files), DomainFault::not_ours);
    std::filesystem::remove(options_.folder / "second name");

    std::filesystem::create_symlink(heap_path(files), options_.folder / "link.heap");
    EXPECT_EQ(fault_of({"link.heap", files.words}), DomainFault::not_ours);

    EXPECT_EQ(fault_of(files), std::nullopt);
}

TEST_F(ADomain, RefusesAHeapOfAnotherLayoutDomainOrPlace) {
    const auto spoiled = [&](auto spoil) {
        const auto domain = create();
        spoil(domain->heap().header());
        return domain->files();
    };
    EXPECT_EQ(fault_of(spoiled([](HeapHeader& header) { header.magic.init(1); })), DomainFault::not_a_heap);
    EXPECT_EQ(fault_of(spoiled([](HeapHeader& header) { header.layout.init(99); })), DomainFault::other_layout);
    EXPECT_EQ(fault_of(spoiled([](HeapHeader& header) { header.superseded.init(1); })), DomainFault::superseded);
    EXPECT_EQ(fault_of(spoiled([](HeapHeader& header) { header.domain.init({4, 1000}); })), DomainFault::not_ours);
    const DomainFiles cut = create()->files();
    std::filesystem::resize_file(heap_path(cut), 8192);
    EXPECT_EQ(fault_of(cut), DomainFault::not_a_heap);
}

TEST_F(ADomain, LeavesNoFileWhenThereIsNoMemoryForIt) {
    budget_.set_limit(100'000);
    EXPECT_THROW(create(), NoMemory);
    EXPECT_TRUE(std::filesystem::is_empty(options_.folder));
    EXPECT_EQ(budget_.used_bytes(), 0U);
}

TEST_F(ADomain, IsForgotten) {
    const DomainFiles files = create()->files();
    Domain::forget(options_.folder, files);
    Domain::forget(options_.folder, files);
    EXPECT_TRUE(std::filesystem::is_empty(options_.folder));
}

}  // namespace
}  // namespace steward::shared
