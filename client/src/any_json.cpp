#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>

#include <steward/any.hpp>

#include "client/src/base64.hpp"
#include "client/src/utf8.hpp"

namespace steward {
namespace {

using Kind = Any::Kind;

constexpr std::string_view binary_key = "$binary";
constexpr std::string_view map_key = "$map";
constexpr std::string_view object_key = "$object";
constexpr unsigned depth_limit = 512;  // of text that is read: what keeps the stack from overflowing

/// Prints RFC 8259.
class Printer {
  public:
    std::string take() { return std::move(out_); }

    void print(const Any& any) {
        switch (any.kind()) {
            case Kind::nil: out_ += "null"; return;
            case Kind::boolean: out_ += any.boolean() ? "true" : "false"; return;
            case Kind::integer: out_ += std::to_string(any.integer()); return;
            case Kind::unsigned_integer: out_ += std::to_string(any.unsigned_integer()); return;
            case Kind::real: return real(any.real());
            case Kind::string: return string(any.string());
            case Kind::binary: return wrapped(binary_key, [&] { string(detail::to_base64(any.binary())); });
            case Kind::array: return sequence('[', any.array(), ']', [&](const Any& item) { print(item); });
            case Kind::map: return map(any.map());
            case Kind::object: return wrapped(object_key, [&] { object(any.object()); });
        }
    }

  private:
    void real(double value) {
        if (!std::isfinite(value))
            throw Error(errc::type_mismatch, "JSON has no infinity and no NaN");
        std::array<char, 32> digits{};
        const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), value).ptr;
        const std::string_view text(digits.data(), static_cast<std::size_t>(end - digits.data()));
        out_ += text;
        if (text.find_first_of(".e") == std::string_view::npos)
            out_ += ".0";  // else it would come back as an integer
    }

    void string(std::string_view text) {
        if (!detail::is_utf8(text))
            throw Error(errc::type_mismatch, "JSON has no string that is not UTF-8");
        out_ += '"';
        for (const char character : text)
            escaped(character);
        out_ += '"';
    }

    void escaped(char character) {
        constexpr std::string_view digits = "0123456789abcdef";
        constexpr std::string_view special = "\"\\\b\f\n\r\t";
        constexpr std::string_view letters = "\"\\bfnrt";
        const auto byte = static_cast<unsigned char>(character);
        if (const auto found = special.find(character); found != std::string_view::npos) {
            out_ += '\\';
            out_ += letters[found];
        } else if (byte < 0x20 || byte == 0x7f) {
            out_ += "\\u00";
            out_ += digits[byte >> 4U];
            out_ += digits[byte & 0xfU];
        } else {
            out_ += character;
        }
    }

    template <class Items, class Print>
    void sequence(char open, const Items& items, char close, Print&& print_item) {
        out_ += open;
        bool first = true;
        for (const auto& item : items) {
            if (!std::exchange(first, false))
                out_ += ',';
            print_item(item);
        }
        out_ += close;
    }

    template <class Print>
    void wrapped(std::string_view key, Print&& print_content) {
        out_ += "{\"";
        out_ += key;
        out_ += "\":";
        print_content();
        out_ += '}';
    }

    static bool is_object(const Any::Map& map) {
        const auto is_string = [](const auto& item) { return item.first.kind() == Kind::string; };
        if (!std::all_of(map.begin(), map.end(), is_string))
            return false;
        return map.size() != 1 || !has_meaning(map[0].first);
    }

    static bool has_meaning(const Any& key) {
        return key == Any(binary_key) || key == Any(map_key) || key == Any(object_key);
    }

    /// The id is a string: few readers of JSON keep integers above 2^53.
    void object(const Reference& reference) {
        map({{"type", to_string(reference.type())}, {"id", std::to_string(reference.id())}});
    }

    void map(const Any::Map& map) {
        if (is_object(map))
            return sequence('{', map, '}', [&](const auto& item) {
                print(item.first);
                out_ += ':';
                print(item.second);
            });
        wrapped(map_key, [&] {
            sequence('[', map, ']', [&](const auto& item) { print(Any::Array{item.first, item.second}); });
        });
    }

    std::string out_;
};

/// Reads RFC 8259 by recursive descent.
class Parser {
  public:
    explicit Parser(std::string_view text) : text_(text) {}

    Any parse() {
        auto any = value();
        skip_space();
        if (position_ != text_.size())
            fail("there is more behind the value");
        return any;
    }

  private:
    [[noreturn]] void fail(std::string_view what) const {
        throw Error(errc::invalid_argument, "JSON, at byte " + std::to_string(position_) + ": " + std::string(what));
    }

    bool at_end() const { return position_ == text_.size(); }
    char peek() const { return at_end() ? '\0' : text_[position_]; }

    void skip_space() {
        while (!at_end() && std::string_view(" \t\n\r").find(text_[position_]) != std::string_view::npos)
            ++position_;
    }

    bool skip(std::string_view token) {
        if (!text_.substr(position_).starts_with(token))
            return false;
        position_ += token.size();
        return true;
    }

    void expect(char character, std::string_view what) {
        if (peek() != character || at_end())
            fail(what);
        ++position_;
    }

