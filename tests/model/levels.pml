/* The levels of an rlock: its owner is in the word, how often it owns it in the word's line, which the owner alone writes,
 * or in the heap, where the word says `counted`. In the style of word.pml, which says what a step is and has what is
 * left out here: offers that are withdrawn, time-outs, `fair`. README.md beside this file is the specification.
 *
 * Configurations (-D):
 *   KILLS=n         n clients are killed, each at any step
 *   RESTART=n       the daemon is killed n times, at any step, and starts again; sessions and the results of requests
 *                   outlive it
 *   CONDITION       owners wait with a condition, which gives up all levels and takes them back
 *   SOCKET          the last agent has no words: it asks the daemon for everything
 *   AGENTS=n        2 or 3
 *   FAULT=n         one of the seeded faults
 */

#ifndef AGENTS
#define AGENTS 2
#endif
#ifndef FAULT
#define FAULT 0
#endif
#ifndef KILLS
#define KILLS 0
#endif
#ifndef RESTART
#define RESTART 0
#endif
#define most_levels 2

#define owner_bits 3
#define waiters    4
#define notified   8
#define granted    16
#define counted    32
#define abandoned  64
#define parity     128
#define of_the_line (waiters | notified)
#define owner      (word & owner_bits)
#define offered_to(a) ((word & (owner_bits | granted)) == ((a) | granted))

short word = 0;
byte levels = 0;        /* in the line: of an owner, where the word does not say `counted` */

/* The heap. */
byte count = 0;         /* of an owner, where the word says `counted` */
#define gone         0
#define waiting      1
#define returning    2  /* in line as well: comes back from a condition */
#define at_condition 3
byte line[3];
byte place[4];
byte saved[4];          /* levels of one that waits with a condition, or comes back */
bit done[4];            /* the agent's request has been carried out */

#define count_of(w) (((w) & counted) -> count : (levels > 1 -> levels : 1))

#if RESTART
bit log_used = 0, log_done = 0;
byte log_agent = 0, log_place = 0, log_saved = 0, log_count = 0;
bit intent_used = 0, has_happened = 0;
short intent_parity = 0;
#endif

#define lock_acquire   1
#define lock_release   2
#define condition_wait 3
chan inbox[4] = [1] of { byte };
bit notify_under_way = 0;
#define nothing_yet 0
#define an_offer    1
#define a_grant     2
byte reply[4];
bit disconnected[4];
bit killed[4], buried[4];
byte kills = KILLS, restarts = RESTART;
bit daemon_is_down = 0;

/* What only the properties look at. */
bit busy = 1;
byte inside = 0;
bit stays[4];
bit notifying[4];
bit notify_lost = 0;
byte mine[4];           /* how often the agent thinks that it owns the lock */
byte asked_for[4];      /* what it asks for, until that has been answered */

inline say(a, message)
{
    inbox[a]!message; asked_for[a] = message; disconnected[a] = 0; reply[a] = nothing_yet
}
#define can_ask(a)   (!daemon_is_down && nfull(inbox[a]))
#define must_repeat(a) (reply[a] == nothing_yet && disconnected[a] && can_ask(a))

inline begin_to_hold(a)
{
    assert(inside == 0 && owner == a && !(word & granted)); inside = inside | (1 << a)
}
#define bars (granted | counted | abandoned)

/* ------------------------------------------------------------------------------------------------ the clients */

