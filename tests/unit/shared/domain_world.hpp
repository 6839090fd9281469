#pragma once

#include <array>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "proto/object_type.hpp"
#include "proto/reference.hpp"
#include "proto/writer.hpp"
#include "shared/abandonment.hpp"
#include "shared/cell.hpp"
#include "shared/dict.hpp"
#include "shared/domain.hpp"
#include "shared/line.hpp"
#include "shared/object_state.hpp"
#include "shared/queue.hpp"
#include "shared/references.hpp"
#include "shared/sequence.hpp"
#include "shared/statistics.hpp"
#include "shared/typed_array.hpp"
#include "tests/unit/shared/heap_fixture.hpp"

namespace steward::shared {

/// Fills a domain with objects of every type in many shapes, with lines, holders and whatever else a heap can hold, and
/// removes them again.
class DomainWorld {
  public:
    using Type = proto::ObjectType;

    explicit DomainWorld(Domain& domain) : domain_(domain), heap_(domain.heap()) {}

    void make() {
        locks();
        containers();
        queues();
        lines();
        references();
        sessions();
    }

    /// Garbage that has not been freed, some of which counts references; free slots.
    void make_garbage() {
        for (int number = 0; number < 200; ++number)
            create("gone" + std::to_string(number), Type::value);
        const std::string value = reference_to(*domain_.objects().find("list")) + packed_string(std::string(500, 'g'));
        for (int number = 0; number < 200; ++number) {
            ObjectHeader& gone = *domain_.objects().find("gone" + std::to_string(number));
            change(gone, [&](Mutation& mutation) { cell(gone).set(mutation, value.substr(0, 12)); });
            change(gone, [&](Mutation& mutation) { cell(gone).set(mutation, value.substr(12)); });
            if (number % 3 != 0)
                remove(gone);
        }
        for (int number = 0; number < 100; ++number)
            create("gone event" + std::to_string(number), Type::event);
        for (int number = 0; number < 100; ++number)
            remove(*domain_.objects().find("gone event" + std::to_string(number)));
    }

    void remove_all() {
        std::uint64_t cursor = 0;
        while (ObjectHeader* object = domain_.objects().next(cursor))
            remove(*object);
        Mutation mutation{heap_};
        while (const auto record = domain_.sessions().first())
            domain_.sessions().erase(mutation, record);
    }

    /// What the daemon does when an object is removed.
    void remove(ObjectHeader& object) {
        change(object, [&](Mutation& mutation) {
            Line{heap_, object}.clear(mutation);
            discard_contents(mutation, object);
            if (const ObjectId other = referred_by_state(object); other.value != 0)
                drop_reference(mutation, other);
            forget_abandonment(mutation, object);
            forget_statistics(mutation, object);
            domain_.objects().remove(mutation, object);
        });
    }

    ObjectHeader& create(std::string_view name, Type type) {
        Mutation mutation{heap_};
        ObjectTable objects = domain_.objects();
        return objects.create(mutation, {.name = name,
                                         .kind = {.type = static_cast<std::uint8_t>(type), .mode = 0640, .gid = 7},
                                         .options = static_cast<std::uint32_t>(name.size())});
    }

    void change(ObjectHeader& object, auto act) {
        Mutation mutation{heap_};
        mutation.change(object);
        act(mutation);
    }

    static std::string reference_to(const ObjectHeader& object) {
        std::string bytes;
        proto::Writer(bytes).reference(
            {.type = static_cast<Type>(object.kind.load().type), .object = object.id.load().value});
        return bytes;
    }

    Cell cell(ObjectHeader& object) { return {heap_, object.state_as<CellState>()}; }
    Dict dict(ObjectHeader& object) { return {heap_, object.state_as<DictState>()}; }
    Sequence sequence(ObjectHeader& object) { return {heap_, object.state_as<SequenceState>()}; }
    Queue queue(ObjectHeader& object) { return {heap_, object.state_as<QueueState>()}; }
    TypedArray array(ObjectHeader& object) { return {heap_, object.state_as<TypedArrayState>()}; }

