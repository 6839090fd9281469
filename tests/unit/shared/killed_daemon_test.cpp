#include <fcntl.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "tests/support/sanitizers.hpp"
#include "tests/support/temporary_folder.hpp"
#include "tests/unit/shared/domain_dump.hpp"
#include "tests/unit/shared/domain_world.hpp"

namespace steward::shared {
namespace {

using Type = proto::ObjectType;

constexpr std::array names{std::pair{"list a", Type::list},   std::pair{"list b", Type::list},
                           std::pair{"dict a", Type::dict},   std::pair{"dict b", Type::dict},
                           std::pair{"queue", Type::queue},   std::pair{"value a", Type::value},
                           std::pair{"value b", Type::value}, std::pair{"set", Type::set}};

/// A value; a reference is only known to be one.
using Text = std::string;
const Text reference_text = "a reference";

/// What a domain should hold: by name, keys (or nothing) and values in their order.
struct Model {
    using Contents = std::vector<std::pair<Text, Text>>;
    std::map<std::string, Contents> objects;

    friend bool operator==(const Model&, const Model&) = default;
};

/// One operation, chosen by its number alone: the same in the model and in the domain.
class Operation {
  public:
    Operation(unsigned seed, std::uint64_t number) : random_(static_cast<unsigned>(seed + 7919 * number)) {
        const auto& [name, type] = names[random_.below(names.size())];
        name_ = name;
        type_ = type;
        verb_ = random_.below(12);
        key_ = packed_string("key" + std::to_string(random_.below(40)));
        const std::size_t size = random_.below(20) == 0 ? 20'000 : random_.below(8) == 0 ? 1500 : 60;
        text_ = random_.below(6) == 0 ? reference_text : packed_string(random_.text(size));
        where_ = random_.below(1000);
    }

    void apply(Model& model) const {
        if (verb_ == 0) {
            if (model.objects.erase(name_) == 0)
                model.objects[name_];
            return;
        }
        const auto found = model.objects.find(name_);
        if (found != model.objects.end())
            change(found->second);
    }

    void apply(Domain& domain) const {
        DomainWorld world{domain};
        ObjectHeader* object = domain.objects().find(name_);
        if (verb_ == 0 && object != nullptr)
            return world.remove(*object);
        if (verb_ == 0) {
            Mutation mutation{domain.heap()};
            ObjectTable objects = domain.objects();
            ObjectHeader& made =
                objects.create(mutation, {.name = name_, .kind = {.type = static_cast<std::uint8_t>(type_)}});
            if (type_ == Type::queue)
                world.queue(made).create(mutation, 0);
            return;
        }
        if (object != nullptr)
            world.change(*object, [&](Mutation& mutation) { change(mutation, world, *object, bytes_in(domain)); });
    }

  private:
    void change(Model::Contents& contents) const {
        const std::size_t size = contents.size();
        switch (type_) {
            case Type::value: contents = verb_ < 3 ? Model::Contents{} : Model::Contents{{"", text_}}; return;
            case Type::queue:
                if (verb_ < 7)
                    contents.emplace_back("", text_);
                else if (size > 0)
                    contents.erase(contents.begin());
                return;
            case Type::list:
                if (verb_ < 4)
                    contents.emplace_back("", text_);
                else if (verb_ < 6)
                    contents.insert(contents.begin() + static_cast<std::ptrdiff_t>(where_ % (size + 1)), {"", text_});
                else if (verb_ < 7)
                    contents.insert(contents.end(), 40, {"", text_});
                else if (verb_ == 11 && where_ < 50)
                    contents.clear();
                else if (verb_ < 9 && size > 0)
                    contents[where_ % size].second = text_;
                else if (verb_ == 10)
                    std::ranges::reverse(contents);
                else if (size > 0)
                    contents.erase(contents.begin() + static_cast<std::ptrdiff_t>(where_ % size));
                return;
            default: break;
        }
        const auto found = std::ranges::find(contents, key_, &std::pair<Text, Text>::first);
        if (verb_ == 11 && where_ < 50)
            contents.clear();
        else if (verb_ < 8 && found != contents.end())
            found->second = text_;
        else if (verb_ < 8)
            contents.emplace_back(key_, text_);
        else if (found != contents.end())
            contents.erase(found);
    }

    void change(Mutation& mutation, DomainWorld& world, ObjectHeader& object, const std::string& bytes) const {
        switch (type_) {
            case Type::value:
                return verb_ < 3 ? world.cell(object).clear(mutation) : world.cell(object).set(mutation, bytes);
            case Type::queue: return change(mutation, world.queue(object), bytes);
            case Type::list: return change(mutation, world.sequence(object), bytes);
            default: break;
        }
        Dict dict = world.dict(object);
        if (verb_ == 11 && where_ < 50)
            dict.clear(mutation);
        else if (verb_ < 8)
            dict.set(mutation, key_, bytes);
        else
            dict.erase(mutation, key_);
    }

