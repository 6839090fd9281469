#include "daemon/domains.hpp"

#include <gtest/gtest.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <cstddef>
#include <set>
#include <string>

#include "proto/object_type.hpp"
#include "shared/dict.hpp"
#include "tests/support/sanitizers.hpp"
#include "tests/support/temporary_folder.hpp"

namespace steward::daemon {
namespace {

constexpr uid_t alice = 1001, bob = 1002;

class TheDomains : public testing::Test {
  protected:
    DomainsSettings settings(std::uint64_t limit_bytes = std::uint64_t{64} << 20) const {
        return {.limit_bytes = limit_bytes, .record = record_folder_.path() / "memory", .folder = folder_.path()};
    }

    static void fill(shared::Domain& domain, std::size_t entries) {
        shared::Mutation mutation(domain.heap());
        auto objects = domain.objects();
        auto& object = objects.create(
            mutation, {.name = "dict", .kind = {.type = static_cast<std::uint8_t>(proto::ObjectType::dict)}});
        shared::Dict dict(domain.heap(), object.state_as<shared::DictState>());
        for (std::size_t number = 0; number < entries; ++number)
            dict.set(mutation, {std::string(1, '\xcd') + static_cast<char>(number >> 8U) + static_cast<char>(number)},
                     std::string(1, '\x07'));
    }
    static std::size_t entries_of(shared::Domain& domain) {
        auto* object = domain.objects().find("dict");
        return object == nullptr ? 0 : shared::Dict(domain.heap(), object->state_as<shared::DictState>()).size();
    }
    static void interrupt(shared::Domain& domain) { domain.heap().header().allocating.init(1); }

    /// What is in the folder, and what the record names.
    std::set<std::string> files() const {
        std::set<std::string> names;
        for (const auto& entry : std::filesystem::directory_iterator(folder_.path()))
            names.insert(entry.path().filename());
        return names;
    }
    std::set<std::string> recorded() const {
        std::set<std::string> names;
        for (const auto& domain : read_domain_record(settings().record))
            names.insert({domain.files.heap, domain.files.words});
        return names;
    }

    std::filesystem::path record_folder() const { return record_folder_.path(); }

  private:
    tests::TemporaryFolder folder_{"/dev/shm"};
    tests::TemporaryFolder record_folder_;
};

TEST_F(TheDomains, CopyAHeapWhoseAllocatorWasInterrupted) {
    {
        Domains domains(settings());
        fill(domains.of(alice), 500);
        fill(domains.of(bob), 3);
        interrupt(domains.of(alice));
    }
    const auto before = recorded();
    Domains domains(settings());
    EXPECT_EQ(domains.recovered(), std::vector{alice});
    EXPECT_TRUE(domains.unserved().empty());
    EXPECT_EQ(entries_of(domains.of(alice)), 500U);
    EXPECT_EQ(entries_of(domains.of(bob)), 3U);
    EXPECT_EQ(domains.numbered(1), &domains.of(alice));
    EXPECT_NE(recorded(), before);
    EXPECT_EQ(files(), recorded());
}

TEST_F(TheDomains, BeginAgainWhereverARecoveryWasKilled) {
    {
        Domains domains(settings());
        fill(domains.of(bob), 3);
        fill(domains.of(alice), 20'000);
    }
    // With a sanitizer a recovery takes ten times as long.
    constexpr long rounds = tests::is_sanitized ? 20 : 60;
    constexpr long later_each_time_ns = tests::is_sanitized ? 6'000'000 : 200'000;
    for (long round = 0; round < rounds; ++round) {
        {
            Domains domains(settings());
            interrupt(domains.of(alice));
        }
        const pid_t child = ::fork();
        if (child == 0) {
            const Domains domains(settings());
            ::_exit(0);
        }
        const timespec time{.tv_sec = 0, .tv_nsec = round * later_each_time_ns};
        ::nanosleep(&time, nullptr);
        ::kill(child, SIGKILL);
        ::waitpid(child, nullptr, 0);
        Domains domains(settings());
        ASSERT_EQ(entries_of(domains.of(alice)), 20'000U);
        ASSERT_EQ(entries_of(domains.of(bob)), 3U);
        ASSERT_EQ(files(), recorded()) << "round " << round;
    }
}

TEST_F(TheDomains, ServeOthersWhereThereIsNoRoomForACopy) {
    {
        Domains domains(settings());
        fill(domains.of(alice), 50);
        fill(domains.of(bob), 3);
        interrupt(domains.of(alice));
    }
    const auto before = recorded();
    {
        // No file can have as many bytes as a heap then.
        rlimit limit{};
        ::getrlimit(RLIMIT_FSIZE, &limit);
        const auto ignored = ::signal(SIGXFSZ, SIG_IGN);
        const rlimit small{.rlim_cur = 1 << 20, .rlim_max = limit.rlim_max};
        ::setrlimit(RLIMIT_FSIZE, &small);
        Domains domains(settings());
        ::setrlimit(RLIMIT_FSIZE, &limit);
        ::signal(SIGXFSZ, ignored);
        ASSERT_EQ(domains.unserved().size(), 1U);
        EXPECT_NE(domains.unserved().at(alice).find("needs more than there is"), std::string::npos);
        EXPECT_THROW(domains.of(alice), shared::NoMemory);
        EXPECT_EQ(entries_of(domains.of(bob)), 3U);
        EXPECT_EQ(domains.numbered(1), nullptr);
        EXPECT_EQ(domains.numbered(2), &domains.of(bob));
        EXPECT_EQ(domains.all().size(), 1U);
        fill(domains.of(1003), 1);
        EXPECT_EQ(domains.numbered(3), &domains.of(1003));
    }
    for (const auto& name : before)
        EXPECT_TRUE(recorded().contains(name));
    Domains domains(settings());
    EXPECT_EQ(entries_of(domains.of(alice)), 50U);
    EXPECT_EQ(entries_of(domains.of(1003)), 1U);
    EXPECT_EQ(files(), recorded());
}

TEST_F(TheDomains, RemoveWhatTheRecordSaysIsLeft) {
    {
        Domains domains(settings());
        fill(domains.of(alice), 5);
    }
    auto record = read_domain_record(settings().record);
    record[0].leftover = "left.heap";
    write_domain_record(settings().record, record);
    std::filesystem::copy_file(settings().folder / record[0].files.heap, settings().folder / "left.heap");
    Domains domains(settings());
    EXPECT_FALSE(files().contains("left.heap"));
    EXPECT_EQ(entries_of(domains.of(alice)), 5U);
}

// As where the disk of the record is full.
TEST_F(TheDomains, TakeNothingThatNoRecordNames) {
    auto unrecorded = settings();
    unrecorded.record = record_folder() / "folder" / "memory";
    Domains domains(unrecorded);
    for (int tries = 0; tries < 2; ++tries)
        EXPECT_THROW(domains.of(alice), shared::NoMemory);
    EXPECT_TRUE(files().empty());
    EXPECT_EQ(domains.budget().used_bytes(), 0U);
    std::filesystem::create_directory(record_folder() / "folder");
    fill(domains.of(alice), 3);
    EXPECT_EQ(entries_of(*Domains(unrecorded).all().front()), 3U);
}

}  // namespace
}  // namespace steward::daemon