  private:
    void discard_contents(Mutation& mutation, ObjectHeader& object) {
        switch (contents_of(object)) {
            case Contents::numbers: return;
            case Contents::cell: return cell(object).clear(mutation);
            case Contents::sequence: return sequence(object).clear(mutation);
            case Contents::dict: return dict(object).clear(mutation);
            case Contents::elements: return array(object).clear(mutation);
            case Contents::queue: return queue(object).discard(mutation);
            case Contents::holdings: return Holdings{heap_, object.state_as<HoldingsState>()}.clear(mutation);
            case Contents::holdings_behind:
                return Holdings{heap_, object.state_as<HoldingsBehind>().holdings}.clear(mutation);
        }
    }

    void locks() {
        ObjectHeader& lock = create("lock", Type::lock);
        change(lock, [&](Mutation& mutation) {
            record_abandonment(mutation, lock, {{12, 1000}, 5, 6, "a command that died"});
            mutation.store(lock.state[0], 77);
            mutation.store(lock.operations, 3);
        });
        create("rlock", Type::rlock);
        create("event", Type::event);
        create("", Type::rlock);
        create("", Type::process);
        ObjectHeader& barrier = create("barrier", Type::barrier);
        change(barrier, [&](Mutation& mutation) { mutation.store(barrier.state[0], 4096); });
        for (const Type type : {Type::semaphore, Type::bounded_semaphore, Type::rwlock}) {
            ObjectHeader& held = create(proto::to_string(type), type);
            auto& state =
                type == Type::rwlock ? held.state_as<HoldingsBehind>().holdings : held.state_as<HoldingsState>();
            change(held, [&](Mutation& mutation) {
                for (std::uint32_t agent = 1; agent <= 20; ++agent)
                    Holdings{heap_, state}.add(mutation, {agent, agent % 3}, agent, 100 + agent, agent);
                EXPECT_TRUE((Holdings{heap_, state}.take(mutation, {4, 1}, 4)));
            });
        }
        ObjectHeader& condition = create("condition", Type::condition);
        change(condition, [&](Mutation& mutation) {
            mutation.store(condition.state_as<ReferringState>().object, lock.id.load());
            add_reference(mutation, lock.id.load());
        });
    }