    void change(Mutation& mutation, Queue queue, const std::string& bytes) const {
        if (verb_ < 7)
            queue.put(mutation, Queue::make_item(mutation, bytes));
        else if (!queue.empty() && verb_ < 9)
            queue.get(mutation);
        else if (!queue.empty())
            queue.done(mutation, queue.take(mutation, {1, 1}));
    }

    void change(Mutation& mutation, Sequence list, const std::string& bytes) const {
        const std::size_t size = list.size();
        if (verb_ < 4)
            list.push_back(mutation, bytes);
        else if (verb_ < 6)
            list.insert(mutation, where_ % (size + 1), bytes);
        else if (verb_ < 7)
            list.splice(mutation, size, 0, std::vector<std::string_view>(40, bytes));
        else if (verb_ == 11 && where_ < 50)
            list.clear(mutation);
        else if (verb_ < 9 && size > 0)
            list.replace(mutation, where_ % size, bytes);
        else if (verb_ == 10)
            list.rearrange(mutation, backwards(size));
        else if (size > 0)
            list.erase(mutation, where_ % size);
    }

    static std::vector<std::size_t> backwards(std::size_t size) {
        std::vector<std::size_t> order(size);
        for (std::size_t index = 0; index < size; ++index)
            order[index] = size - 1 - index;
        return order;
    }

    // A reference to some object, perhaps the same; without any to one that never was.
    std::string bytes_in(Domain& domain) const {
        if (text_ != reference_text)
            return text_;
        std::uint64_t cursor = where_ % 8;
        ObjectHeader* object = domain.objects().next(cursor);
        std::string bytes;
        proto::Writer(bytes).reference(
            {.type = Type::list, .object = object != nullptr ? object->id.load().value : 99});
        return bytes;
    }

    SeededRandom random_;
    std::string name_;
    Type type_{};
    std::size_t verb_ = 0;
    Text key_;
    Text text_;
    std::size_t where_ = 0;
};

class AKilledDaemon : public testing::Test {
  public:
    AKilledDaemon() {
        options_.folder = folder_.path();
        options_.identity = {.number = 3, .uid = 1000};
        options_.max_heap_bytes = std::uint64_t{1} << 28;
        files_ = Domain::create(options_, budget_)->files();
    }
    ~AKilledDaemon() override { ::munmap(shared_, sizeof(*shared_)); }

  protected:
    /// A daemon works from operation `first` on until it is killed. Returns how many it is known to have finished.
    std::uint64_t work_until_killed(std::uint64_t first) {
        shared_->finished = first;
        shared_->begun = false;
        const pid_t child = ::fork();
        if (child == 0) {
            const auto domain = Domain::attach(options_, files_, budget_);
            shared_->begun = true;
            for (std::uint64_t number = first;; ++number) {
                Operation{seed_, number}.apply(*domain);
                shared_->finished = number + 1;
                domain->heap().reap(random_.below(30));
            }
        }
        while (!shared_->begun)
            ::sched_yield();
        const timespec time{.tv_sec = 0, .tv_nsec = static_cast<long>(random_.below(1'500'000))};
        ::nanosleep(&time, nullptr);
        ::kill(child, SIGKILL);
        ::waitpid(child, nullptr, 0);
        return shared_->finished;
    }

    std::unique_ptr<Domain> start() {
        if (Domain::needs_copy(options_, files_)) {
            ++copies_;
            kill_a_recovery();
            const std::string copy = Domain::new_heap_name();
            Domain::copy_heap(options_, files_, copy, budget_);
            Domain::supersede(options_.folder, std::exchange(files_.heap, copy));
        }
        return Domain::attach(options_, files_, budget_);
    }

    // What it leaves is only the copy that was not finished.
    void kill_a_recovery() {
        const pid_t child = ::fork();
        if (child == 0) {
            Domain::copy_heap(options_, files_, "killed.heap", budget_);
            ::_exit(0);
        }
        const timespec time{.tv_sec = 0, .tv_nsec = static_cast<long>(random_.below(2'000'000))};
        ::nanosleep(&time, nullptr);
        ::kill(child, SIGKILL);
        ::waitpid(child, nullptr, 0);
        Domain::supersede(options_.folder, "killed.heap");
    }

    void interrupt_allocator() {
        const UniqueFd file{::open((options_.folder / files_.heap).c_str(), O_RDWR | O_CLOEXEC)};
        const std::uint64_t interrupted = 1;
        ASSERT_EQ(::pwrite(file.get(), &interrupted, sizeof(interrupted), offsetof(HeapHeader, allocating)), 8);
    }

