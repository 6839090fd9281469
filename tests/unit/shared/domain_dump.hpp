#pragma once

#include <string>

#include "proto/object_type.hpp"
#include "shared/abandonment.hpp"
#include "shared/cell.hpp"
#include "shared/dict.hpp"
#include "shared/domain.hpp"
#include "shared/holdings.hpp"
#include "shared/line.hpp"
#include "shared/object_state.hpp"
#include "shared/paged_table.hpp"
#include "shared/queue.hpp"
#include "shared/sequence.hpp"
#include "shared/statistics.hpp"
#include "shared/typed_array.hpp"

namespace steward::shared {

/// Everything that a domain says of itself through its structures, as lines of text; no offsets. Two domains with the
/// same text are the same to everybody who uses them.
class DomainDump {
  public:
    explicit DomainDump(Domain& domain) : domain_(domain), heap_(domain.heap()) {
        header();
        sessions();
        for (std::uint64_t slot = 0; slot < heap_.header().slots_used.load(); ++slot)
            object(slot);
        free_slots("free", heap_.header().free_slots.load());
        free_slots("free with line", heap_.header().free_slots_with_line.load());
    }

    const std::string& text() const noexcept { return text_; }

  private:
    template <class... Parts>
    void line(const char* what, const Parts&... parts) {
        text_ += what;
        ((text_ += ' ', add(parts)), ...);
        text_ += '\n';
    }
    void add(std::string_view text) {
        (text_ += std::to_string(std::hash<std::string_view>{}(text)) += ':') += text.substr(0, 20);
    }
    void add(const char* text) { add(std::string_view{text}); }
    void add(std::uint64_t number) { text_ += std::to_string(number); }
    void add(Agent agent) { (text_ += std::to_string(agent.session) += '/') += std::to_string(agent.thread); }
    void add(ObjectId id) { add(id.value); }

    void header() {
        const HeapHeader& header = heap_.header();
        line("domain", header.domain.load().number, header.domain.load().uid);
        line("numbers", header.revisions.load(), header.hash_seed.load(), header.token_floor.load(),
             header.session_floor.load(), header.slots_used.load(), header.slabs_used.load(), header.objects.load(),
             header.lines_used.load(), header.name_counts.load().size, header.name_counts.load().buckets);
    }

    void sessions() {
        const SessionRecords records = domain_.sessions();
        for (auto record = records.first(); record; record = records.next(record)) {
            const SessionInfo session = records.get(record);
            line("session", session.number, session.process.pid, session.process.uid, session.start_time,
                 session.command);
        }
    }

    ObjectHeader& header_at(std::uint64_t slot) {
        const auto used = heap_.header().slabs_used.load();
        const Offset<Node> slab = PagedTable{heap_, heap_.header().slabs}.slot(slot / slots_per_slab, used).load();
        return heap_.at(offset_cast<ObjectHeader>(slab))[slot % slots_per_slab];
    }

    void object(std::uint64_t slot) {
        ObjectHeader& object = header_at(slot);
        const ObjectKind kind = object.kind.load();
        line("object", object.id.load(), kind.type, kind.flags, kind.mode, kind.gid, object.version.load(),
             object.traits.load().references, object.traits.load().options, object.operations.load(),
             object.word_line.load());
        if (kind.type == 0)
            return;
        const std::string_view name = domain_.objects().name_of(object);
        line(" name", name);
        if (!name.empty() && domain_.objects().find(name) != &object)
            line(" is not found by its name");
        if (const auto died = last_abandonment(heap_, object))
            line(" abandoned", died->process.pid, died->process.uid, died->when_ns, died->held_for_ns, died->command);
        statistics(object);
        waiters(object);
        contents(object);
    }

    void statistics(const ObjectHeader& object) {
        const Statistics* found = statistics_of(heap_, object);
        if (found == nullptr)
            return;
        line(" waited", found->waited.load(), found->wait_total_ns.load(), found->wait_longest_ns.load(),
             found->hold_total_ns.load(), found->hold_longest_ns.load());
        for (std::size_t bucket = 0; bucket < Histogram::buckets; ++bucket)
            line(" ", found->waits.at(bucket), found->holds.at(bucket));
    }