proctype client(byte me; bit words)
{
    {
        true;
outside:
        if
        :: atomic {
            words && owner == 0 && !(word & bars) ->
acquire_free:
            word = word | me;
            begin_to_hold(me)
        }
        :: atomic {
            (!words || owner != 0 || (word & bars)) && can_ask(me) ->
            say(me, lock_acquire); stays[me] = 1; goto wait
        }
        fi;
owned_by_word:
        atomic {
            true ->
first_level:
#if FAULT != 2
            levels = 1;
#endif
            mine[me] = 1
        };
holding:
        /* The owner and the daemon are of one mind. */
        assert(owner == me && !(word & granted) && count_of(word) == mine[me]);
        if
#if FAULT == 5
        :: atomic {
            words && mine[me] < most_levels ->
#else
        :: atomic {
            words && !(word & counted) && mine[me] < most_levels ->
#endif
count_up:
            levels = (levels > 1 -> levels : 1) + 1;
            mine[me] = mine[me] + 1;
            goto holding
        }
        :: atomic {
            words && !(word & counted) && levels > 1 ->
count_down:
            levels = levels - 1;
            mine[me] = mine[me] - 1;
            goto holding
        }
        /* With `counted`, or without words, the daemon counts. */
        :: atomic {
            (!words || (word & counted)) && mine[me] < most_levels && can_ask(me) ->
            say(me, lock_acquire); goto wait_for_level
        }
        :: atomic {
            (!words || (word & counted)) && can_ask(me) ->
            if :: mine[me] == 1 -> inside = inside & ~(1 << me) :: else fi;
            say(me, lock_release); goto wait_for_release
        }
#ifdef CONDITION
        :: atomic {
            can_ask(me) ->
            inside = inside & ~(1 << me);
            say(me, condition_wait); goto wait_with_condition
        }
#endif
#if FAULT == 8
#define is_last(a) true
#else
#define is_last(a) (levels <= 1)
#endif
        :: atomic {
            words && !(word & counted) && is_last(me) && !(word & waiters) ->
release_free:
            word = word & ~owner_bits;
            mine[me] = mine[me] - 1; inside = 0;
            if :: mine[me] -> goto holding :: else -> goto outside fi
        }
        :: atomic {
            words && !(word & counted) && is_last(me) && (word & waiters) && !(word & notified) ->
release_notify:
            word = (word & ~owner_bits) | notified;
            mine[me] = mine[me] - 1; inside = 0; notifying[me] = 1
        }
        :: atomic {
            words && !(word & counted) && is_last(me) && (word & waiters) && (word & notified) ->
release_again:
            word = word & ~owner_bits;
            mine[me] = mine[me] - 1; inside = 0;
            if :: mine[me] -> goto holding :: else -> goto outside fi
        }
        fi;
        atomic {
            notifying[me] = 0;
            if
            :: daemon_is_down || disconnected[me] -> notify_lost = 1
            :: else -> notify_under_way = 1
            fi
        };
        if :: mine[me] -> goto holding :: else -> goto outside fi;

wait:
        if
        :: atomic {
            reply[me] == an_offer && offered_to(me) ->
take_offer:
            word = word & ~(granted | abandoned);
            stays[me] = 0; reply[me] = nothing_yet; asked_for[me] = 0;
            begin_to_hold(me);
            goto owned_by_word
        }
        :: atomic { reply[me] == an_offer && !offered_to(me) && can_ask(me) -> say(me, lock_acquire); goto wait }
        :: atomic {
            reply[me] == a_grant -> reply[me] = nothing_yet; asked_for[me] = 0; stays[me] = 0;
            mine[me] = 1; begin_to_hold(me); goto holding
        }
        :: atomic { must_repeat(me) -> say(me, lock_acquire); goto wait }
        fi;
wait_for_level:
        if
        :: atomic { reply[me] == a_grant -> reply[me] = nothing_yet; asked_for[me] = 0; mine[me] = mine[me] + 1; goto holding }
        :: atomic { must_repeat(me) -> say(me, lock_acquire); goto wait_for_level }
        fi;
wait_for_release:
        if
        :: atomic {
            reply[me] == a_grant -> reply[me] = nothing_yet; asked_for[me] = 0; mine[me] = mine[me] - 1;
            if :: mine[me] -> goto holding :: else -> goto outside fi
        }
        :: atomic { must_repeat(me) -> say(me, lock_release); goto wait_for_release }
        fi;
#ifdef CONDITION
wait_with_condition:
        if
        :: atomic { reply[me] == a_grant -> reply[me] = nothing_yet; asked_for[me] = 0; begin_to_hold(me); goto holding }
        :: atomic { must_repeat(me) -> say(me, condition_wait); goto wait_with_condition }
        fi
#endif
    } unless { killed[me] };
    skip
}

/* ------------------------------------------------------------------------------------------------- the daemon */

#ifdef SOCKET
#define has_words(a) ((a) != AGENTS)
#else
#define has_words(a) (true)
#endif

#define stands(a) (place[a] == waiting || place[a] == returning)
#define somebody_waits (stands(1) || stands(2) || stands(3))

inline close_gaps()
{
    if :: line[0] && !stands(line[0]) -> line[0] = line[1]; line[1] = line[2]; line[2] = 0 :: else fi;
    if :: line[0] && !stands(line[0]) -> line[0] = line[1]; line[1] = line[2]; line[2] = 0 :: else fi;
    if :: line[1] && !stands(line[1]) -> line[1] = line[2]; line[2] = 0 :: else fi;
    if :: line[2] && !stands(line[2]) -> line[2] = 0 :: else fi
}
inline change_place(a, new)
{
    if
    :: !stands(a) && (new == waiting || new == returning) ->
        if :: !line[0] -> line[0] = a :: line[0] && !line[1] -> line[1] = a :: else -> line[2] = a fi
    :: else
    fi;
    place[a] = new
}

/* The Mutation stores place, levels saved, count and result; the caller swaps the word. */
inline begin_mutation(a, new, new_saved, new_count, new_done)
{
#if RESTART
    d_step {
        log_agent = a; log_place = place[a]; log_saved = saved[a]; log_count = count; log_done = done[a]; log_used = 1;
        change_place(a, new); saved[a] = new_saved; done[a] = new_done
    };
#if FAULT != 4
    count = new_count;
#endif
    d_step { intent_parity = word & parity; intent_used = 1; has_happened = 0 };
#else
    d_step {
        old_saved = saved[a]; old_count = count;
        change_place(a, new); saved[a] = new_saved; count = new_count; done[a] = new_done
    };
#endif
}
inline end_mutation(new_count)
{
#if RESTART
    d_step { log_used = 0; log_agent = 0; log_place = 0; log_saved = 0; log_count = 0; log_done = 0 };
#if FAULT == 4
    count = new_count;
#endif
    d_step { intent_used = 0; has_happened = 0; intent_parity = 0; close_gaps() };
#else
    d_step { old_saved = 0; old_count = 0; close_gaps() };
#endif
}
inline drop_mutation(a, old)
{
#if RESTART
    d_step { intent_used = 0; has_happened = 0; intent_parity = 0 };
    d_step {
        place[a] = old; saved[a] = log_saved; count = log_count; done[a] = log_done;
        log_used = 0; log_agent = 0; log_place = 0; log_saved = 0; log_count = 0; log_done = 0; close_gaps()
    };
#else
    d_step { place[a] = old; saved[a] = old_saved; count = old_count; done[a] = 0; old_saved = 0; old_count = 0; close_gaps() };
#endif
}
#if RESTART
#define as_one_step
#define flip(x) ((x) ^ parity)
#define note_swap() has_happened = 1
/* A result is kept until the next request of the agent. */
#define keeps 1
#else
#define as_one_step atomic
#define flip(x) (x)
#define note_swap() skip
#define keeps 0
#endif

/* After a restart a reply is for the request that the agent repeats, and not before that has been read. */
#define hears(a) (!disconnected[a] && len(inbox[a]) == 0)

#define without_first(x) (somebody_waits -> ((x) & ~notified) : ((x) & ~of_the_line))

proctype stewardd()
{
    byte agent, message, before, after, amount, other;
    short seen;
    bit swapped, once;
#if !RESTART
    byte old_saved, old_count;
#endif
#if RESTART
start_again:
    true;
    atomic {
        daemon_is_down = 0; busy = 1; agent = 0; message = 0; before = 0; after = 0; amount = 0; other = 0; seen = 0; swapped = 0; once = 0;
        assert(!intent_used || ((word & parity) != intent_parity) == has_happened);
        if
        :: log_used && !(intent_used && (word & parity) != intent_parity) ->
            place[log_agent] = log_place; saved[log_agent] = log_saved; count = log_count; done[log_agent] = log_done
        :: else
        fi;
        log_used = 0; log_agent = 0; log_place = 0; log_saved = 0; log_count = 0; log_done = 0
    };
#endif
    {
        true;
#if RESTART
        /* Those at the condition, or on their way back, stay where they are: the heap has their levels. */
        d_step { intent_used = 0; has_happened = 0; intent_parity = 0; notify_lost = 0; close_gaps() };
        goto stir;
#endif
rest:
        atomic { busy = 0; agent = 0; message = 0; before = 0; after = 0; amount = 0; other = 0; seen = 0; swapped = 0; once = 0 };
end_idle:
        if
        :: atomic { nempty(inbox[1]) && !killed[1] -> inbox[1]?message; agent = 1; busy = 1 }
        :: atomic { nempty(inbox[2]) && !killed[2] -> inbox[2]?message; agent = 2; busy = 1 }
#if AGENTS == 3
        :: atomic { nempty(inbox[3]) && !killed[3] -> inbox[3]?message; agent = 3; busy = 1 }
#endif
        :: atomic { notify_under_way -> notify_under_way = 0; busy = 1; goto stir }
        :: atomic { somebody_waits -> busy = 1; goto check }
#if KILLS
        :: atomic { killed[1] && !buried[1] -> agent = 1; busy = 1; goto bury }
        :: atomic { killed[2] && !buried[2] -> agent = 2; busy = 1; goto bury }
#if AGENTS == 3
        :: atomic { killed[3] && !buried[3] -> agent = 3; busy = 1; goto bury }
#endif
#endif
#ifdef CONDITION
        /* Notified, or its time is over: it has to have its lock back. */
        :: atomic { place[1] == at_condition -> agent = 1; busy = 1; before = at_condition; goto join }
        :: atomic { place[2] == at_condition -> agent = 2; busy = 1; before = at_condition; goto join }
#if AGENTS == 3
        :: atomic { place[3] == at_condition -> agent = 3; busy = 1; before = at_condition; goto join }
#endif
#endif
        fi;
asked:
        atomic {
            swapped = 0;
            if
            /* Repeated after a restart: it has been carried out, or goes on. */
            :: done[agent] -> done[agent] = 0; reply[agent] = a_grant; goto rest
            :: !done[agent] && place[agent] != gone -> goto stir
            :: !done[agent] && place[agent] == gone && offered_to(agent) -> reply[agent] = an_offer; goto rest
            :: else
            fi;
            seen = word;
            amount = count_of(seen);
            before = gone;
            if
            :: message == lock_acquire && (seen & owner_bits) == agent -> amount = amount + 1; goto count_it
            :: message == lock_acquire && (seen & owner_bits) != agent ->
                amount = 1;
                if :: (seen & owner_bits) == 0 && !somebody_waits -> goto give :: else -> goto join fi
            :: message == lock_release && amount > 1 -> amount = amount - 1; goto count_it
            :: message == lock_release && amount == 1 -> goto release_it
            :: message == condition_wait -> goto release_it
            fi
        };

        /* The daemon has changed the count, and counts from now on. */
count_it:
        as_one_step {
            begin_mutation(agent, gone, 0, amount, keeps);
            if
            :: seen & counted -> swapped = 1
            :: else ->
set_count:
                atomic { if :: word == seen -> word = flip(seen | counted); swapped = 1; note_swap() :: else fi }
            fi;
            if
            :: swapped -> end_mutation(amount)
            :: else -> drop_mutation(agent, gone); goto asked
            fi
        };
        d_step { done[agent] = 0; reply[agent] = a_grant };
        goto rest;

        /* All levels at once: with the last release, or for the condition, which keeps how many there were. */
release_it:
        as_one_step {
#if FAULT == 7
            amount = 1;
#endif
            if
            :: message == condition_wait -> after = at_condition; other = 0
            :: else -> after = gone; amount = 0; other = keeps
            fi;
            begin_mutation(agent, after, amount, count, other);
release_for:
            atomic {
                if
                :: word == seen ->
#if FAULT == 6
                    if
                    :: message == condition_wait && amount > 1 -> word = flip(seen | counted)
                    :: else -> word = flip(seen & ~(owner_bits | counted))
                    fi;
#elif FAULT == 9
                    word = flip(seen & ~owner_bits);
#else
                    word = flip(seen & ~(owner_bits | counted));
#endif
                    swapped = 1; note_swap()
                :: else
                fi
            };
            if
            :: swapped -> end_mutation(count)
            :: else -> drop_mutation(agent, gone); goto asked
            fi
        };
        if
        :: message == condition_wait
        :: else -> d_step { done[agent] = 0; reply[agent] = a_grant }
        fi;
        goto stir;

join:
        atomic { swapped = 0; seen = word };
        as_one_step {
            if :: before == at_condition -> after = returning :: else -> after = waiting fi;
            begin_mutation(agent, after, saved[agent], count, 0);
            if
            :: seen & waiters -> swapped = 1
            :: else ->
set_waiters:
                atomic { if :: word == seen -> word = flip(seen | waiters); swapped = 1; note_swap() :: else fi }
            fi;
            if
            :: swapped -> end_mutation(count)
            :: else -> drop_mutation(agent, before); goto join
            fi
        };
        goto stir;

        /* `agent` had the place `before`, the word was free. Who comes back from a condition is the owner; so is who has
         * no words. */
give:
        if :: has_words(agent) && before != returning -> goto offer_it :: else fi;
#if FAULT == 3
        once = (amount == 1);
#else
        once = (amount == 1 && levels <= 1);
#endif
        as_one_step {
            if :: once -> other = count :: else -> other = amount fi;
            begin_mutation(agent, gone, 0, other, keeps);
grant_levels:
            atomic {
                if
                :: word == seen ->
                    word = flip(((before == gone) -> seen : without_first(seen)) & ~abandoned);
                    word = word | agent | (once -> 0 : counted);
                    swapped = 1; note_swap()
                :: else
                fi
            };
            if
            :: swapped -> end_mutation(other)
            :: else -> drop_mutation(agent, before)
            fi
        };
        if
        :: swapped ->
            d_step { if :: hears(agent) -> done[agent] = 0; reply[agent] = a_grant :: !hears(agent) fi };
            goto stir
        :: !swapped && before == gone -> goto asked
        :: else -> goto stir
        fi;

offer_it:
        as_one_step {
            begin_mutation(agent, gone, 0, count, 0);
offer:
            atomic {
                if
                :: word == seen ->
                    word = flip(((before == gone) -> seen : without_first(seen)) | agent | granted); swapped = 1; note_swap()
                :: else
                fi
            };
            if
            :: swapped -> end_mutation(count)
            :: else -> drop_mutation(agent, before)
            fi
        };
        if
        :: swapped ->
            d_step { if :: hears(agent) -> reply[agent] = an_offer :: !hears(agent) fi };
            goto stir
        :: !swapped && before == gone -> goto asked
        :: else -> goto stir
        fi;

#if KILLS
bury:
        atomic {
            do :: nempty(inbox[agent]) -> inbox[agent]?message :: empty(inbox[agent]) -> break od;
            message = 0; swapped = 0; before = place[agent]; seen = word
        };
        if
        :: before == waiting || before == returning ->
            as_one_step {
                begin_mutation(agent, gone, 0, count, 0);
                if
                :: somebody_waits -> swapped = 1
                :: else ->
clear_waiters:
                    atomic {
                        if :: word == seen -> word = flip(seen & ~of_the_line); swapped = 1; note_swap() :: else fi
                    }
                fi;
                if
                :: swapped -> end_mutation(count); swapped = 0
                :: else -> drop_mutation(agent, before)
                fi
            };
            goto bury
        :: before == at_condition -> d_step { place[agent] = gone; saved[agent] = 0 }
        :: else
        fi;
        atomic {
            swapped = 0; seen = word;
            if
            :: (seen & owner_bits) == agent
            :: else -> buried[agent] = 1; done[agent] = 0; goto stir
            fi
        };
        as_one_step {
            begin_mutation(agent, gone, 0, count, 0);
free_dead:
            atomic {
                if
                :: word == seen ->
#if FAULT == 1
                    word = flip((seen & ~(owner_bits | granted)) | ((seen & granted) -> 0 : abandoned));
#else
                    word = flip((seen & ~(owner_bits | granted | counted)) | ((seen & granted) -> 0 : abandoned));
#endif
                    swapped = 1; note_swap()
                :: else
                fi
            };
            if
            :: swapped -> end_mutation(count)
            :: else -> drop_mutation(agent, gone); goto bury
            fi
        };
        buried[agent] = 1;
        goto stir;
#endif

check:
        atomic {
            if :: killed[1] -> notifying[1] = 0 :: else fi;
            if :: killed[2] -> notifying[2] = 0 :: else fi;
            if :: killed[3] -> notifying[3] = 0 :: else fi;
            notify_lost = 0
        };

stir:
        atomic {
            swapped = 0; message = 0;
            agent = line[0];
            if :: !agent -> goto rest :: else fi;
            before = place[agent];
            amount = ((before == returning) -> saved[agent] : 1)
        };
        atomic {
            seen = word;
            if :: (seen & owner_bits) == 0 -> goto give :: else fi
        };
        seen = word;
        if :: owner == 0 -> goto stir :: else fi;
        atomic {
            if
            :: word == seen ->
leave_to_its_holder:
                word = (word & ~notified) | waiters
            :: else -> goto stir
            fi
        };
        if :: owner == 0 -> goto stir :: else -> goto rest fi
    } unless { daemon_is_down };
#if RESTART
    goto start_again
#endif
}

/* ----------------------------------------------------------------------------------------------- what kills others */

#if KILLS
inline kill_client(a)
{
    kills = kills - 1; killed[a] = 1; stays[a] = 0; reply[a] = nothing_yet; disconnected[a] = 0;
    inside = inside & ~(1 << a); mine[a] = 0; asked_for[a] = 0
}
proctype killer()
{
end_killer:
    do
    :: d_step { kills && !killed[1] -> kill_client(1) }
    :: d_step { kills && !killed[2] -> kill_client(2) }
#if AGENTS == 3
    :: d_step { kills && !killed[3] -> kill_client(3) }
#endif
    od
}
#endif

#if RESTART
proctype killer_of_the_daemon()
{
    byte what;
end_killer_of_the_daemon:
    do
    :: atomic {
        restarts && !daemon_is_down ->
        restarts = restarts - 1; busy = 1; daemon_is_down = 1;
        disconnected[1] = !killed[1]; disconnected[2] = !killed[2]; disconnected[3] = !killed[3];
        notify_lost = notify_lost | notify_under_way;
        notify_under_way = 0;
        do :: inbox[1]?what :: empty(inbox[1]) -> break od;
        do :: inbox[2]?what :: empty(inbox[2]) -> break od;
        do :: inbox[3]?what :: empty(inbox[3]) -> break od;
        what = 0
    }
    od
}
#endif

/* --------------------------------------------------------------------------------------------- what must not be */

#define nothing_is_pending (!busy && !notify_under_way && empty(inbox[1]) && empty(inbox[2]) && empty(inbox[3]) && \
                            killed[1] == buried[1] && killed[2] == buried[2] && killed[3] == buried[3])
