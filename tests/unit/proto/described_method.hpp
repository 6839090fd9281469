#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "proto/catalogue.hpp"
#include "proto/envelope.hpp"
#include "proto/message.hpp"
#include "tests/unit/proto/sample.hpp"
#include "tests/unit/proto/wire_type.hpp"

// What the methods and their structs say of themselves, as values: what is done with all of them is compiled once.
namespace steward::proto {

struct DescribedField {
    std::string_view name;
    std::string type;
    std::string_view meaning;
};

template <Described T>
std::vector<DescribedField> described_fields() {
    std::vector<DescribedField> fields;
    for_each_field<T>([&]<class Owner, class M>(const Field<Owner, M>& field) {
        fields.push_back({field.name, wire_type<M>(), field.meaning});
    });
    return fields;
}

template <Described T>
std::string encoded(const T& value) {
    std::string bytes;
    Writer writer(bytes);
    encode(writer, value);
    return bytes;
}

struct DescribedStruct {
    std::string name;  ///< as the documents call it; empty: by its fields
    std::vector<DescribedField> fields;
    std::string defaults;      ///< encoded, as are the next two
    std::string sample;        ///< with a value in each field that it has not by default
    std::string sample_again;  ///< after it was decoded
};

template <Described T>
DescribedStruct described_struct() {
    DescribedStruct described{.name = {},
                              .fields = described_fields<T>(),
                              .defaults = encoded(T{}),
                              .sample = encoded(sample<T>()),
                              .sample_again = {}};
    if constexpr (requires { WireType<T>::name(); })
        described.name = wire_type<T>();
    described.sample_again = encoded(decode_params<T>({described.sample}));
    return described;
}

struct DescribedMethod {
    static constexpr std::uint64_t id = 99;

    std::string_view method;
    std::string_view purpose;
    DescribedStruct params;
    DescribedStruct result;
    std::string request;  ///< the sample as a whole message with this id
};

template <Message M>
DescribedMethod described_method() {
    DescribedMethod described{.method = M::method,
                              .purpose = M::purpose,
                              .params = described_struct<M>(),
                              .result = described_struct<typename M::Result>(),
                              .request = {}};
    encode_request(described.request, DescribedMethod::id, sample<M>());
    return described;
}

template <Message... M>
std::vector<DescribedMethod> described_methods(MessageList<M...>) {
    std::vector<DescribedMethod> methods;
    methods.reserve(sizeof...(M));
    (methods.push_back(described_method<M>()), ...);
    return methods;
}

inline const std::vector<DescribedMethod>& described_methods() {
    static const auto methods = described_methods(Messages{});
    return methods;
}

}  // namespace steward::proto
