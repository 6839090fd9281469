/* The word of a semaphore whose permits belong to nobody: who changes it, from what to what. In the style of word.pml,
 * which says what a step is; README.md beside this file is the specification.
 *
 * Configurations (-D):
 *   PERMITS=n       how many there are: 1 or 2
 *   KILLS=n         n clients are killed, each at any step
 *   RESTART=n       the daemon is killed n times, at any step, and starts again
 *   TIMEOUTS        the time of a wait may be over, or it is cancelled
 *   FAIRNESS        the head of the line may have waited long: `fair` is set
 *   SOCKET          the last agent has no words: it asks the daemon for everything
 *   SEVERAL         who waits may wait for another object too: its Mutation changes two words, and the second swap may
 *                   fail, or not happen
 *   COUNTING        acquisitions are counted
 *   AGENTS=n        2 or 3
 *   LIVENESS        messages come to the daemon in one order of arrival; time passes by a process of its own; the daemon
 *                   is not beaten by clients for ever
 *   TIMER_ONLY      (with LIVENESS) the daemon's 10 ms check does not look at the word
 *   FAULT=n         one of the seeded faults
 */

#ifndef AGENTS
#define AGENTS 3
#endif
#ifndef PERMITS
#define PERMITS 1
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

/* The word. In the code, too, `notified`, `fair` and a bit that means nothing here are next to each other. */
#define permits    3
#define waiters    4
#define notified   8
#define fair       16
#define unused     32
#define parity     64
#define taken      128  /* in the word since the line's count was last added to; the code has 24 bits for it */
#define of_the_line (waiters | notified | fair)

short word = PERMITS;

/* The line, which is in the heap. */
#define gone    0
#define waiting 1
byte line[3];
byte place[4];

#if RESTART
bit log_used = 0;
byte log_agent = 0, log_place = 0;
bit intent_used = 0, has_happened = 0;
short intent_before = 0, intent_after = 0;
bit intent_of_two = 0;  /* there is a second word, which has not been changed */
#endif

#define semaphore_acquire 1
#define semaphore_release 2
#define object_notify     3
#define check_is_due      4
#define death             5
#define time_is_over      6
#ifdef LIVENESS
chan arrivals = [9] of { byte, byte };
#define send(agent, message) arrivals!agent,message
#define can_send (nfull(arrivals))
bit notify_under_way = 0, tick_under_way = 0, late = 0, beaten = 0;
#define patient 1
#define daemon_is_beaten (beaten)
#define can_ask(a) (!daemon_is_down && can_send)
#else
chan inbox[4] = [1] of { byte };
bit notify_under_way = 0;
#define send(agent, message) inbox[agent]!message
#define patient 0
#define daemon_is_beaten (false)
#define can_ask(a) (!daemon_is_down && nfull(inbox[a]))
#endif
#define nothing_yet 0
#define a_grant     1
#define no_more     2
byte reply[4];
bit disconnected[4];
bit killed[4], buried[4];
byte kills = KILLS, restarts = RESTART;
bit daemon_is_down = 0;

/* What only the properties look at. */
bit busy = 1;
bit stays[4];
bit notifying[4];
bit notify_lost = 0;
bit has[4];             /* a permit is the agent's, whether it knows that yet or not */
byte lost = 0;          /* permits of the dead, and those whose grant was not told before the daemon was killed */
bit aside = 0;          /* a permit that a Mutation took that has not happened yet */
#ifdef COUNTING
byte acquired = 0;      /* modulo 4 */
byte in_line = 0;       /* modulo 4 */
bit counting[4];        /* has acquired, and the line does not say so yet */
#define note_acquired() acquired = (acquired + 1) % 4
#else
#define note_acquired() skip
#endif

inline say(a, message)
{
    send(a, message); disconnected[a] = 0; reply[a] = nothing_yet;
    /* What was granted before, and not told, is nobody's. */
    if :: message == semaphore_acquire && has[a] -> has[a] = 0; lost++ :: else fi
}

#if FAULT == 1
#define bars 0
#else
#define bars fair
#endif

/* ------------------------------------------------------------------------------------------------ the clients */

