// Any bytes as the params and as the result of each message of the catalogue: they are refused, or what they say can be
// said again and means the same.

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "proto/codec.hpp"
#include "proto/deadlock.hpp"
#include "proto/envelope.hpp"
#include "proto/lock_order.hpp"
#include "tests/fuzz/every_message.hpp"
#include "tests/fuzz/input.hpp"

namespace {

using namespace steward;

template <class T>
std::string encoded(const T& said) {
    std::string bytes;
    proto::Writer writer(bytes);
    proto::encode(writer, said);
    return bytes;
}

/// Numbers may come in a longer form than they are sent in, so it is the second time that must be as the first.
template <class T>
void decode_as(std::string_view bytes) {
    try {
        const auto once = encoded(proto::decode_params<T>({bytes}));
        if (encoded(proto::decode_params<T>({once})) != once)
            std::abort();
    } catch (const proto::Malformed&) {
    }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
    fuzz::Input input(bytes, size);
    const auto number = input.below(fuzz::message_count + 1);
    const auto said = input.rest();
    fuzz::with_message(number, [&]<class M>(std::type_identity<M>) {
        decode_as<M>(said);
        decode_as<typename M::Result>(said);
    });
    if (number == fuzz::message_count) {  // what comes without a request
        decode_as<proto::Change>(said);
        decode_as<proto::LockOrder>(said);
        decode_as<proto::Deadlock>(said);
    }
    return 0;
}
