#include "daemon/dump.hpp"

#include <utility>

#include "daemon/daemon.hpp"
#include "proto/dump.hpp"
#include "proto/reference.hpp"
#include "shared/object_state.hpp"

namespace steward::daemon {
namespace {

constexpr std::size_t most_values_of_record = 1024;
constexpr std::size_t most_bytes_of_record = std::size_t{1} << 16;

/// Values on their way into records. One that is large stands alone, so that a record is not larger than the frame was
/// in which it came.
class ValuesBatch {
  public:
    ValuesBatch(std::uint64_t object, std::uint64_t first) : object_(object), first_(first) {}

    bool full() const { return count_ >= most_values_of_record || bytes_.size() >= most_bytes_of_record; }

    void add(std::string_view piece, std::size_t values, const Dump::Sink& sink) {
        if (count_ > 0 && bytes_.size() + piece.size() > most_bytes_of_record)
            flush(sink);
        bytes_ += piece;
        count_ += values;
    }

    void flush(const Dump::Sink& sink) {
        if (count_ == 0)
            return;
        std::string record;
        proto::Writer writer(record);
        writer.array(2);
        encode(writer, proto::dump::Values::kind);
        writer.array(proto::field_count<proto::dump::Values>);
        encode(writer, object_);
        encode(writer, first_);
        writer.array(count_);
        writer.packed({bytes_});
        first_ += count_;
        count_ = 0;
        bytes_.clear();
        sink(std::move(record));
    }

    /// How many values have come.
    std::uint64_t end() const { return first_ + count_; }

  private:
    std::uint64_t object_;
    std::uint64_t first_;
    std::size_t count_ = 0;
    std::string bytes_;
};

proto::dump::Object record_of(const Object& object, std::string_view state) {
    const auto kind = object.header->kind.load();
    return {.id = object.id(),
            .type = object.type(),
            .name = object.name(),
            .owner = object.owner(),
            .group = kind.gid,
            .mode = kind.mode,
            .ephemeral = object.ephemeral(),
            .state = {state}};
}

/// What has to stand before the object in the dump: the lock of a condition.
std::optional<std::uint64_t> needed_before(const Object& object) {
    if (const auto part = class_of(object.type()).part_of(object))
        return part;
    const auto referred = shared::referred_by_state(*object.header).value;
    return referred != 0 ? std::optional(referred) : std::nullopt;
}

}  // namespace

bool Dump::step(const Sink& sink) {
    if (current_)
        go_on(sink);
    else if (const auto id = next_id())
        visit(*id, sink);
    return current_ || !pending_.empty() || !at_end_;
}

std::optional<std::uint64_t> Dump::next_id() {
    if (!pending_.empty()) {
        const auto id = pending_.back();
        pending_.pop_back();
        return id;
    }
    const auto object = daemon_.registry.next(cursor_);
    at_end_ = !object;
    return object && !object->anonymous() ? std::optional(object->id()) : std::nullopt;
}

bool Dump::may_read(const Object& object) const {
    return object.type() != proto::ObjectType::process && (reader_ == nullptr || object.allows(*reader_, Access::read));
}

void Dump::visit(std::uint64_t id, const Sink& sink) {
    const auto object = daemon_.registry.find(id);
    if (!object || !may_read(*object)) {
        known_.insert(id);
        return;
    }
    if (const auto before = needed_before(*object); before && !known_.contains(*before)) {
        pending_.insert(pending_.end(), {id, *before});
        return;
    }
    if (known_.insert(id).second)
        begin(*object, 1, sink);
}

void Dump::begin(const Object& object, unsigned beginnings, const Sink& sink) {
    const auto state = class_of(object.type()).dumped_state(object);
    sink(proto::dump::packed_record(record_of(object, state)));
    current_ = {.id = object.id(), .version = object.header->version.load(), .beginnings = beginnings};
    do
        read_values(object, sink);
    while (current_ && beginnings >= most_beginnings);
}

void Dump::go_on(const Sink& sink) {
    const auto object = daemon_.registry.find(current_->id);
    if (object && object->header->version.load() == current_->version) {
        read_values(*object, sink);
        return;
    }
    const auto former = *std::exchange(current_, std::nullopt);
    sink(proto::dump::packed_record(proto::dump::Forget{.object = former.id}));
    if (object)
        begin(*object, former.beginnings + 1, sink);
}

void Dump::read_values(const Object& object, const Sink& sink) {
    ValuesBatch batch(current_->id, current_->values);
    std::string piece;
    std::size_t values = 0;
    const auto take = [&](std::string_view value) {
        piece += value;
        ++values;
    };
    while (!batch.full() && !current_->cursor.at_end) {
        piece.clear();
        values = 0;
        class_of(object.type()).visit_values(object, current_->cursor, 1, take);
        note_references(piece);
        batch.add(piece, values, sink);
    }
    batch.flush(sink);
    current_->values = batch.end();
    if (current_->cursor.at_end)
        current_.reset();
}

void Dump::note_references(std::string_view values) {
    proto::each_reference(values, [&](const proto::Reference& reference) {
        if (!known_.contains(reference.object))
            pending_.push_back(reference.object);
    });
}

}  // namespace steward::daemon