proctype client(byte me)
{
#if FAULT == 2 || FAULT == 3
    short seen;
#endif
    {
        true;
outside:
        if
#if FAULT == 2
        :: atomic { (word & permits) && !(word & bars) -> seen = word };
            atomic { word = seen - 1; has[me] = 1; note_acquired() }
#else
        :: atomic {
            (word & permits) && !(word & bars) && !daemon_is_beaten ->
take_permit:
            assert(!has[me]);
            has[me] = 1; note_acquired();
#ifdef COUNTING
            if
            :: word & taken -> word = (word & ~taken) - 1; counting[me] = 1
            :: else -> word = (word | taken) - 1
            fi
#else
            word = word - 1
#endif
        }
#endif
        :: atomic {
            (!(word & permits) || (word & bars)) && can_ask(me) ->
            say(me, semaphore_acquire); stays[me] = 1; goto wait
        }
#ifdef LIVENESS
        :: goto finished
#endif
        fi;
#ifdef COUNTING
        if
        :: atomic {
            counting[me] ->
count_taken:
#if FAULT == 12
            in_line = (in_line + 1) % 4;
#else
            in_line = (in_line + 2) % 4;
#endif
            counting[me] = 0
        }
        :: else
        fi;
#endif
        goto give;
wait:
        if
        :: atomic { reply[me] == a_grant -> reply[me] = nothing_yet; stays[me] = 0 }
        :: atomic { reply[me] == no_more -> reply[me] = nothing_yet; stays[me] = 0; goto outside }
        :: atomic { reply[me] == nothing_yet && disconnected[me] && can_ask(me) -> say(me, semaphore_acquire); goto wait }
        fi;
give:
        assert(has[me]);
#if FAULT == 3
        /* It is looked whether somebody waits, and then given. */
        seen = word;
#define looked_at seen
#else
#define looked_at word
#endif
        if
        :: atomic {
            !(looked_at & waiters) ->
give_free:
            word = word + 1;
            has[me] = 0;
            goto outside
        }
        :: atomic {
            (looked_at & waiters) && !(looked_at & notified) ->
give_notify:
            word = (word + 1) | notified;
            has[me] = 0; notifying[me] = 1
        }
        :: atomic {
            (looked_at & waiters) && (looked_at & notified) ->
give_again:
            word = word + 1;
            has[me] = 0;
            goto outside
        }
        fi;
        atomic {
#ifdef LIVENESS
            (daemon_is_down || disconnected[me] || notify_under_way || can_send) ->
#endif
            notifying[me] = 0;
            if
            :: daemon_is_down || disconnected[me] -> notify_lost = 1
#ifdef LIVENESS
            :: else -> if :: !notify_under_way -> notify_under_way = 1; send(0, object_notify) :: else fi
#else
            :: else -> notify_under_way = 1
#endif
            fi
        };
        goto outside
    } unless { killed[me] };
finished:
    skip
}

#ifdef SOCKET
proctype socket_client(byte me)
{
    {
        true;
outside_socket:
        atomic { can_ask(me) -> say(me, semaphore_acquire); stays[me] = 1 };
        if
        :: atomic { reply[me] == a_grant -> reply[me] = nothing_yet; stays[me] = 0 }
        :: atomic { reply[me] == nothing_yet && disconnected[me] && !daemon_is_down -> goto outside_socket }
        fi;
        /* The daemon gives it back in one Mutation; sessions count their requests, so that none is done twice. */
        atomic { can_ask(me) -> say(me, semaphore_release) };
        if
        :: atomic { reply[me] == a_grant -> reply[me] = nothing_yet; goto outside_socket }
        :: atomic { reply[me] == nothing_yet && disconnected[me] && !daemon_is_down ->
            if :: has[me] -> has[me] = 0; lost++ :: else fi; goto outside_socket }
        fi
    } unless { killed[me] };
    skip
}
#endif

/* ------------------------------------------------------------------------------------------------- the daemon */

inline close_gaps()
{
    if :: line[0] && place[line[0]] == gone -> line[0] = line[1]; line[1] = line[2]; line[2] = 0 :: else fi;
    if :: line[0] && place[line[0]] == gone -> line[0] = line[1]; line[1] = line[2]; line[2] = 0 :: else fi;
    if :: line[1] && place[line[1]] == gone -> line[1] = line[2]; line[2] = 0 :: else fi;
    if :: line[2] && place[line[2]] == gone -> line[2] = 0 :: else fi
}
inline change_place(a, new)
{
    if
    :: place[a] == gone && new != gone ->
        if :: !line[0] -> line[0] = a :: line[0] && !line[1] -> line[1] = a :: else -> line[2] = a fi
    :: else
    fi;
    place[a] = new
}
#define somebody_waits (place[1] == waiting || place[2] == waiting || place[3] == waiting)

