# What is left to do, before packages are made, with what was installed for them: cpack strips programs and shared
# libraries of symbols alone, and leaves static libraries and pages as they are.
file(GLOB_RECURSE files ${CPACK_TEMPORARY_DIRECTORY}/*)

foreach(file IN LISTS files)
  if(file MATCHES "/s?bin/[^/]+$|\\.so\\.[0-9]+$")
    set(command strip --remove-section=.comment --remove-section=.note)
  elseif(file MATCHES "\\.a$")
    set(command strip --strip-debug --remove-section=.comment --remove-section=.note --enable-deterministic-archives)
  elseif(file MATCHES "/man/.*\\.[1-9]$")
    set(command gzip --best --no-name)
  else()
    continue()
  endif()
  execute_process(COMMAND ${command} ${file} COMMAND_ERROR_IS_FATAL ANY)
endforeach()
