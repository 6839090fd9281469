#include "shared/typed_array_reader.hpp"

namespace steward::shared {

namespace {

Reading read_elements(const Snapshot& snapshot, const ArrayShape& shape, std::size_t first, std::size_t count,
                      Output& output) {
    if (first > shape.length || count > shape.length - first)
        return Reading::missing;
    if (count == 0)
        return Reading::found;
    const std::size_t width = element_bytes(shape.typecode);
    const Offset<Elements> block = snapshot.state_as<TypedArrayState>().elements.load();
    const bool copied = width != 0 && snapshot.heap().at(block) != nullptr &&
                        snapshot.append(output, block.value + sizeof(Elements) + first * width, count * width);
    return copied ? Reading::found : Reading::undecided;
}

}  // namespace

Readout<ArrayShape> TypedArrayReader::shape() const {
    Readout<ArrayShape> readout;
    readout.reading = object_.read([&](const Snapshot& snapshot) {
        readout.value = snapshot.state_as<TypedArrayState>().shape.load();
        return Reading::found;
    });
    return readout;
}

Readout<ArrayShape> TypedArrayReader::elements(std::size_t first, std::size_t count, std::string& bytes) const {
    Readout<ArrayShape> readout;
    readout.reading = object_.read_into(bytes, most_copied_bytes, [&](const Snapshot& snapshot, Output& output) {
        readout.value = snapshot.state_as<TypedArrayState>().shape.load();
        return read_elements(snapshot, readout.value, first, count, output);
    });
    return readout;
}

Readout<ArrayShape> TypedArrayReader::copy(std::string& bytes, std::size_t most_bytes) const {
    Readout<ArrayShape> readout;
    readout.reading = object_.read_into(bytes, most_bytes, [&](const Snapshot& snapshot, Output& output) {
        readout.value = snapshot.state_as<TypedArrayState>().shape.load();
        return read_elements(snapshot, readout.value, 0, readout.value.length, output);
    });
    return readout;
}

}  // namespace steward::shared
