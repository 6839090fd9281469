#include "shared/heap_copy.hpp"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <memory>
#include <string>

#include "shared/errors.hpp"
#include "tests/support/file_image.hpp"
#include "tests/support/temporary_folder.hpp"
#include "tests/unit/shared/domain_dump.hpp"
#include "tests/unit/shared/domain_world.hpp"

namespace steward::shared {
namespace {

class AHeapCopy : public testing::Test {
  protected:
    AHeapCopy() {
        options_.folder = folder_.path();
        options_.identity = {.number = 3, .uid = 1000};
        options_.max_heap_bytes = std::uint64_t{1} << 28;
        domain_ = Domain::create(options_, budget_);
        files_ = domain_->files();
    }

    // As if the daemon had been killed in the allocator.
    void interrupt() {
        domain_->heap().header().allocating.init(1);
        domain_.reset();
    }
    // What a start does.
    void recover() {
        ASSERT_TRUE(Domain::needs_copy(options_, files_));
        const std::string copy = Domain::new_heap_name();
        Domain::copy_heap(options_, files_, copy, budget_);
        Domain::supersede(options_.folder, files_.heap);
        files_.heap = copy;
        ASSERT_FALSE(Domain::needs_copy(options_, files_));
        attach();
    }
    void attach() { domain_ = Domain::attach(options_, files_, budget_); }
    void leave() { domain_.reset(); }

    std::string dump() { return DomainDump{*domain_}.text(); }
    std::uint64_t used_bytes() {
        while (domain_->heap().reap(64)) {
        }
        return domain_->heap().header().segment_bytes.load() - domain_->heap().usage().free_bytes;
    }
    std::size_t files_in_folder() const {
        return static_cast<std::size_t>(
            std::distance(std::filesystem::directory_iterator{folder_.path()}, std::filesystem::directory_iterator{}));
    }