#define somebody_is_notifying (notifying[1] || notifying[2] || notifying[3] || notify_lost)
#define is_forgotten(a) (asked_for[a] && !reply[a] && !disconnected[a] && place[a] == gone)
#define has_both(a) (owner == a && place[a] == at_condition)

#define lost_wake_up      (owner == 0 && somebody_waits && !somebody_is_notifying)
#define lost_by_death     (owner != 0 && killed[owner])
#define useless_flags     (!somebody_waits && (word & of_the_line))
#define forgotten_waiter  (is_forgotten(1) || is_forgotten(2) || is_forgotten(3))
#define counted_for_nobody (owner == 0 && (word & (counted | granted)))
#define gave_not_all_up   (has_both(1) || has_both(2) || has_both(3))

proctype monitor()
{
end_monitor:
    if
    :: atomic { nothing_is_pending && lost_wake_up -> assert(!(lost_wake_up)) }
    :: atomic { nothing_is_pending && lost_by_death -> assert(!(lost_by_death)) }
    :: atomic { nothing_is_pending && useless_flags -> assert(!(useless_flags)) }
    :: atomic { nothing_is_pending && forgotten_waiter -> assert(!(forgotten_waiter)) }
    :: atomic { nothing_is_pending && gave_not_all_up -> assert(!(gave_not_all_up)) }
    :: atomic { counted_for_nobody -> assert(!(counted_for_nobody)) }
    fi
}

init
{
    atomic {
        run client(1, has_words(1));
        run client(2, has_words(2));
#if AGENTS == 3
        run client(3, has_words(3));
#endif
        run stewardd();
#if KILLS
        run killer();
#endif
#if RESTART
        run killer_of_the_daemon();
#endif
        run monitor();
    }
}