inline find_first(a)
{
    if
    :: line[0] && place[line[0]] == waiting -> a = line[0]
    :: else -> if
        :: line[1] && place[line[1]] == waiting -> a = line[1]
        :: else -> if :: line[2] && place[line[2]] == waiting -> a = line[2] :: else -> a = 0 fi
        fi
    fi
}

inline begin_mutation(a, new)
{
#if RESTART
    d_step { log_agent = a; log_place = place[a]; log_used = 1; change_place(a, new) };
#else
    change_place(a, new);
#endif
}
inline intend(what)
{
#if RESTART
    d_step {
        intent_before = (seen & ~parity) | (word & parity);
        intent_after = (what) ^ (word & parity) ^ parity ^ ((what) & parity);
        intent_used = 1; has_happened = 0
    };
#else
    skip;
#endif
}
inline end_mutation()
{
#if RESTART
    d_step { log_used = 0; log_agent = 0; log_place = 0 };
    d_step { intent_used = 0; has_happened = 0; intent_before = 0; intent_after = 0; intent_of_two = 0; close_gaps() };
#else
    d_step { close_gaps() };
#endif
}
inline drop_mutation(a, old)
{
#if RESTART
    d_step { intent_used = 0; has_happened = 0; intent_before = 0; intent_after = 0; intent_of_two = 0 };
    d_step { place[a] = old; log_used = 0; log_agent = 0; log_place = 0; close_gaps() };
#else
    d_step { place[a] = old; close_gaps() };
#endif
}
#if RESTART
#define as_one_step
#define flip(x) ((x) ^ parity)
#define note_swap() has_happened = 1
#else
#define as_one_step atomic
#define flip(x) (x)
#define note_swap() skip
#endif

#ifdef LIVENESS
#define succeeds(still) (word == seen || (still))
#else
#define succeeds(still) (word == seen)
#endif

#if FAULT == 4
#define without_first(x) ((x) & ~(notified | fair))
#else
#define without_first(x) (somebody_waits -> ((x) & ~(notified | fair)) : ((x) & ~of_the_line))
#endif

/* Undoes the first swap of a Mutation whose last one failed: clients may have taken and given permits meanwhile, and
 * have set `notified`. The flags that it cleared are set again, also where a client has set one of them since; the
 * permits are added. */
#if FAULT == 7
#define undone(x, b, a) (b)
#elif FAULT == 8
#define undone(x, b, a) ((x) + (b) - (a))
#else
#define undone(x, b, a) (((((x) & ~(of_the_line | parity)) + ((b) & permits) - ((a) & permits)) | \
                          ((x) & of_the_line) | ((b) & of_the_line)) | ((b) & parity))
#endif

inline dispatch()
{
    if
    :: message == semaphore_acquire -> goto asked
#ifdef SOCKET
    :: message == semaphore_release -> goto asked_to_give
#endif
    fi
}