    void containers() {
        for (const std::size_t size : {0U, 1U, 9U, 700U, 1100U, 6000U}) {
            ObjectHeader& list = create("list" + (size == 0 ? "" : std::to_string(size)), Type::list);
            fill_list(list, size);
            ObjectHeader& dict = create("dict" + std::to_string(size), Type::dict);
            fill_dict(dict, size);
        }
        ObjectHeader& names = create("namespace", Type::name_space);
        fill_dict(names, 5);
        ObjectHeader& set = create("set", Type::set);
        fill_dict(set, 17);
        ObjectHeader& value = create("value", Type::value);
        change(value, [&](Mutation& mutation) { cell(value).set(mutation, packed_string(std::string(60'000, 'v'))); });
        create("empty value", Type::value);
        for (const auto& [typecode, length] :
             {std::pair{'b', 0U}, {'B', 3U}, {'h', 7U}, {'d', 1000U}, {'q', 30'000U}}) {
            ObjectHeader& numbers = create(std::string("array ") + typecode, Type::array);
            std::vector<std::byte> bytes(length * element_bytes(typecode));
            for (std::size_t index = 0; index < bytes.size(); ++index)
                bytes[index] = static_cast<std::byte>(index * 7);
            change(numbers, [&, code = typecode, count = length](Mutation& mutation) {
                array(numbers).make(mutation, code, count, bytes);
            });
        }
    }

    // Its ring begins in the middle, and its end has come around.
    void fill_list(ObjectHeader& list, std::size_t size) {
        change(list, [&](Mutation& mutation) {
            for (std::size_t number = 0; number < size; ++number) {
                const std::string value = packed_string(std::string(number % 50, 'i') + std::to_string(number));
                if (number % 3 == 0)
                    sequence(list).push_front(mutation, value);
                else
                    sequence(list).push_back(mutation, value);
            }
        });
    }

    void fill_dict(ObjectHeader& object, std::size_t size) {
        for (std::size_t number = 0; number < size; ++number)
            change(object, [&](Mutation& mutation) {
                dict(object).set(mutation, packed_string("key" + std::to_string(number)),
                                 packed_string(std::string(number % 90, 'e')));
            });
        for (std::size_t number = 0; number < size; number += 5)
            change(object, [&](Mutation& mutation) {
                dict(object).set(mutation, packed_string("key" + std::to_string(number)), packed_string("replaced"));
            });
    }

    void queues() {
        for (const std::size_t size : {0U, 1U, 40U}) {
            ObjectHeader& object = create("queue" + std::to_string(size), Type::queue);
            change(object, [&](Mutation& mutation) {
                queue(object).create(mutation, size);
                for (std::size_t number = 0; number < size; ++number)
                    queue(object).put(mutation, Queue::make_item(mutation, packed_string(std::to_string(number))));
                for (std::uint32_t taker = 1; taker <= size / 4; ++taker)
                    queue(object).take(mutation, {taker, 1});
            });
        }
    }

    // One request waits in three lines; others bring something, or came by a condition.
    void lines() {
        std::vector<Offset<Waiter>> hands;
        std::vector<ObjectHeader*> objects;
        for (const char* name : {"lock", "rlock", "semaphore", "queue1"})
            objects.push_back(domain_.objects().find(name));
        Mutation mutation{heap_};
        for (ObjectHeader* object : objects) {
            mutation.change(*object);
            note_wait(mutation, *object);
            note_waited(heap_, *object, 5000);
            note_held(heap_, *object, 70'000, 64);
            Line waiting{heap_, *object};
            for (std::uint64_t ticket = 1; ticket <= 3; ++ticket)
                waiting.join(mutation, {.agent = {1, static_cast<std::uint32_t>(ticket)},
                                        .request = ticket,
                                        .amount = 2,
                                        .deadline_ns = 10,
                                        .since_ns = 11,
                                        .ticket = ticket,
                                        .place = 12,
                                        .want = 1,
                                        .index = 13,
                                        .by_word = true,
                                        .condition = objects[0]->id.load()});
            hands.push_back(waiting.join(mutation, {.agent = {2, 2}, .mode = WaitMode::all}, waiting.last()));
        }
        Line::join_hands(mutation, std::span{hands}.first(3));
        Line{heap_, *objects[3]}.join(
            mutation, {.agent = {3, 3}, .payload = Queue::make_item(mutation, reference_to(*objects[0]))});
        Line{heap_, *objects[3]}.join(
            mutation, {.agent = {3, 4}, .payload = Queue::make_item(mutation, packed_string("brought"))});
    }

    // In every kind of block that can hold them, to each other and to what is gone.
    void references() {
        ObjectHeader& nested = create("nested", Type::list);
        ObjectHeader& target = *domain_.objects().find("dict9");
        ObjectHeader& gone = create("to be removed", Type::value);
        const std::string to_gone = reference_to(gone);
        const std::string to_target = reference_to(target);
        change(nested, [&](Mutation& mutation) {
            for (int number = 0; number < 10; ++number)
                sequence(nested).push_back(mutation, number % 2 == 0 ? to_target : to_gone);
            sequence(nested).push_back(mutation, '\x92' + to_target + reference_to(nested));
        });
        change(target, [&](Mutation& mutation) {
            dict(target).set(mutation, packed_string("back"), reference_to(nested));
            dict(target).set(mutation, to_target, to_target);
        });
        ObjectHeader& waiting = *domain_.objects().find("queue40");
        change(waiting,
               [&](Mutation& mutation) { queue(waiting).put(mutation, Queue::make_item(mutation, to_target)); });
        remove(gone);
    }

    void sessions() {
        Mutation mutation{heap_};
        for (std::uint64_t number = 1; number <= 30; ++number)
            domain_.sessions().add(mutation, {.number = number,
                                              .process = {static_cast<std::uint32_t>(number), 1000},
                                              .start_time = 99,
                                              .command = "session " + std::to_string(number)});
        domain_.raise_token_floor(mutation, 123);
        domain_.raise_session_floor(mutation, 30);
    }

    Domain& domain_;
    Heap& heap_;
};

}  // namespace steward::shared