    void waiters(ObjectHeader& object) {
        const Line waiting{heap_, object};
        Offset<Waiter> before;
        for (auto waiter = waiting.first(); waiter; before = waiter, waiter = waiting.next(waiter)) {
            const Wait wait = waiting.get(waiter);
            line(" waiter", wait.agent, wait.request, wait.amount, wait.deadline_ns, wait.since_ns, wait.ticket,
                 wait.place, wait.want, static_cast<std::uint8_t>(wait.mode), wait.index, wait.notified ? 1U : 0U,
                 wait.by_word ? 1U : 0U, wait.condition, wait.object);
            if (wait.payload)
                line("  brings", heap_.at(offset_cast<QueueItem>(wait.payload))->value());
            for (auto hand = waiting.sibling(waiter); hand != waiter; hand = waiting.sibling(hand))
                line("  beside", waiting.get(hand).object, waiting.get(hand).ticket);
            if (previous_of(heap_, waiter) != before)
                line("  before it is another");
        }
        if (waiting.last() != before)
            line("  the last is another");
    }

    void contents(ObjectHeader& object) {
        switch (contents_of(object)) {
            case Contents::numbers:
                for (const auto& word : object.state)
                    line(" number", word.load());
                return;
            case Contents::cell:
                if (const auto value = Cell{heap_, object.state_as<CellState>()}.get())
                    line(" value", *value);
                return;
            case Contents::sequence: return sequence({heap_, object.state_as<SequenceState>()});
            case Contents::dict: return dict({heap_, object.state_as<DictState>()});
            case Contents::elements: return elements({heap_, object.state_as<TypedArrayState>()});
            case Contents::queue: return queue({heap_, object.state_as<QueueState>()});
            case Contents::holdings: return holdings({heap_, object.state_as<HoldingsState>()});
            case Contents::holdings_behind: return holdings({heap_, object.state_as<HoldingsBehind>().holdings});
        }
    }

    void sequence(const Sequence& sequence) {
        for (std::size_t index = 0; index < sequence.size(); ++index)
            line(" item", sequence.at(index));
    }

    void dict(const Dict& dict) {
        line(" size", dict.size());
        for (auto entry = dict.first(); entry; entry = dict.next(*entry)) {
            line(" entry", entry->key, entry->value, entry->version);
            if (const auto found = dict.find(entry->key); !found || found->place != entry->place)
                line(" is not found by its key");
        }
        for (auto entry = dict.last(); entry; entry = dict.previous(*entry))
            line(" back", entry->version);
    }

    void elements(const TypedArray& array) {
        const auto bytes = array.bytes();
        line(" elements", array.size(), array.width(),
             std::string_view{reinterpret_cast<const char*>(bytes.data()), bytes.size()});
    }

    void queue(const Queue& queue) {
        line(" queue", queue.size(), queue.taken(), queue.unfinished(), queue.max_size());
        for (auto item = queue.first(); item; item = queue.next(item))
            line(" item", queue.item(item).value());
        for (auto item = queue.first_taken(); item; item = queue.next(item))
            line(" taken", queue.item(item).value(), queue.item(item).number.load(), queue.item(item).taker.load());
    }

    void holdings(const Holdings& holdings) {
        for (auto holder = holdings.first(); holder; holder = holdings.next(holder)) {
            const Holdings::Holding held = holdings.get(holder);
            line(" holder", held.agent, held.count, held.since_ns, held.place);
        }
    }

    void free_slots(const char* which, Offset<ObjectHeader> slot) {
        for (; slot; slot = heap_.at(slot)->next_by_name.load())
            line(which, heap_.at(slot)->id.load());
    }

    Domain& domain_;
    Heap& heap_;
    std::string text_;
};

}  // namespace steward::shared