proctype stewardd()
{
    byte agent, message, after, before;
    short seen, what;
    bit swapped;
#if RESTART
start_again:
    true;
    atomic {
        daemon_is_down = 0; busy = 1; agent = 0; message = 0; after = 0; before = 0; seen = 0; what = 0; swapped = 0;
        assert(!intent_used || ((word ^ intent_before) & parity) / parity == has_happened);
        if
        :: intent_used && !intent_of_two && ((word ^ intent_before) & parity) -> log_used = 0
        :: else
        fi;
        /* The last swap of two did not happen: the first is undone. */
        if
        :: intent_used && intent_of_two && ((word ^ intent_before) & parity) ->
settle_two:
#if FAULT == 9
            word = intent_before;
#else
            word = undone(word, intent_before, intent_after);
#endif
            aside = 0
        :: else
        fi;
        if :: log_used -> place[log_agent] = log_place :: else fi;
        log_used = 0; log_agent = 0; log_place = 0
    };
#endif
    {
        true;
#if RESTART
        d_step {
            intent_used = 0; has_happened = 0; intent_before = 0; intent_after = 0; intent_of_two = 0; close_gaps();
            notify_lost = 0
        };
        /* Nobody has a connection: whoever still waits asks again. */
forget_them:
        if
        :: line[0] ->
            atomic { seen = word; what = seen & ~of_the_line };
            intend(what);
forget_line:
            atomic {
                if
                :: succeeds(true) ->
                    word = flip(word & ~of_the_line); note_swap(); swapped = 1;
                    place[1] = gone; place[2] = gone; place[3] = gone; close_gaps()
                :: else
                fi
            };
            d_step { intent_used = 0; has_happened = 0; intent_before = 0; intent_after = 0 };
            if :: swapped -> swapped = 0 :: else -> goto forget_them fi
        :: else
        fi;
#endif
rest:
        atomic {
#ifdef LIVENESS
            beaten = 0;
#endif
            busy = 0; agent = 0; message = 0; after = 0; before = 0; seen = 0; what = 0; swapped = 0
        };
end_idle:
#ifdef LIVENESS
        atomic {
            arrivals?agent,message;
            busy = 1;
            if
            :: message == object_notify -> notify_under_way = 0; goto stir
            :: message == check_is_due -> tick_under_way = 0; goto check
            :: message == semaphore_acquire -> goto asked
            fi
        };
#else
        if
        :: atomic { nempty(inbox[1]) && !killed[1] -> inbox[1]?message; agent = 1; busy = 1; dispatch() }
        :: atomic { nempty(inbox[2]) && !killed[2] -> inbox[2]?message; agent = 2; busy = 1; dispatch() }
#if AGENTS == 3
        :: atomic { nempty(inbox[3]) && !killed[3] -> inbox[3]?message; agent = 3; busy = 1; dispatch() }
#endif
        :: atomic { notify_under_way -> notify_under_way = 0; busy = 1; goto stir }
#if KILLS
        :: atomic { killed[1] && !buried[1] -> agent = 1; busy = 1; goto bury }
        :: atomic { killed[2] && !buried[2] -> agent = 2; busy = 1; goto bury }
#if AGENTS == 3
        :: atomic { killed[3] && !buried[3] -> agent = 3; busy = 1; goto bury }
#endif
#endif
        :: atomic { somebody_waits -> busy = 1; goto check }
#ifdef TIMEOUTS
        :: atomic { place[1] == waiting -> agent = 1; message = time_is_over; busy = 1; goto leave }
        :: atomic { place[2] == waiting -> agent = 2; message = time_is_over; busy = 1; goto leave }
#if AGENTS == 3 && !defined(SOCKET)
        :: atomic { place[3] == waiting -> agent = 3; message = time_is_over; busy = 1; goto leave }
#endif
#endif
        fi;
#endif

asked:
        atomic {
            swapped = 0; after = 0;
            seen = word; before = gone;
            assert(place[agent] == gone);
            if
            :: (seen & permits) && !somebody_waits -> goto grant_it
            :: else
            fi
        };
        seen = word;
        as_one_step {
            begin_mutation(agent, waiting);
            if
            :: (seen & waiters) || FAULT == 11 -> swapped = 1
            :: else ->
                intend(seen | waiters);
set_waiters:
                atomic { if :: succeeds(true) -> word = flip(word | waiters); swapped = 1; note_swap() :: else fi }
            fi;
            if
            :: swapped -> end_mutation()
            :: else -> drop_mutation(agent, gone); goto asked
            fi
        };
#if FAULT == 5
        goto rest;
#else
        goto stir;
#endif

leave:
        atomic { swapped = 0; seen = word };
        as_one_step {
            begin_mutation(agent, gone);
            if
            :: somebody_waits -> swapped = 1
            :: else ->
                intend(seen & ~of_the_line);
clear_waiters:
                atomic { if :: succeeds(true) -> word = flip(word & ~of_the_line); swapped = 1; note_swap() :: else fi }
            fi;
            if
            :: swapped -> end_mutation()
            :: else -> drop_mutation(agent, waiting); goto leave
            fi
        };
        if
        :: message == time_is_over -> reply[agent] = no_more
        :: else -> buried[agent] = 1
        fi;
        goto stir;

#ifdef SOCKET
asked_to_give:
        atomic { swapped = 0; seen = word };
        as_one_step {
            begin_mutation(agent, gone);
            intend(seen + 1);
give_for:
            atomic { if :: succeeds(true) -> word = flip(word + 1); has[agent] = 0; swapped = 1; note_swap() :: else fi };
            if
            :: swapped -> end_mutation(); reply[agent] = a_grant; goto stir
            :: else -> drop_mutation(agent, gone); goto asked_to_give
            fi
        };
#endif

        /* Its permits are lost. Whether it has given some and not told, the daemon does not know. */
#if KILLS
bury:
        atomic {
#ifndef LIVENESS
            do :: nempty(inbox[agent]) -> inbox[agent]?message :: empty(inbox[agent]) -> break od;
#endif
            message = death;
            if
            :: place[agent] == waiting -> goto leave
            :: else -> buried[agent] = 1; goto rest
            fi
        };
#endif

check:
        atomic {
            if :: killed[1] -> notifying[1] = 0 :: else fi;
            if :: killed[2] -> notifying[2] = 0 :: else fi;
            if :: killed[3] -> notifying[3] = 0 :: else fi;
            notify_lost = 0
        };
#if defined(TIMER_ONLY)
        goto rest;
#endif

stir:
        atomic {
            after = 0; swapped = 0; message = 0;
            find_first(agent);
            if :: !agent -> goto rest :: else fi;
            before = waiting
        };
        atomic {
            seen = word;
            if :: !(seen & permits) -> goto leave_it :: else fi
        };

grant_it:
        as_one_step {
            begin_mutation(agent, gone);
            what = ((before == waiting) -> (without_first(seen) - 1) : (seen - 1));
#ifdef SEVERAL
#if RESTART
            if :: intent_of_two = 1 :: true fi;
#else
            if :: after = 1 :: after = 0 fi;
#endif
#endif
            intend(what);
grant_permit:
            atomic {
                if
                :: succeeds(word & permits) ->
#ifdef LIVENESS
                    what = ((before == waiting) -> (without_first(word) - 1) : (word - 1));
#endif
                    word = flip(what); note_swap();
#if RESTART
                    after = intent_of_two;
#endif
                    if
                    :: after -> aside = 1
                    :: else -> swapped = 1; has[agent] = 1; note_acquired()
                    fi
                :: else -> after = 0
                fi
            }
        };
#ifdef SEVERAL
        if
        :: after ->
#if RESTART
            /* The daemon may be killed here; else the second swap comes, and fails or not. */
#endif
            if
            :: atomic {
                true ->
put_back:
                word = undone(word, seen, flip(what));
                aside = 0;
#if RESTART
                intent_of_two = 0; has_happened = 0;
#endif
            }
            :: atomic { true -> aside = 0; has[agent] = 1; swapped = 1; note_acquired();
#if RESTART
                        intent_of_two = 0
#endif
            }
            fi
        :: else
        fi;
#endif
        as_one_step {
            if
            :: swapped -> end_mutation()
            :: else -> drop_mutation(agent, before)
            fi
        };
#ifdef COUNTING
#if FAULT != 10
        if :: swapped -> in_line = (in_line + 1) % 4 :: else fi;
#endif
#endif
        atomic {
            after = 0;
            if
            :: swapped ->
                reply[agent] = a_grant;
#ifdef LIVENESS
                late = 0; beaten = 0;
#endif
                if :: message == semaphore_acquire -> goto rest :: else -> goto stir fi
            :: else ->
#ifdef LIVENESS
                beaten = 1;
#endif
                if :: message == semaphore_acquire -> goto asked :: else -> goto stir fi
            fi
        };

leave_it:
#ifndef LIVENESS
        seen = word;
        if :: word & permits -> goto stir :: else fi;
#endif
        atomic {
            after = 0;
#ifdef LIVENESS
            seen = word;
            if :: word & permits -> beaten = 1; goto stir :: else fi;
            beaten = 0;
            after = late;
#elif defined(FAIRNESS)
            if :: after = 0 :: after = 1 fi;
#endif
            if
            :: word == seen ->
leave_to_its_holder:
#if FAULT == 6
                word = word | waiters | (after -> fair : 0)
#elif FAULT == 11
                word = (word & ~notified) | (after -> fair : 0)
#else
                word = (word & ~notified) | waiters | (after -> fair : 0)
#endif
            :: else -> goto stir
            fi
        };
#if FAULT == 13
        goto rest
#else
        if :: word & permits -> goto stir :: else -> goto rest fi
#endif
    } unless { daemon_is_down };
#if RESTART
    goto start_again
#endif
}

