#include "proto/reader.hpp"

#include <limits>
#include <string>

#include <msgpack.hpp>

namespace steward::proto {
namespace {

/// Keeps the element that was visited and stops before an aggregate's content, unless told to walk through it.
struct ElementVisitor : msgpack::null_visitor {
    Element element;
    bool enter_aggregates = false;

    void init() {}
    bool visit_boolean(bool value) {
        element = {.kind = Element::Kind::boolean, .boolean = value};
        return true;
    }
    bool visit_nil() {
        element = {.kind = Element::Kind::nil};
        return true;
    }
    bool visit_positive_integer(std::uint64_t value) {
        element = {.kind = Element::Kind::positive, .positive = value};
        return true;
    }
    bool visit_negative_integer(std::int64_t value) {
        if (value >= 0)  // a signed encoding of a number that is not negative
            return visit_positive_integer(static_cast<std::uint64_t>(value));
        element = {.kind = Element::Kind::negative, .negative = value};
        return true;
    }
    bool visit_float32(float value) { return visit_float64(static_cast<double>(value)); }
    bool visit_float64(double value) {
        element = {.kind = Element::Kind::real, .real = value};
        return true;
    }
    bool visit_str(const char* bytes, std::uint32_t size) { return visit_bytes(Element::Kind::string, bytes, size); }
    bool visit_bin(const char* bytes, std::uint32_t size) { return visit_bytes(Element::Kind::binary, bytes, size); }
    bool visit_ext(const char* bytes, std::uint32_t size) { return visit_bytes(Element::Kind::extension, bytes, size); }
    bool visit_bytes(Element::Kind kind, const char* bytes, std::uint32_t size) {
        element = {.kind = kind, .bytes = {bytes, size}};
        return true;
    }
    bool start_array(std::uint32_t elements) {
        element = {.kind = Element::Kind::array, .size = elements};
        return enter_aggregates;
    }
    bool start_map(std::uint32_t pairs) {
        element = {.kind = Element::Kind::map, .size = pairs};
        return enter_aggregates;
    }
};

struct NoReferences {
    void operator()(char*) const {}
};

/// msgpack's parser, kept for the thread so that an element costs no allocation. Its own buffer stays unused.
class ElementParser : public msgpack::parser<ElementParser, NoReferences> {
  public:
    ElementParser() : parser(no_references_, 0) {}

    ElementVisitor& visitor() { return visitor_; }

    /// Parses what stands at `position` and moves it behind.
    const Element& parse(std::string_view bytes, std::size_t& position, bool whole) {
        visitor_.enter_aggregates = whole;
        init();
        const auto outcome = execute(bytes.data(), bytes.size(), position);
        if (outcome != msgpack::PARSE_SUCCESS && outcome != msgpack::PARSE_STOP_VISITOR)
            throw Malformed(outcome == msgpack::PARSE_CONTINUE ? "the message ends in the middle of a value"
                                                               : "the message holds a byte that MessagePack reserves");
        return visitor_.element;
    }

  private:
    NoReferences no_references_;
    ElementVisitor visitor_;
};

const Element& parse_at(std::string_view bytes, std::size_t& position, bool whole) {
    thread_local ElementParser parser;
    return parser.parse(bytes, position, whole);
}

[[noreturn]] void expected(const char* what) {
    throw Malformed(std::string("expected ") + what);
}

}  // namespace

Element Reader::next() {
    return parse_at(bytes_, position_, false);
}

Element Reader::peek() const {
    auto position = position_;
    return parse_at(bytes_, position, false);
}

bool Reader::next_is_nil() const {
    return !at_end() && peek().kind == Element::Kind::nil;
}

void Reader::nil() {
    if (next().kind != Element::Kind::nil)
        expected("nil");
}

bool Reader::boolean() {
    const auto element = next();
    if (element.kind != Element::Kind::boolean)
        expected("true or false");
    return element.boolean;
}

std::int64_t Reader::integer() {
    const auto element = next();
    if (element.kind == Element::Kind::negative)
        return element.negative;
    if (element.kind != Element::Kind::positive ||
        element.positive > static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max()))
        expected("a signed 64-bit integer");
    return static_cast<std::int64_t>(element.positive);
}

std::uint64_t Reader::unsigned_integer() {
    const auto element = next();
    if (element.kind != Element::Kind::positive)
        expected("an integer that is not negative");
    return element.positive;
}

double Reader::real() {
    const auto element = next();
    switch (element.kind) {
        case Element::Kind::real: return element.real;
        case Element::Kind::positive: return static_cast<double>(element.positive);
        case Element::Kind::negative: return static_cast<double>(element.negative);
        default: expected("a number");
    }
}

std::string_view Reader::string() {
    const auto element = next();
    if (element.kind != Element::Kind::string)
        expected("a string");
    return element.bytes;
}

std::string_view Reader::binary() {
    const auto element = next();
    if (element.kind != Element::Kind::binary)
        expected("binary data");
    return element.bytes;
}

std::size_t Reader::array() {
    const auto element = next();
    if (element.kind != Element::Kind::array)
        expected("an array");
    return element.size;
}

std::size_t Reader::map() {
    const auto element = next();
    if (element.kind != Element::Kind::map)
        expected("a map");
    return element.size;
}

Packed Reader::packed() {
    const auto begin = position_;
    parse_at(bytes_, position_, true);
    return {bytes_.substr(begin, position_ - begin)};
}

}  // namespace steward::proto