    static Text text_of(std::string_view value) {
        return value.starts_with(proto::reference_head) ? reference_text : Text{value};
    }

    static Model model_of(Domain& domain) {
        Model model;
        DomainWorld world{domain};
        std::uint64_t cursor = 0;
        while (ObjectHeader* object = domain.objects().next(cursor)) {
            auto& contents = model.objects[std::string{domain.objects().name_of(*object)}];
            if (contents_of(*object) == Contents::cell) {
                if (const auto value = world.cell(*object).get())
                    contents.emplace_back("", text_of(*value));
            } else if (contents_of(*object) == Contents::sequence) {
                for (std::size_t index = 0; index < world.sequence(*object).size(); ++index)
                    contents.emplace_back("", text_of(world.sequence(*object).at(index)));
            } else if (contents_of(*object) == Contents::queue) {
                const Queue queue = world.queue(*object);
                for (auto item = queue.first(); item; item = queue.next(item))
                    contents.emplace_back("", text_of(queue.item(item).value()));
            } else {
                const Dict dict = world.dict(*object);
                for (auto entry = dict.first(); entry; entry = dict.next(*entry))
                    contents.emplace_back(Text{entry->key}, text_of(entry->value));
            }
        }
        return model;
    }

    /// After all garbage is freed every object knows how many references to it there are.
    static void expect_references_to_be_counted(Domain& domain) {
        while (domain.heap().reap(64)) {
        }
        std::map<std::uint64_t, std::uint32_t> counted;
        DomainWorld world{domain};
        std::uint64_t cursor = 0;
        const auto count = [&](std::string_view value) {
            proto::each_reference(value, [&](const proto::Reference& to) { ++counted[to.object]; });
        };
        while (ObjectHeader* object = domain.objects().next(cursor)) {
            if (contents_of(*object) == Contents::cell)
                count(world.cell(*object).get().value_or(""));
            if (contents_of(*object) == Contents::sequence)
                for (std::size_t index = 0; index < world.sequence(*object).size(); ++index)
                    count(world.sequence(*object).at(index));
            if (contents_of(*object) == Contents::queue)
                for (auto item = world.queue(*object).first(); item; item = world.queue(*object).next(item))
                    count(world.queue(*object).item(item).value());
            if (contents_of(*object) == Contents::dict)
                for (auto entry = world.dict(*object).first(); entry; entry = world.dict(*object).next(*entry))
                    count(entry->value);
        }
        cursor = 0;
        while (const ObjectHeader* object = domain.objects().next(cursor))
            EXPECT_EQ(object->traits.load().references, counted[object->id.load().value]);
    }

    struct Shared {
        std::atomic<std::uint64_t> finished;
        std::atomic<bool> begun;
    };

    tests::TemporaryFolder folder_{"/dev/shm"};
    MemoryBudget budget_{MemoryBudget::unlimited, {}};
    DomainOptions options_;
    DomainFiles files_;
    SeededRandom random_;
    unsigned seed_ = static_cast<unsigned>(random_.engine()());
    int copies_ = 0;
    Shared* shared_ = static_cast<Shared*>(
        ::mmap(nullptr, sizeof(Shared), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0));
};

TEST_F(AKilledDaemon, HasDoneEachOperationOrNot) {
    SCOPED_TRACE(random_.seed_text());
    constexpr int rounds = tests::is_sanitized ? 40 : 150;
    Model model;
    std::uint64_t done = 0;
    for (int round = 0; round < rounds; ++round) {
        const std::uint64_t finished = work_until_killed(done);
        if (round % 3 == 0)
            interrupt_allocator();
        for (; done < finished; ++done)
            Operation{seed_, done}.apply(model);
        const auto domain = start();
        const Model found = model_of(*domain);
        if (found != model) {
            Operation{seed_, done++}.apply(model);
            ASSERT_EQ(found.objects, model.objects) << "round " << round << ", operation " << done;
        }
        expect_references_to_be_counted(*domain);
        EXPECT_EQ(DomainDump{*domain}.text().find("another"), std::string::npos);
        EXPECT_EQ(DomainDump{*domain}.text().find("not found"), std::string::npos);
    }
    EXPECT_GE(copies_, rounds / 3);
    RecordProperty("operations", std::to_string(done));
    RecordProperty("copies", copies_);
    const auto domain = start();
    DomainWorld{*domain}.remove_all();
    while (domain->heap().reap(64)) {
    }
    const HeapHeader& header = domain->heap().header();
    constexpr std::uint64_t tables_and_allocator = 2000;
    EXPECT_LE(header.segment_bytes.load() - domain->heap().usage().free_bytes,
              header.slabs_used.load() * slots_per_slab * sizeof(ObjectHeader) + tables_and_allocator)
        << "nothing but the slots";
}

}  // namespace
}  // namespace steward::shared