/* ----------------------------------------------------------------------------------- time, and what kills others */

#ifdef LIVENESS
proctype clock()
{
end_clock:
    do
    :: atomic { line[0] && !tick_under_way && !daemon_is_down && nfull(arrivals) -> tick_under_way = 1; late = 1;
                arrivals!0,check_is_due }
    :: atomic { line[0] && !late -> late = 1 }
    od
}
#endif

#if KILLS
inline kill_client(a)
{
    kills = kills - 1; killed[a] = 1; stays[a] = 0; reply[a] = nothing_yet; disconnected[a] = 0;
    if :: has[a] -> has[a] = 0; lost++ :: else fi
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
        what = 0;
        if
        :: reply[1] = nothing_yet; reply[2] = nothing_yet; reply[3] = nothing_yet
        :: true
        fi
    }
    od
}
#endif

/* --------------------------------------------------------------------------------------------- what must not be */

#define nothing_is_pending (!busy && !notify_under_way && empty(inbox[1]) && empty(inbox[2]) && empty(inbox[3]) && \
                            killed[1] == buried[1] && killed[2] == buried[2] && killed[3] == buried[3])
#define somebody_is_notifying (notifying[1] || notifying[2] || notifying[3] || notify_lost)
#define is_forgotten(a) (stays[a] && !reply[a] && !disconnected[a] && place[a] != waiting)

