#pragma once

#include <optional>
#include <string>
#include <vector>

#include "client/cli/json.hpp"
#include "proto/message.hpp"
#include "proto/object_type.hpp"

namespace steward::cli {

/// How a field of a message is shown as JSON. The description that serves the codec serves here too: a message is an
/// object whose members are called as its fields.
template <class T>
struct AsJson {
    static Json convert(const T& value) { return value; }
};

template <class T>
Json as_json(const T& value) {
    return AsJson<T>::convert(value);
}

template <>
struct AsJson<proto::ObjectType> {
    static Json convert(proto::ObjectType type) { return std::string(proto::to_string(type)); }
};

template <class T>
struct AsJson<std::optional<T>> {
    static Json convert(const std::optional<T>& value) { return value ? as_json(*value) : Json(nullptr); }
};

template <class T>
struct AsJson<std::vector<T>> {
    static Json convert(const std::vector<T>& values) {
        auto array = Json::array();
        for (const auto& value : values)
            array.push_back(as_json(value));
        return array;
    }
};

template <proto::Described T>
struct AsJson<T> {
    static Json convert(const T& value) {
        auto object = Json::object();
        proto::for_each_field<T>(
            [&](const auto& field) { object[std::string(field.name)] = as_json(value.*field.member); });
        return object;
    }
};

}  // namespace steward::cli
