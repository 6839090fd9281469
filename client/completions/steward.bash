# Completion of `steward` for bash. What fits is found by `steward __complete`.

# The words up to the cursor as they were typed: bash also cuts at ":" and "=".
_steward_words() {
    local rest=${COMP_LINE:0:COMP_POINT} part before
    _steward_typed=()
    for part in "${COMP_WORDS[@]:0:COMP_CWORD+1}"; do
        before=${rest%%"$part"*}
        if [[ -n $before || ${#_steward_typed[@]} -eq 0 ]]; then
            _steward_typed+=("")
        elif [[ -z $part && $rest != "$before" ]]; then
            _steward_typed+=("")
        fi
        # At the cursor a word ends, whatever stands behind it.
        [[ ${rest#"$before"} == "$part"* ]] || part=${rest#"$before"}
        _steward_typed[-1]+=$part
        rest=${rest#"$before$part"}
    done
}

_steward() {
    local cur=${COMP_WORDS[COMP_CWORD]} line word typed cut
    local -a _steward_typed
    _steward_words
    typed=${_steward_typed[-1]}
    cut=$((${#typed} - ${#cur}))
    # Quotes and backslashes that have been typed are no part of the name.
    typed=${typed#[\"\']}
    _steward_typed[-1]=${typed//\\/}
    COMPREPLY=()
    while IFS= read -r line; do
        case $line in
            $'\tfiles') compopt -o filenames 2>/dev/null; mapfile -t COMPREPLY < <(compgen -f -- "$cur") ;;
            $'\tcommand '*) _steward_of_command "${line#*command }" ;;
            *)
                word=${line%%$'\t'*}
                if [[ $cur == [\"\']* ]]; then
                    word=${cur:0:1}$word
                elif [[ $word == "#"* || $word == *[^A-Za-z0-9_./:,=@%+#-]* ]]; then
                    printf -v word %q "$word"
                fi
                COMPREPLY+=("${word:cut}")
                ;;
        esac
    done < <("${COMP_WORDS[0]}" __complete "${_steward_typed[@]:1}" 2>/dev/null)
    [[ ${#COMPREPLY[@]} -eq 1 && ${COMPREPLY[0]} == *[=,] ]] && compopt -o nospace 2>/dev/null
    return 0
}

# What another command would be asked, if bash-completion is there, and else programs and files.
_steward_of_command() {
    if declare -F _command_offset >/dev/null; then
        _command_offset $((COMP_CWORD - $1))
    elif (($1 == 0)); then
        mapfile -t COMPREPLY < <(compgen -c -- "$cur")
    else
        compopt -o filenames 2>/dev/null
        mapfile -t COMPREPLY < <(compgen -f -- "$cur")
    fi
}

complete -F _steward steward