#define not_as_many_as_before ((word & permits) + has[1] + has[2] + has[3] + lost + aside != PERMITS)
#define too_many_are_lost     (lost > KILLS + RESTART * PERMITS)
#define lost_wake_up          ((word & permits) && somebody_waits && !somebody_is_notifying)
#define useless_flags         (!somebody_waits && (word & of_the_line))
#define nobody_is_to_tell     (somebody_waits && !(word & waiters))
#define forgotten_waiter      (is_forgotten(1) || is_forgotten(2) || is_forgotten(3))
#define flag_of_nobody        (word & unused)
#define fair_for_nobody       ((word & fair) && !(word & waiters))
#ifdef COUNTING
#define miscounted (!counting[1] && !counting[2] && !counting[3] && acquired != (in_line + ((word & taken) -> 1 : 0)) % 4)
#else
#define miscounted (false)
#endif

proctype monitor()
{
end_monitor:
    if
    :: atomic { not_as_many_as_before -> assert(!(not_as_many_as_before)) }
    :: atomic { too_many_are_lost -> assert(!(too_many_are_lost)) }
    :: atomic { flag_of_nobody -> assert(!(flag_of_nobody)) }
    :: atomic { fair_for_nobody -> assert(!(fair_for_nobody)) }
#ifndef LIVENESS
    :: atomic { nothing_is_pending && lost_wake_up -> assert(!(lost_wake_up)) }
    :: atomic { nothing_is_pending && useless_flags -> assert(!(useless_flags)) }
    :: atomic { nothing_is_pending && nobody_is_to_tell -> assert(!(nobody_is_to_tell)) }
    :: atomic { nothing_is_pending && forgotten_waiter -> assert(!(forgotten_waiter)) }
    :: atomic { nothing_is_pending && miscounted -> assert(!(miscounted)) }
#endif
    fi
}

init
{
    atomic {
        run client(1);
#ifdef SOCKET
#if AGENTS == 3
        run client(2);
#endif
        run socket_client(AGENTS);
#else
        run client(2);
#if AGENTS == 3
        run client(3);
#endif
#endif
        run stewardd();
#ifdef LIVENESS
        run clock();
#endif
#if KILLS
        run killer();
#endif
#if RESTART
        run killer_of_the_daemon();
#endif
#ifndef LIVENESS
        run monitor();
#endif
    }
}

#ifdef LIVENESS
ltl gets_there { [] (stays[1] -> <> !stays[1]) }
#endif
