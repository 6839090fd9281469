#include "tests/in_process/changing_requests.hpp"

#include <unistd.h>

#include <algorithm>

#include "proto/frame_buffer.hpp"

namespace steward::daemon::changing_requests {
namespace {

using proto::Packed;

constexpr std::string_view zero("\x00", 1);
constexpr std::string_view two = "\x02";
constexpr std::string_view key = "\xa1k";

std::uint64_t dict_of(Client& by) {
    const auto dict = by.call(proto::dict::Open{.open = {.name = "dict"}}).object;
    by.call(proto::dict::Set{.object = dict, .key = {key}, .value = {one}});
    return dict;
}
std::uint64_t set_of(Client& by) {
    return by.call(proto::set::Open{.open = {.name = "set"}, .initial = {{one}, {two}}}).object;
}
std::uint64_t namespace_of(Client& by) {
    const auto made = by.call(proto::name_space::Open{.open = {.name = "namespace"}}).object;
    by.call(proto::name_space::Set{.object = made, .attribute = "k", .value = {one}});
    return made;
}
std::uint64_t value_of(Client& by) {
    return by.call(proto::value::Open{.open = {.name = "value"}, .initial = {one}}).object;
}
std::uint64_t array_of(Client& by) {
    return by.call(proto::array::Open{.open = {.name = "array"}, .length = 3, .typecode = "q"}).object;
}
std::uint64_t queue_of(Client& by) {
    const auto queue = by.call(proto::queue::Open{.open = {.name = "queue"}}).object;
    by.call(proto::queue::Put{.object = queue, .value = {one}});
    by.call(proto::queue::Put{.object = queue, .value = {two}});
    return queue;
}
std::uint64_t lock_of(Client& by) {
    return by.call(proto::lock::Open{.open = {.name = "lock"}}).object;
}
std::uint64_t rlock_of(Client& by) {
    return by.call(proto::rlock::Open{.open = {.name = "rlock"}}).object;
}
std::uint64_t rwlock_of(Client& by) {
    return by.call(proto::rwlock::Open{.open = {.name = "rwlock"}}).object;
}
std::uint64_t semaphore_of(Client& by) {
    return by.call(proto::semaphore::Open{.open = {.name = "semaphore"}, .permits = 3}).object;
}
std::uint64_t bounded_of(Client& by) {
    return by.call(proto::bounded_semaphore::Open{.open = {.name = "bounded"}, .permits = 3}).object;
}
std::uint64_t event_of(Client& by) {
    return by.call(proto::event::Open{.open = {.name = "event"}}).object;
}
std::uint64_t barrier_of(Client& by, std::int64_t parties = 2) {
    return by.call(proto::barrier::Open{.open = {.name = "barrier"}, .parties = parties}).object;
}
std::uint64_t taken_of(Client& by, std::uint64_t queue) {
    return by.call(proto::queue::Take{.object = queue, .thread = 1}).item;
}

/// The same object, for which a request of the same session waits.
template <class F, proto::Message M>
auto with_waiter(F object_of, M wait) {
    return [=](Client& by) {
        auto filled = wait;
        filled.object = object_of(by);
        by.dispatch(frame_of(filled, its_number - 1));
        return filled.object;
    };
}

template <proto::Message M>
Request opening(M message) {
    return {M::method, [=](Client&) { return frame_of(message); }};
}

const proto::Open new_one{.name = "new", .open_mode = proto::OpenMode::create_only};

/// More than the undo log has room for in the beginning.
const std::string& many_keys() {
    static const std::string packed = [] {
        std::string all;
        for (std::uint32_t i = 0; i < 3000; ++i)
            proto::Writer(all).unsigned_integer(0x10000 + i);
        return all;
    }();
    return packed;
}
proto::dict::Update update_of_many(std::uint64_t dict) {
    constexpr std::size_t key_bytes = 5;
    proto::dict::Update update{.object = dict};
    for (std::size_t at = 0; at < many_keys().size(); at += key_bytes)
        update.items.emplace_back(Packed{std::string_view(many_keys()).substr(at, key_bytes)}, Packed{one});
    return update;
}

std::vector<Request> of_containers() {
    namespace list = proto::list;
    namespace dict = proto::dict;
    namespace set = proto::set;
    namespace name_space = proto::name_space;
    namespace value = proto::value;
    namespace array = proto::array;
    return {
        opening(list::Open{.open = new_one, .initial = {{one}}}),
        request(list_of, list::Append{.value = {one}}),
        request(list_of, list::Extend{.values = {{one}, {two}}}),
        request(list_of, list::Insert{.index = 1, .value = {one}}),
        request(list_of, list::Pop{}),
        request(list_of, list::Remove{.value = {two}}),
        request(list_of, list::Reverse{}),
        request(list_of, list::Sort{}),
        request(list_of, list::Clear{}),
        request(list_of, list::Set{.index = 0, .value = {one}}),
        request(list_of, list::Erase{.index = 0}),
        request(list_of, list::SetSlice{.start = 0, .stop = 1, .values = {{one}, {one}}}),
        request(list_of, list::EraseSlice{.start = 0, .stop = 1}),
        request(list_of, list::Repeat{.times = 2}),
        request(list_of, list::CompareExchange{.index = 0, .expected = {two}, .desired = {one}}),
        opening(dict::Open{.open = new_one}),
        request(dict_of, dict::Set{.key = {key}, .value = {two}}),
        request(dict_of, dict::Erase{.key = {key}}),
        request(dict_of, dict::Pop{.key = {key}}),
        request(dict_of, dict::PopItem{}),
        request(dict_of, dict::SetDefault{.key = {two}, .value = {two}}),
        request(dict_of, dict::Update{.items = {{Packed{two}, Packed{two}}}}),
        request(dict_of, dict::Clear{}),
        {dict::Update::method, [](Client& by) { return frame_of(update_of_many(dict_of(by))); }, false, "_of_many"},
        request(dict_of, dict::Increment{.key = {key}, .by = {one}}),
        request(dict_of, dict::CompareExchange{.key = {key}, .expected = {one}, .desired = {two}}),
        request(dict_of, dict::SetIfVersion{.key = {two}, .value = {two}}),
        opening(set::Open{.open = new_one}),
        request(set_of, set::Add{.value = {key}}),
        request(set_of, set::Discard{.value = {one}}),
        request(set_of, set::Remove{.value = {one}}),
        request(set_of, set::Pop{}),
        request(set_of, set::Update{.values = {{key}}}),
        request(set_of, set::Clear{}),
        opening(name_space::Open{.open = new_one}),
        request(namespace_of, name_space::Set{.attribute = "n", .value = {two}}),
        request(namespace_of, name_space::Erase{.attribute = "k"}),
        request(namespace_of, name_space::CompareExchange{.attribute = "k", .expected = {one}, .desired = {two}}),
        opening(value::Open{.open = new_one}),
        request(value_of, value::Set{.value = {two}}),
        request(value_of, value::CompareExchange{.expected = {one}, .desired = {two}}),
        request(value_of, value::FetchAdd{.by = {one}}),
        opening(array::Open{.open = new_one, .length = 3}),
        request(array_of, array::Set{.index = 0, .value = {one}}),
        request(array_of, array::SetSlice{.start = 0, .stop = 1, .values = {{one}}}),
        request(array_of, array::Fill{.value = {one}}),
        request(array_of, array::FetchAdd{.index = 0, .by = {one}}),
        request(array_of, array::CompareExchange{.index = 0, .expected = {zero}, .desired = {two}}),
        {proto::transaction::Commit::method,
         [](Client& by) {
             std::string params;
             proto::Writer writer(params);
             proto::encode(writer, list::Append{.object = list_of(by), .value = {one}});
             return frame_of(proto::transaction::Commit{.operations = {{.method = "list.append", .params = {params}}}});
         }},
    };
}

std::vector<Request> of_locks() {
    const auto held = [](auto open, auto acquire) {
        return [=](Client& by) {
            auto message = acquire;
            message.object = open(by);
            by.call(message);
            return message.object;
        };
    };
    return {
        opening(proto::lock::Open{.open = new_one}),
        request(lock_of, proto::lock::Acquire{.thread = 1}, true),
        request(held(lock_of, proto::lock::Acquire{.thread = 1}), proto::lock::Release{.thread = 1}),
        opening(proto::rlock::Open{.open = new_one}),
        request(rlock_of, proto::rlock::Acquire{.thread = 1}, true),
        request(held(rlock_of, proto::rlock::Acquire{.thread = 1}), proto::rlock::Release{.thread = 1}),
        opening(proto::rwlock::Open{.open = new_one}),
        request(rwlock_of, proto::rwlock::Acquire{.thread = 1}, true),
        request(held(rwlock_of, proto::rwlock::Acquire{.thread = 1}), proto::rwlock::Release{.thread = 1}),
        request(rwlock_of, proto::rwlock::AcquireShared{.thread = 1}),
        request(held(rwlock_of, proto::rwlock::AcquireShared{.thread = 1}), proto::rwlock::ReleaseShared{.thread = 1}),
        opening(proto::semaphore::Open{.open = new_one, .permits = 1}),
        request(semaphore_of, proto::semaphore::Acquire{.thread = 1}),
        request(semaphore_of, proto::semaphore::Release{.thread = 1}),
        opening(proto::bounded_semaphore::Open{.open = new_one, .permits = 1}),
        request(bounded_of, proto::bounded_semaphore::Acquire{.thread = 1}),
        request(held(bounded_of, proto::bounded_semaphore::Acquire{.thread = 1}),
                proto::bounded_semaphore::Release{.thread = 1}),
        opening(proto::event::Open{.open = new_one}),
        request(event_of, proto::event::Set{}),
        request(event_of, proto::event::Clear{}),
        {proto::event::Wait::method,
         [](Client& by) {
             const auto event = by.call(proto::event::Open{.open = {.name = "event"}, .auto_reset = true}).object;
             by.call(proto::event::Set{.object = event});
             return frame_of(proto::event::Wait{.object = event, .thread = 1});
         }},
        request(with_waiter(event_of, proto::event::Wait{.thread = 2}), proto::event::Set{}, false,
                "_that_is_waited_for"),
        request(with_waiter([](Client& by) { return barrier_of(by); }, proto::barrier::Wait{.thread = 2}),
                proto::barrier::Wait{.thread = 1}, false, "_that_is_waited_for"),
        request(with_waiter(held(lock_of, proto::lock::Acquire{.thread = 1}), proto::lock::Acquire{.thread = 2}),
                proto::lock::Release{.thread = 1}, false, "_that_is_waited_for"),
        opening(proto::barrier::Open{.open = new_one, .parties = 2}),
        request([](Client& by) { return barrier_of(by, 1); }, proto::barrier::Wait{.thread = 1}),
        request([](Client& by) { return barrier_of(by); }, proto::barrier::Abort{}),
        request([](Client& by) { return barrier_of(by); }, proto::barrier::Reset{}),
        request(with_waiter([](Client& by) { return barrier_of(by); }, proto::barrier::Wait{.thread = 2}),
                proto::barrier::Abort{}, false, "_that_is_waited_for"),
        request(with_waiter([](Client& by) { return barrier_of(by); }, proto::barrier::Wait{.thread = 2}),
                proto::barrier::Reset{}, false, "_that_is_waited_for"),
        {proto::session::Cancel::method,
         [](Client& by) {
             const auto barrier = barrier_of(by, 3);
             by.dispatch(frame_of(proto::barrier::Wait{.object = barrier, .thread = 2}, its_number - 2));
             by.dispatch(frame_of(proto::barrier::Wait{.object = barrier, .thread = 3}, its_number - 1));
             return frame_of(proto::session::Cancel{.request = its_number - 1});
         },
         true, "_of_one_of_two_at_a_barrier"},
        opening(proto::condition::Open{.open = new_one}),
        {proto::condition::Wait::method,
         [](Client& by) {
             const auto made = by.call(proto::condition::Open{.open = {.name = "condition"}});
             by.call(proto::rlock::Acquire{.object = made.lock, .thread = 1});
             return frame_of(proto::condition::Wait{.object = made.object, .thread = 1, .timeout_ns = 0});
         },
         true, "", true},
        request(condition_of, proto::condition::Notify{.thread = 1, .count = 1}),
        request(condition_of, proto::condition::NotifyAll{.thread = 1}),
    };
}

std::vector<Request> of_others() {
    const auto parts = [](Client& by) {
        return std::vector<proto::object::Part>{{.object = lock_of(by)}, {.object = semaphore_of(by)}};
    };
    return {
        opening(proto::queue::Open{.open = new_one}),
        request(queue_of, proto::queue::Put{.value = {one}, .thread = 1}),
        request(with_waiter([](Client& by) { return by.call(proto::queue::Open{.open = {.name = "queue"}}).object; },
                            proto::queue::Get{.thread = 2}),
                proto::queue::Put{.value = {one}, .thread = 1}, false, "_that_is_waited_for"),
        request(queue_of, proto::queue::Get{.thread = 1}),
        request(queue_of, proto::queue::Take{.thread = 1}),
        {proto::queue::Done::method,
         [](Client& by) {
             const auto queue = queue_of(by);
             return frame_of(proto::queue::Done{.object = queue, .item = taken_of(by, queue)});
         }},
        {proto::queue::GiveBack::method,
         [](Client& by) {
             const auto queue = queue_of(by);
             return frame_of(proto::queue::GiveBack{.object = queue, .item = taken_of(by, queue)});
         }},
        request(queue_of, proto::queue::TaskDone{}),
        request([](Client& by) { return by.call(proto::queue::Open{.open = {.name = "queue"}}).object; },
                proto::queue::Join{.thread = 1}),
        {proto::process::Open::method, [](Client&) { return frame_of(proto::process::Open{.pid = ::getpid()}); }},
        {proto::object::Remove::method,
         [](Client& by) {
             lock_of(by);
             return frame_of(proto::object::Remove{.name = "lock"});
         }},
        {proto::object::Break::method,
         [](Client& by) {
             by.call(proto::lock::Acquire{.object = lock_of(by), .thread = 1});
             return frame_of(proto::object::Break{.name = "lock"});
         },
         true},
        {proto::object::WaitAny::method,
         [](Client& by) {
             return frame_of(proto::object::WaitAny{.objects = {event_of(by), lock_of(by)}, .thread = 1});
         },
         true},
        {proto::object::AcquireAll::method,
         [=](Client& by) { return frame_of(proto::object::AcquireAll{.parts = parts(by), .thread = 1}); }, true},
        {proto::object::ReleaseAll::method,
         [=](Client& by) {
             by.call(proto::object::AcquireAll{.parts = parts(by), .thread = 1});
             return frame_of(proto::object::ReleaseAll{.parts = parts(by), .thread = 1});
         }},
    };
}

}  // namespace

std::uint64_t list_of(Client& by) {
    return by.call(proto::list::Open{.open = {.name = "list"}, .initial = {{two}, {one}, {two}}}).object;
}

std::uint64_t condition_of(Client& by) {
    const auto opened = by.call(proto::condition::Open{.open = {.name = "condition"}});
    by.call(proto::rlock::Acquire{.object = opened.lock, .thread = 2});
    by.dispatch(frame_of(proto::condition::Wait{.object = opened.object, .thread = 2}, its_number - 1));
    by.call(proto::rlock::Acquire{.object = opened.lock, .thread = 1});
    return opened.object;
}

std::string named_test(const testing::TestParamInfo<Request>& request) {
    std::string name(request.param.method);
    name += request.param.suffix;
    std::ranges::replace(name, '.', '_');
    return name;
}

std::vector<Request> all() {
    std::vector<Request> requests;
    for (const auto& some : {of_containers(), of_locks(), of_others()})
        requests.insert(requests.end(), some.begin(), some.end());
    return requests;
}

std::string reply_in(const std::string& outbox) {
    proto::FrameBuffer frames;
    outbox.copy(frames.room(outbox.size()).data(), outbox.size());
    frames.received(outbox.size());
    while (const auto frame = frames.next())
        if (proto::decode_response(*frame).id == its_number)
            return std::string(*frame);
    return {};
}

std::string state_of(const Daemon& daemon) {
    std::string all;
    std::uint64_t cursor = 0;
    while (const auto object = daemon.registry.next(cursor)) {
        proto::ObjectInfo info;
        const auto& type = class_of(object->type());
        type.describe(daemon, *object, info);
        all += std::string(object->name()) + " " + std::to_string(object->id()) + " " + info.state + ", changed " +
               std::to_string(object->header->operations.load()) + " times, " + std::to_string(object->line().size()) +
               " waiting:";
        for (ValueCursor values; !values.at_end;)
            type.visit_values(*object, values, 100, [&](std::string_view value) { all.append(" ").append(value); });
        all += "\n";
    }
    return all;
}

}  // namespace steward::daemon::changing_requests
