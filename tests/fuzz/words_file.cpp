// A words file in which any bytes are changed while no daemon runs: the next one refuses it, or all of its objects can
// be used.

#include <cstddef>
#include <cstdint>

#include "daemon/logging.hpp"
#include "tests/fuzz/damage.hpp"
#include "tests/in_process/left_memory.hpp"

extern "C" int LLVMFuzzerInitialize(int*, char***) {
    steward::daemon::set_up_logging({.log_level = "off"});
    return 0;
}

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
    static const steward::tests::LeftMemory memory;
    steward::fuzz::Input input(bytes, size);
    memory.restore();
    steward::fuzz::damage(memory.open_words().get(), memory.words_image(), input);
    if (const auto daemon = memory.take_up())
        memory.use(*daemon);
    return 0;
}
