# Completion of `steward` for fish. What fits is found by `steward __complete`.

function __steward_complete
    set -l typed (commandline -opc) (commandline -ct)
    for line in ($typed[1] __complete $typed[2..-1] 2>/dev/null)
        switch $line
            case \tfiles
                __fish_complete_path $typed[-1]
            case \t'command *'
                set -l count (string split -f 2 ' ' -- $line)
                set -l before
                if test $count -gt 0
                    set before (string escape -- $typed[(math -$count - 1)..-2])
                end
                complete -C(string join ' ' -- $before $typed[-1])
            case '*'
                printf '%s\n' $line
        end
    end
end

complete -c steward -f -a '(__steward_complete)'