    tests::TemporaryFolder folder_{"/dev/shm"};
    MemoryBudget budget_{MemoryBudget::unlimited, {}};
    DomainOptions options_;
    DomainFiles files_;
    std::unique_ptr<Domain> domain_;
};

TEST_F(AHeapCopy, OfAnEmptyHeapIsEmpty) {
    const std::string before = dump();
    interrupt();
    recover();
    EXPECT_EQ(dump(), before);
    EXPECT_EQ(files_in_folder(), 2U);
}

TEST_F(AHeapCopy, HasEverythingThatThereWas) {
    DomainWorld{*domain_}.make();
    DomainWorld{*domain_}.make_garbage();
    while (domain_->heap().reap(64)) {
    }
    const std::string before = dump();
    interrupt();
    recover();
    EXPECT_EQ(dump(), before);
}

TEST_F(AHeapCopy, CountsWhatGarbageWouldHaveCountedDown) {
    DomainWorld{*domain_}.make();
    DomainWorld{*domain_}.make_garbage();
    interrupt();
    recover();
    const std::string copied = dump();
    const std::uint64_t lists = domain_->objects().find("list")->traits.load().references;
    EXPECT_EQ(lists, 0U);
    EXPECT_FALSE(domain_->heap().header().garbage.load());
    EXPECT_EQ(domain_->objects().find("dict9")->traits.load().references, 5U + 1 + 2 + 1);
    EXPECT_EQ(domain_->objects().find("nested")->traits.load().references, 2U);
    EXPECT_EQ(domain_->objects().find("lock")->traits.load().references, 2U) << "a condition and a waiter's payload";
}

TEST_F(AHeapCopy, IsAHeapAsAnyOther) {
    const std::uint64_t empty = [&] {
        DomainWorld{*domain_}.make();
        DomainWorld{*domain_}.remove_all();
        return used_bytes();
    }();
    DomainWorld{*domain_}.make();
    DomainWorld{*domain_}.make_garbage();
    interrupt();
    recover();
    DomainWorld{*domain_}.remove_all();
    EXPECT_EQ(domain_->objects().size(), 0U);
    DomainWorld{*domain_}.make();
    const std::string again = dump();
    leave();
    attach();
    EXPECT_EQ(dump(), again);
    DomainWorld{*domain_}.remove_all();
    constexpr std::uint64_t slab_bytes = slots_per_slab * sizeof(ObjectHeader);
    const std::uint64_t more_slabs = domain_->heap().header().slabs_used.load() - 1;
    EXPECT_LE(used_bytes(), empty + more_slabs * (slab_bytes + 16));
}

TEST_F(AHeapCopy, TakesWhatAMutationLeftBack) {
    DomainWorld world{*domain_};
    world.make();
    const std::string before = dump();
    {
        Mutation mutation{domain_->heap()};
        ObjectHeader& list = *domain_->objects().find("list6000");
        mutation.change(list);
        world.sequence(list).clear(mutation);
        ObjectHeader& dict = *domain_->objects().find("dict1100");
        mutation.change(dict);
        world.dict(dict).set(mutation, packed_string("new"), world.reference_to(list));
        for (int number = 0; number < 300; ++number)
            domain_->objects().create(mutation, {.name = std::to_string(number), .kind = {.type = 6}});
        std::filesystem::copy_file(folder_.path() / files_.heap, folder_.path() / "killed.heap");
    }
    std::filesystem::rename(folder_.path() / "killed.heap", folder_.path() / files_.heap);
    leave();
    attach();
    const std::string rolled_back = dump();
    interrupt();
    recover();
    EXPECT_EQ(dump(), rolled_back);
    EXPECT_EQ(domain_->objects().find("17"), nullptr);
    EXPECT_EQ(world.reference_to(*domain_->objects().find("nested")).size(), 12U);
    EXPECT_NE(before, rolled_back) << "versions and revisions never go back";
}

TEST_F(AHeapCopy, RoundsVersionsUpThatWereLeftOdd) {
    ObjectHeader& object = DomainWorld{*domain_}.create("object", proto::ObjectType::value);
    const auto version = object.version.load();
    object.version.init(version + 1);
    interrupt();
    recover();
    EXPECT_EQ(domain_->objects().find("object")->version.load(), version + 2);
}

TEST_F(AHeapCopy, ChangesNothingInTheOldHeapButItsMark) {
    DomainWorld{*domain_}.make();
    const std::string before = dump();
    interrupt();
    for (int round = 0; round < 2; ++round) {
        Domain::copy_heap(options_, files_, "copy.heap", budget_);
        std::filesystem::remove(folder_.path() / "copy.heap");
    }
    const HeapView reader{UniqueFd{::open((folder_.path() / files_.heap).c_str(), O_RDONLY | O_CLOEXEC)},
                          options_.max_heap_bytes};
    EXPECT_FALSE(reader.superseded());
    recover();
    EXPECT_TRUE(reader.superseded());
    EXPECT_EQ(dump(), before);
}

TEST_F(AHeapCopy, KeepsWordsAsTheyAre) {
    ObjectHeader& lock = DomainWorld{*domain_}.create("lock", proto::ObjectType::lock);
    const auto line = static_cast<std::uint32_t>(lock.word_line.load());
    domain_->words().line(line).word.store(42);
    interrupt();
    recover();
    EXPECT_EQ(domain_->objects().find("lock")->word_line.load(), line);
    EXPECT_EQ(domain_->words().line(line).word.load(), 42U);
}

TEST_F(AHeapCopy, NeedsOnlyRoomForWhatIsLive) {
    DomainWorld world{*domain_};
    ObjectHeader& list = world.create("list", proto::ObjectType::list);
    for (int number = 0; number < 100; ++number)
        world.change(list, [&](Mutation& mutation) {
            world.sequence(list).push_back(mutation, packed_string(std::string(60'000, 'x')));
        });
    world.change(list, [&](Mutation& mutation) { world.sequence(list).clear(mutation); });
    const auto before = domain_->heap().usage().obtained_bytes;
    interrupt();
    recover();
    EXPECT_LT(domain_->heap().usage().obtained_bytes, before / 10);
}

TEST_F(AHeapCopy, SaysHowMuchItNeedsAndLeavesTheFilesAsTheyAre) {
    DomainWorld{*domain_}.make();
    const std::string before = dump();
    interrupt();
    options_.max_heap_bytes = std::filesystem::file_size(folder_.path() / files_.heap) - segment_begin;
    const UniqueFd file{::open((folder_.path() / files_.heap).c_str(), O_RDWR | O_CLOEXEC)};
    {
        const Words words{anonymous_file(), 4096, budget_};
        MemoryBudget small{std::uint64_t{1} << 18, {}};
        try {
            shared::copy_heap(file, anonymous_file(), {.domain = options_.identity}, words, small);
            FAIL() << "there was room";
        } catch (const NoMemory& error) {
            EXPECT_NE(std::string(error.what()).find(" bytes, needs more than there is: the memory limit"),
                      std::string::npos)
                << error.what();
        }
    }
    EXPECT_EQ(files_in_folder(), 2U);
    recover();
    EXPECT_EQ(dump(), before);
}

TEST_F(AHeapCopy, RefusesAHeapThatIsDamagedAndNeverFails) {
    DomainWorld{*domain_}.make();
    const auto used = domain_->heap().header().segment_bytes.load();
    interrupt();
    const UniqueFd file{::open((folder_.path() / files_.heap).c_str(), O_RDWR | O_CLOEXEC)};
    const auto image = tests::FileImage::of_heap(file.get());
    SeededRandom random;
    int refused = 0;
    for (int round = 0; round < 100; ++round) {
        SCOPED_TRACE(random.seed_text());
        const bool in_header = round % 4 == 0;
        const auto place =
            static_cast<off_t>(in_header ? 40 + 8 * random.below(20) : segment_begin + 8 * random.below(used / 8));
        std::uint64_t before = 0;
        ASSERT_EQ(::pread(file.get(), &before, 8, place), 8);
        const std::uint64_t choices[] = {random.below(1000),
                                         random.engine()(),
                                         before + 8,
                                         before + 16,
                                         before - 128,
                                         segment_begin + 16 * random.below(used / 16),
                                         before ^ (1ULL << random.below(64))};
        const std::uint64_t spoiled = choices[random.below(std::size(choices))];
        ASSERT_EQ(::pwrite(file.get(), &spoiled, 8, place), 8);
        try {
            Domain::copy_heap(options_, files_, "copy.heap", budget_);
            std::filesystem::remove(folder_.path() / "copy.heap");
        } catch (const DomainError&) {
            ++refused;
        } catch (const NoMemory&) {
            ++refused;
        }
        ASSERT_EQ(files_in_folder(), 2U);
        image.write_parts(file.get());  // all of it: a log that seems longer than it is has been put back
    }
    EXPECT_GT(refused, 5);
    recover();
}

}  // namespace
}  // namespace steward::shared
