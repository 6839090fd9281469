// Any bytes as values: what is said of them without decoding them comes to an end and fits together, what cannot be
// unpacked is refused, and what is unpacked can be packed and is the same.

#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <memory>
#include <string>
#include <string_view>

#include "client/src/packed_any.hpp"
#include "client/src/result_shape.hpp"
#include "daemon/element.hpp"
#include "proto/errors.hpp"
#include "proto/plain.hpp"
#include "proto/reader.hpp"
#include "proto/reference.hpp"
#include "proto/value.hpp"
#include "tests/fuzz/input.hpp"

namespace {

using namespace steward;

constexpr std::string_view typecodes = "bBhHiIqQfd";
const std::shared_ptr<detail::Client> nobody;  // of values that refer to nothing

void expect(bool holds) {
    if (!holds)
        std::abort();
}

template <class F>
void or_refuse(F&& act) {
    try {
        act();
    } catch (const proto::Malformed&) {
    } catch (const proto::Refusal&) {
    } catch (const Error&) {
    }
}

void look_at(std::string_view bytes) {
    proto::is_key(bytes);
    proto::kind_name(bytes);
    proto::hash_key(bytes, 1);
    proto::plain_integer(bytes);
    proto::plain_real(bytes);
    proto::plain_boolean(bytes);
    proto::plain_string(bytes);
    or_refuse([=] { proto::each_reference(bytes, [](const proto::Reference&) {}); });
    or_refuse([=] { detail::unpack(nobody, {bytes}); });
    for (const auto shape : {detail::ResultShape::first, detail::ResultShape::found})
        or_refuse([=] { detail::value_in(nobody, {bytes}, shape); });
}

void compare(std::string_view left, std::string_view right) {
    expect(proto::equal(left, right) == proto::equal(right, left));
    if (proto::is_key(left) && proto::is_key(right) && proto::equal(left, right))
        expect(proto::hash_key(left, 5) == proto::hash_key(right, 5));
    const auto order = proto::compare(left, right);
    const auto back = proto::compare(right, left);
    expect((order == proto::Order::less) == (back == proto::Order::greater));
    expect((order == proto::Order::equal) == (back == proto::Order::equal));
    const auto sum = proto::add(left, right);
    expect(sum.fault != proto::SumFault::none || !sum.value.empty());
}

void pack_again(std::string_view value) {
    or_refuse([=] {
        const auto any = detail::unpack(nobody, {value});
        const detail::PackedAny packed(nobody, any);
        const std::string once(proto::Packed(packed).bytes);
        const detail::PackedAny again(nobody, detail::unpack(nobody, {once}));
        expect(proto::Packed(again).bytes == once);
    });
}

void keep_in_array(std::string_view value) {
    for (const char typecode : typecodes)
        or_refuse([=] {
            std::string bytes;
            daemon::append_bytes(bytes, typecode, {value}, "an array");
            std::string packed;
            daemon::append_packed(packed, typecode, std::as_bytes(std::span(bytes)));
            expect(!packed.empty());
        });
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
    const std::string_view all(reinterpret_cast<const char*>(bytes), size);
    look_at(all);
    or_refuse([=] {
        proto::Reader reader(all);
        std::string_view before = proto::packed_nil.bytes;
        while (!reader.at_end()) {
            const auto value = reader.packed().bytes;
            look_at(value);
            compare(value, before);
            expect(proto::equal(value, value));
            pack_again(value);
            keep_in_array(value);
            before = value;
        }
    });
    return 0;
}