    Any value() {
        skip_space();
        switch (peek()) {
            case '{': return nested([&] { return unwrapped(object()); });
            case '[': return nested([&] { return Any(array()); });
            case '"': return string();
            default: return scalar();
        }
    }

    template <class Parse>
    Any nested(Parse&& parse_content) {
        if (++depth_ > depth_limit)
            fail("the value is nested too deeply");
        ++position_;
        auto any = parse_content();
        --depth_;
        return any;
    }

    Any scalar() {
        if (skip("null"))
            return {};
        if (skip("true"))
            return true;
        if (skip("false"))
            return false;
        return number();
    }

    Any::Array array() {
        Any::Array array;
        skip_space();
        if (skip("]"))
            return array;
        do {
            array.push_back(value());
            skip_space();
        } while (skip(","));
        expect(']', "expected , or ]");
        return array;
    }

    Any::Map object() {
        Any::Map map;
        skip_space();
        if (skip("}"))
            return map;
        do {
            skip_space();
            Any key = string();
            skip_space();
            expect(':', "expected :");
            map.emplace_back(std::move(key), value());
            skip_space();
        } while (skip(","));
        expect('}', "expected , or }");
        return map;
    }

    /// {"$binary": ...} and {"$map": ...} are what they stand for; {"$object": ...} is refused.
    Any unwrapped(Any::Map map) const {
        if (map.size() != 1)
            return map;
        const auto& [key, content] = map[0];
        if (key == Any(binary_key) && content.kind() == Kind::string) {
            if (auto binary = detail::from_base64(content.string()))
                return *std::move(binary);
            fail("$binary is no base64");
        }
        if (key == Any(object_key) && content.kind() == Kind::map)
            fail("$object stands for a reference, which text cannot make");
        if (key == Any(map_key) && content.kind() == Kind::array)
            return pairs(content.array());
        return map;
    }

    Any::Map pairs(const Any::Array& items) const {
        Any::Map map;
        for (const auto& item : items) {
            if (item.kind() != Kind::array || item.array().size() != 2)
                fail("$map is no array of pairs");
            map.emplace_back(item.array()[0], item.array()[1]);
        }
        return map;
    }

    std::string string() {
        expect('"', "expected a string");
        std::string out;
        for (;;) {
            if (at_end())
                fail("the string has no end");
            const char character = text_[position_++];
            if (character == '"')
                break;
            if (static_cast<unsigned char>(character) < 0x20)
                fail("a control character in a string");
            if (character == '\\')
                escape(out);
            else
                out += character;
        }
        if (!detail::is_utf8(out))
            fail("the string is not UTF-8");
        return out;
    }

    void escape(std::string& out) {
        constexpr std::string_view letters = "\"\\/bfnrt";
        constexpr std::string_view meanings = "\"\\/\b\f\n\r\t";
        const char letter = peek();
        if (const auto found = letters.find(letter); !at_end() && found != std::string_view::npos) {
            ++position_;
            out += meanings[found];
        } else if (skip("u")) {
            detail::append_utf8(out, code_point());
        } else {
            fail("unknown escape");
        }
    }

    char32_t code_point() {
        const auto first = code_unit();
        if (first < 0xd800 || first > 0xdfff)
            return first;
        if (first > 0xdbff || !skip("\\u"))
            fail("half of a surrogate pair");
        const auto second = code_unit();
        if (second < 0xdc00 || second > 0xdfff)
            fail("half of a surrogate pair");
        return 0x10000 + ((first - 0xd800) << 10U) + (second - 0xdc00);
    }

    char32_t code_unit() {
        std::uint32_t unit = 0;
        const auto digits = text_.substr(position_, 4);
        const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), unit, 16);
        if (digits.size() != 4 || error != std::errc() || end != digits.data() + 4)
            fail("expected four hexadecimal digits");
        position_ += 4;
        return unit;
    }

    static bool is_digit(char character) { return character >= '0' && character <= '9'; }

    void digits() {
        if (!is_digit(peek()))
            fail(at_end() ? "the text ends too early" : "expected a value");
        while (is_digit(peek()))
            ++position_;
    }

    Any number() {
        const auto begin = position_;
        skip("-");
        if (!skip("0"))
            digits();
        bool whole = true;
        if (skip(".")) {
            whole = false;
            digits();
        }
        if (skip("e") || skip("E")) {
            whole = false;
            if (!skip("+"))
                skip("-");
            digits();
        }
        return number_of(text_.substr(begin, position_ - begin), whole);
    }

    Any number_of(std::string_view text, bool whole) const {
        const auto* end = text.data() + text.size();
        if (std::int64_t number = 0; whole && std::from_chars(text.data(), end, number).ec == std::errc())
            return number;
        if (std::uint64_t number = 0;
            whole && text[0] != '-' && std::from_chars(text.data(), end, number).ec == std::errc())
            return number;
        double number = 0;
        if (std::from_chars(text.data(), end, number).ec != std::errc())
            fail("the number is too large or too small");
        return number;
    }

    std::string_view text_;
    std::size_t position_ = 0;
    unsigned depth_ = 0;
};

}  // namespace

std::string Any::to_json() const {
    Printer printer;
    printer.print(*this);
    return printer.take();
}

Any Any::from_json(std::string_view text) {
    return Parser(text).parse();
}

}  // namespace steward
