/* The word of a lock: who changes it, from what to what. README.md beside this file is the specification that follows
 * from it; `check` runs every configuration and every seeded fault.
 *
 * Configurations (-D):
 *   KILLS=n         n clients are killed, each at any step
 *   RESTART=n       the daemon is killed n times, at any step, also while it starts, and starts again
 *   TIMEOUTS        a wait may end by time-out
 *   OFFER_TIMEOUTS  an offer that is not taken may be taken back
 *   FAIRNESS        the head of the line may have waited long: `fair` is set
 *   FAIR_LOCK       the lock is `fair` by option
 *   TRANSFERABLE    whoever acquires may leave the release to another
 *   SOCKET          the last agent has no words: it asks the daemon for everything
 *   CLOSING         the object is removed
 *   AGENTS=n        2 or 3
 *   LIVENESS        messages come to the daemon in one order of arrival; time passes by a process of its own
 *   STOPS           (with LIVENESS) a client may stop for ever, while it waits or before it notifies
 *   TIMER_ONLY      (with LIVENESS) the daemon's 10 ms check does not look at the word: nobody needs it
 *   FAULT=n         one of the seeded faults
 *
 * A step of this model is one atomic operation on the word, or one message, or one store of the daemon that a restart
 * sees. A client's load and the compare-and-swap that follows are one step: what it swaps in depends on what it loaded
 * alone, so that a swap that fails is as if it had not been tried. The daemon's offers have two steps, since a swap of
 * its own that fails has consequences.
 */

#ifndef AGENTS
#define AGENTS 3
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

/* The word. Owner 0: free. */
#define owner_bits 3
#define waiters    4
#define notified   8
#define fair       16
#define granted    32
#define abandoned  64
#define closed     128
#define parity     256
#define owner      (word & owner_bits)
#define offered_to(a) ((word & (owner_bits | granted)) == ((a) | granted))

short word = 0;

/* The heap: the line, in order of arrival, and what each agent's wait is. It outlives the daemon, as does the word. */
#define gone    0  /* does not wait */
#define waiting 1  /* wants an offer */
#define offered 2  /* the offer was made: it stands, or was taken */
#define asleep  3  /* keeps its place and gets no offer until its client asks again */
byte line[3];
byte place[4];

#if RESTART
/* The undo log and the intent of the Mutation under way. */
bit log_used = 0;
byte log_agent = 0, log_place = 0;
bit intent_used = 0, has_happened = 0;
short intent_parity = 0;
short intent_after = 0;
#endif

/* Messages. */
#define lock_acquire  1
#define lock_end_wait 2
#define lock_release  3
#define object_notify 4
#define death         5
#define check_is_due  6
#ifdef LIVENESS
chan arrivals = [9] of { byte, byte };
#define send(agent, message) arrivals!agent,message
#define can_send (nfull(arrivals))
bit notify_under_way = 0, tick_under_way = 0;
#else
#ifndef INBOX
#define INBOX 2
#endif
chan inbox[4] = [INBOX] of { byte };
bit notify_under_way = 0;
#define send(agent, message) inbox[agent]!message
#endif
bit reply[4];          /* for the request that the agent waits for */
bit disconnected[4];   /* the agent's connection is one to a daemon that was killed */
bit killed[4], buried[4];
byte kills = KILLS, restarts = RESTART;
bit daemon_is_down = 0;

/* One agent never gives up waiting, where waits have time-outs. */
#ifdef LIVENESS
#define patient 1
#else
#define patient 0
#endif

/* What only the properties look at. */
byte inside = 0;       /* who is between acquire and release, a bit for each */
bit busy = 1;          /* the daemon is handling something */
bit stays[4];          /* the agent waits and will not go away */
bit telling[4];        /* has given up waiting and has not yet said so */
bit notifying[4];      /* has released with waiters and has not yet notified */
bit notify_lost = 0;   /* a notification was sent to a daemon that had been killed */
bit untold = 0;        /* the lock was abandoned and nobody has been told */
short tokens = 0;      /* the token counter of the word's line, less the last token that was given */
short drawn_early = 0;
bit left_to_others = 0; /* somebody else has to release */
bit is_stopped[4];

inline draw_token()
{
    d_step {
        assert(tokens + 1 > 0);
#if FAULT == 23
        if :: drawn_early -> drawn_early = drawn_early - (tokens + 1) :: else fi;
#endif
        tokens = 0
    }
}

/* ------------------------------------------------------------------------------------------------ the clients */

#ifdef LIVENESS
#define can_ask(a) (!daemon_is_down && can_send)
#else
#define can_ask(a) (!daemon_is_down && nfull(inbox[a]))
#endif

/* Sends, over a new connection where the old one is gone. A reply to an earlier request no longer counts: requests
 * have numbers. */
inline say(a, message)
{
    send(a, message); disconnected[a] = 0; reply[a] = 0
}

inline begin_to_hold(a)
{
    assert(inside == 0 && owner == a && !(word & granted)); inside = inside | (1 << a)
}

/* A client that waits looks at the word again when it is told to, has reconnected, or its time is over. */
#ifdef TIMEOUTS
#define looks(a) (true)
#else
#define looks(a) (reply[a] || (disconnected[a] && !daemon_is_down))
#endif

#if FAULT == 11
#define bars (abandoned | closed | granted)
#elif FAULT == 16
#define bars (fair | closed | granted)
#else
#define bars (fair | abandoned | closed | granted)
#endif

proctype client(byte me)
{
#if FAULT == 3
    short seen;
#endif
    {
        true;
outside:
        /* Acquires by the word, or asks. A client that spins stays here for a while. */
        if
        :: atomic {
            owner == 0 && !(word & bars) ->
acquire_free:
#if FAULT == 6
            word = (word & parity) | me;
#else
            word = word | me;
#endif
            assert(!untold);
            begin_to_hold(me);
            goto draw
        }
        :: atomic {
            (owner != 0 || (word & bars)) && !(word & closed) && can_ask(me) ->
            say(me, lock_acquire); stays[me] = 1
        }
#ifdef LIVENESS
        :: goto finished
#endif
#ifdef CLOSING
        :: word & closed -> goto finished
#endif
#ifdef TRANSFERABLE
        :: atomic { left_to_others -> left_to_others = 0; goto release }
#endif
        fi;
wait:
        /* Wake-up, time-out and reconnecting all begin with the same swap. */
        if
#if FAULT == 3
        :: atomic { reply[me] -> reply[me] = 0; seen = word };
            if
            :: atomic { (seen & (owner_bits | granted)) == (me | granted) ->
                word = seen & ~(granted | abandoned); untold = 0; stays[me] = 0; begin_to_hold(me) }
            :: atomic { (seen & (owner_bits | granted)) != (me | granted) && can_ask(me) ->
                say(me, lock_acquire); goto wait }
            fi
#endif
        :: atomic {
            offered_to(me) && looks(me) ->
take_offer:
            assert(untold == ((word & abandoned) != 0));
            word = word & ~(granted | abandoned);
            untold = 0; stays[me] = 0; reply[me] = 0;
            begin_to_hold(me)
        }
        :: atomic {
            !offered_to(me) && !(word & closed) && can_ask(me) && (reply[me] || disconnected[me]) ->
            say(me, lock_acquire);
            goto wait
        }
#ifdef CLOSING
        :: atomic {
            !offered_to(me) && (word & closed) && can_ask(me) && (reply[me] || disconnected[me]) ->
            stays[me] = 0; say(me, lock_end_wait);
            goto outside
        }
#endif
#ifdef TIMEOUTS
        :: atomic {
            !offered_to(me) && me != patient ->
            stays[me] = 0;
#if FAULT == 13
            goto outside
#endif
            telling[me] = 1
        };
            atomic { can_ask(me) -> say(me, lock_end_wait); telling[me] = 0 };
            goto outside
#endif
#ifdef STOPS
        :: atomic { me != patient -> is_stopped[me] = 1; stays[me] = 0; goto stopped }
#endif
        fi;
taken:
        /* Where the connection is lost it goes on without: a start finds out by itself that the offer was taken. */
        if
        :: atomic { can_ask(me) -> say(me, lock_end_wait) }
        :: daemon_is_down || disconnected[me]
        fi;
draw:
        atomic { draw_token() };
#ifdef TRANSFERABLE
        if
        :: true
        :: atomic { left_to_others = 1; inside = 0; goto outside }
        fi;
#endif
release:
#if FAULT == 1
        if
        :: (word & waiters) && !(word & notified) -> notify_under_way = 1
        :: else
        fi;
#endif
        /* `owner` is `me`, or anybody where the lock is transferable; never free, never an offer. */
        if
        :: atomic {
            !(word & waiters) || FAULT == 9 ->
release_free:
            assert(owner != 0 && !(word & granted));
            word = word & ~owner_bits;
            inside = 0;
            goto outside
        }
#if FAULT != 9
        :: atomic {
            (word & waiters) && !(word & fair) && !(word & notified) ->
release_notify:
            assert(owner != 0 && !(word & granted));
#if FAULT == 14
            word = (word & ~(owner_bits | parity)) | notified;
#else
            word = (word & ~owner_bits) | notified;
#endif
            inside = 0;
#if FAULT == 1
            goto outside
#else
            notifying[me] = 1
#endif
        }
        :: atomic {
            (word & waiters) && (word & fair) && !(word & notified) ->
hand_over:
            assert(owner != 0 && !(word & granted));
            word = (word & ~owner_bits) | notified;
            inside = 0;
#if FAULT == 1
            goto outside
#else
            notifying[me] = 1
#endif
        }
        :: atomic {
            (word & waiters) && (word & notified) ->
release_again:
            assert(owner != 0 && !(word & granted));
            word = word & ~owner_bits;
            inside = 0;
            goto outside
        }
#endif
        fi;
        if
        :: atomic {
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
        }
#ifdef STOPS
        :: atomic { me != patient -> is_stopped[me] = 1; goto stopped }
#endif
        fi;
        goto outside
    } unless { killed[me] };
finished:
stopped:
    skip
}

#ifdef SOCKET
/* A client without words: of another uid, or with the words turned off. */
proctype socket_client(byte me)
{
    {
        true;
outside_socket:
        if
        :: goto finished_socket
        :: true
        fi;
ask_socket:
        atomic {
            !daemon_is_down && nfull(inbox[me]) -> send(me, lock_acquire);
            disconnected[me] = 0; reply[me] = 0; stays[me] = 1
        };
        if
        :: atomic { reply[me] -> reply[me] = 0; stays[me] = 0 }
        :: atomic { disconnected[me] && !daemon_is_down && !reply[me] -> goto ask_socket }
        fi;
        atomic { begin_to_hold(me) };
        atomic { assert(owner == me && !(word & granted)); inside = 0 };
release_over_socket:
        atomic {
            !daemon_is_down && nfull(inbox[me]) -> send(me, lock_release);
            disconnected[me] = 0; reply[me] = 0
        };
        if
        :: atomic { reply[me] -> reply[me] = 0 }
        :: atomic { disconnected[me] && !daemon_is_down && !reply[me] -> goto release_over_socket }
        fi;
        goto outside_socket
    } unless { killed[me] };
finished_socket:
    skip
}
#endif

/* ------------------------------------------------------------------------------------------------- the daemon */

#ifdef SOCKET
#define has_words(a) ((a) != AGENTS)
#else
#define has_words(a) (true)
#endif

inline close_gaps()
{
    if :: line[0] && place[line[0]] == gone -> line[0] = line[1]; line[1] = line[2]; line[2] = 0 :: else fi;
    if :: line[0] && place[line[0]] == gone -> line[0] = line[1]; line[1] = line[2]; line[2] = 0 :: else fi;
    if :: line[1] && place[line[1]] == gone -> line[1] = line[2]; line[2] = 0 :: else fi;
    if :: line[2] && place[line[2]] == gone -> line[2] = 0 :: else fi
}

inline join_line(a)
{
    place[a] = waiting;
    if :: !line[0] -> line[0] = a :: line[0] && !line[1] -> line[1] = a :: else -> line[2] = a fi
}

inline find_first(a, which)
{
    if
    :: line[0] && place[line[0]] == which -> a = line[0]
    :: else -> if
        :: line[1] && place[line[1]] == which -> a = line[1]
        :: else -> if
            :: line[2] && place[line[2]] == which -> a = line[2]
            :: else -> a = 0
            fi
        fi
    fi
}

/* A Mutation: the agent's place becomes `new`, and the word, by the swap that the caller makes between the two. */
inline begin_mutation(a, new)
{
#if RESTART
#if FAULT != 17
    d_step { log_agent = a; log_place = place[a]; log_used = 1; place[a] = new };
#endif
    d_step { intent_parity = word & parity; intent_used = 1; has_happened = 0 };
#else
    place[a] = new;
#endif
}
inline end_mutation(a, new)
{
#if RESTART
#if FAULT == 17
    place[a] = new;
#endif
    d_step { log_used = 0; log_agent = 0; log_place = 0 };
    d_step { intent_used = 0; has_happened = 0; intent_parity = 0; intent_after = 0; close_gaps() };
#else
    d_step { close_gaps() };
#endif
}
inline drop_mutation(a, old)
{
#if RESTART
    d_step { intent_used = 0; has_happened = 0; intent_parity = 0; intent_after = 0 };
    d_step { place[a] = old; log_used = 0; log_agent = 0; log_place = 0 };
#else
    place[a] = old;
#endif
}

/* Without restarts nobody sees the steps of a Mutation but the swap. */
#if RESTART
#define as_one_step
#else
#define as_one_step atomic
#endif

inline note_swap()
{
#if RESTART
    has_happened = 1
#else
    skip
#endif
}

#if RESTART
#if FAULT == 7
#define flip(x) (x)
#else
#define flip(x) ((x) ^ parity)
#endif
#else
#define flip(x) (x)
#endif

/* Every wait of the line, whether it is still to be offered something. */
#define somebody_is(what) ((line[0] && place[line[0]] == what) || (line[1] && place[line[1]] == what) || \
                           (line[2] && place[line[2]] == what))

inline dispatch()
{
    if
    :: message == lock_acquire -> goto asked
    :: message == lock_end_wait -> goto ended
#ifdef SOCKET
    :: message == lock_release -> goto asked_to_release
#endif
    fi
}

proctype stewardd()
{
    byte agent, message, after;
    short seen;
    bit swapped;
#if RESTART
start_again:
    true;
    /* Settle the Mutation that was under way. */
    atomic {
        daemon_is_down = 0; busy = 1; agent = 0; message = 0; after = 0; seen = 0; swapped = 0;
#if FAULT == 8
        if
        :: intent_used -> word = intent_after
        :: else
        fi;
#endif
        /* Parity tells the truth. */
        assert(!intent_used || FAULT == 8 || ((word & parity) != intent_parity) == has_happened);
        if
#if FAULT == 8
        :: false
#else
        :: log_used && !(intent_used && (word & parity) != intent_parity) -> place[log_agent] = log_place
#endif
        :: else
        fi;
        log_used = 0; log_agent = 0; log_place = 0
    };
#endif
    {
        true;
#if RESTART
        d_step { intent_used = 0; has_happened = 0; intent_parity = 0; intent_after = 0; close_gaps() };
        /* Nobody has a connection yet: whoever still waits asks again. */
        d_step {
            find_first(agent, offered);
            if :: place[1] == waiting -> place[1] = asleep :: else fi;
            if :: place[2] == waiting -> place[2] = asleep :: else fi;
            if :: place[3] == waiting -> place[3] = asleep :: else fi;
            notify_lost = 0
        };
        if
        :: line[0] ->
restore_waiters:
            word = word | waiters
        :: else
        fi;
#if FAULT == 15
        if :: agent -> after = asleep; place[agent] = asleep; goto stir :: else -> goto stir fi;
#else
        if :: agent -> after = asleep; goto withdraw :: else -> goto stir fi;
#endif
#endif
rest:
        atomic { busy = 0; agent = 0; message = 0; after = 0; seen = 0; swapped = 0 };
end_idle:
#ifdef LIVENESS
        atomic {
            arrivals?agent,message;
            busy = 1;
            if
            :: message == object_notify -> notify_under_way = 0; goto stir
            :: message == check_is_due -> tick_under_way = 0; goto check
            :: message == death -> goto bury
            :: message == lock_acquire -> if :: killed[agent] -> goto rest :: else -> goto asked fi
            :: message == lock_end_wait -> if :: killed[agent] -> goto rest :: else -> goto ended fi
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
        :: atomic { line[0] -> busy = 1; goto check }
#ifdef CLOSING
        :: atomic { !(word & closed) -> busy = 1 } goto set_closed
#endif
        fi;
#endif

asked:
#ifdef CLOSING
        if :: word & closed -> reply[agent] = 1; goto rest :: else fi;
#endif
#ifdef SOCKET
        /* A repeated request: the word says that it was granted. */
        if
        :: !has_words(agent) && owner == agent -> draw_token(); reply[agent] = 1; goto rest
        :: else
        fi;
#endif
        atomic {
            if
            :: place[agent] == gone -> join_line(agent)
            :: place[agent] == offered -> if :: offered_to(agent) -> reply[agent] = 1 :: else fi; goto rest
            :: else -> place[agent] = waiting
            fi
        };
set_waiters:
#ifdef FAIR_LOCK
        word = word | waiters | fair;
#else
        word = word | waiters;
#endif
#if FAULT == 10
        goto rest;
#else
        goto stir;
#endif

ended:
        atomic {
            reply[agent] = 0;
            if
            :: place[agent] == offered ->
#if FAULT == 4
                place[agent] = gone; close_gaps(); goto stir
#else
                after = gone; goto withdraw
#endif
            :: place[agent] == gone -> goto rest
            :: else -> place[agent] = gone; close_gaps(); goto stir
            fi
        };

#ifdef SOCKET
asked_to_release:
        seen = word;
        if
        :: (seen & owner_bits) == agent -> skip
        :: else -> reply[agent] = 1; goto rest  /* repeated: it has happened */
        fi;
        as_one_step {
            begin_mutation(agent, gone);
release_for:
            atomic { if :: word == seen -> word = flip(seen & ~owner_bits); swapped = 1; note_swap() :: else fi };
            if
            :: swapped -> end_mutation(agent, gone); reply[agent] = 1; goto stir
            :: else -> drop_mutation(agent, gone); goto asked_to_release
            fi
        };
#endif

        /* Takes the offer to `agent` back, unless it has been taken; its place becomes `after`. */
withdraw:
        atomic {
            seen = word;
            if
            :: (seen & (owner_bits | granted)) == (agent | granted) -> skip
            :: else -> goto was_taken
            fi
        };
        as_one_step {
            begin_mutation(agent, after);
#if FAULT == 19
withdraw_offer:
            d_step { word = flip(seen & ~(owner_bits | granted)); swapped = 1; note_swap() };
#else
withdraw_offer:
            atomic {
                if
                :: word == seen -> word = flip(seen & ~(owner_bits | granted)); swapped = 1; note_swap()
                :: else
                fi
            };
#endif
            if
            :: swapped -> end_mutation(agent, after); swapped = 0; goto stir
            :: else -> drop_mutation(agent, offered); goto was_taken
            fi
        };
was_taken:
        atomic { place[agent] = gone; close_gaps() };
        goto stir;

#ifdef CLOSING
        /* The object goes: nobody acquires it any more, and everybody who waits is told. */
set_closed:
        word = word | closed;
        d_step { find_first(agent, offered); after = gone };
        d_step {
            reply[1] = reply[1] | (place[1] != gone);
            reply[2] = reply[2] | (place[2] != gone);
            reply[3] = reply[3] | (place[3] != gone);
            if :: place[1] != offered -> place[1] = gone :: else fi;
            if :: place[2] != offered -> place[2] = gone :: else fi;
            if :: place[3] != offered -> place[3] = gone :: else fi;
            close_gaps()
        };
        if :: agent -> goto withdraw :: else -> goto stir fi;
#endif

        /* The process has ended: it changes the word no more. */
bury:
        atomic {
#ifndef LIVENESS
            do :: nempty(inbox[agent]) -> inbox[agent]?message :: empty(inbox[agent]) -> break od;
#endif
            message = 0
        };
        atomic {
            seen = word;
            if
            :: (seen & owner_bits) == agent -> skip
#if FAULT == 5
            :: else -> skip
#else
            :: else ->
                buried[agent] = 1;
                /* Where it neither owned nor waited, the daemon does not know that it had to do with the object. */
                if
                :: place[agent] == gone -> goto rest
                :: else -> place[agent] = gone; close_gaps(); goto stir
                fi
#endif
            fi
        };
        as_one_step {
            begin_mutation(agent, gone);
free_dead:
            atomic {
                if
                :: word == seen ->
                    if
                    :: seen & granted -> word = flip(seen & ~(owner_bits | granted))
                    :: else -> word = flip((seen & ~owner_bits) | abandoned); untold = 1
                    fi;
                    swapped = 1; note_swap()
                :: else
                fi
            };
            if
            :: swapped -> end_mutation(agent, gone); swapped = 0; buried[agent] = 1; goto stir
            :: else -> drop_mutation(agent, gone); goto bury
            fi
        };

        /* Every 10 ms, where there are waiters. */
check:
#if KILLS || defined(STOPS)
        atomic {
            if :: killed[1] || is_stopped[1] -> notifying[1] = 0 :: else fi;
            if :: killed[2] || is_stopped[2] -> notifying[2] = 0 :: else fi;
            if :: killed[3] || is_stopped[3] -> notifying[3] = 0 :: else fi;
            notify_lost = 0
        };
#elif RESTART
        notify_lost = 0;
#endif
        if
#ifdef LIVENESS
#ifdef STOPS
        :: atomic { somebody_is(offered) -> find_first(agent, offered) };
            if
#if FAULT == 20
            :: is_stopped[agent] -> after = waiting; goto withdraw
#else
            :: is_stopped[agent] -> after = asleep; goto withdraw
#endif
            :: else
            fi
        :: !somebody_is(offered) && somebody_is(waiting) ->
#else
        :: somebody_is(waiting) ->
#endif
#if FAULT == 12
            skip
#else
set_fair:
            word = word | fair
#endif
        :: else
#else
#ifdef FAIRNESS
        :: somebody_is(waiting) ->
set_fair:
            word = word | fair
#endif
#ifdef OFFER_TIMEOUTS
        :: atomic { somebody_is(offered) -> find_first(agent, offered) };
            after = asleep;
            goto withdraw
#endif
        :: true
#endif
        fi;
#if defined(TIMER_ONLY) || FAULT == 18
        goto rest;
#endif

        /* The line goes on where it can. Nothing here is repeated: a swap of ours that fails was beaten by a client
         * that will notify, since `waiters` is set and `notified` is not. */
stir:
        atomic {
            after = 0; swapped = 0;
            find_first(agent, offered);
            if
            :: agent && !offered_to(agent) -> place[agent] = gone; close_gaps(); agent = 0
            :: else
            fi;
            if
            :: !line[0] ->
clear_waiters:
#if FAULT == 21
                word = word & ~(waiters | notified);
#else
                word = word & ~(waiters | notified | fair);
#endif
                goto rest
            :: line[0] && agent -> goto rest
            :: else ->
                find_first(agent, waiting);
                if
                :: !agent ->
clear_fair:
                    word = word & ~(notified | fair);
                    goto rest
                :: else ->
clear_notified:
#if FAULT == 2 || FAULT == 24
                    skip
#else
                    word = word & ~notified
#endif
                fi
            fi;
            message = 0
        };
        atomic {
            seen = word;
            if
#if FAULT == 24
            :: (seen & owner_bits) != 0 -> goto clear_too_late
#else
            :: (seen & owner_bits) != 0 -> goto rest
#endif
            :: else
            fi
        };
#ifdef SOCKET
        if :: !has_words(agent) -> goto grant_without_words :: else fi;
#endif
        as_one_step {
            begin_mutation(agent, offered);
#if RESTART
            intent_after = flip((seen & ~(notified | fair)) | agent | granted);
#endif
offer:
            atomic {
                if
#if FAULT == 22
                :: word == seen || true ->
#else
                :: word == seen ->
#endif
#ifdef FAIR_LOCK
                    word = flip((seen & ~notified) | agent | granted);
#else
                    word = flip((seen & ~(notified | fair)) | agent | granted);
#endif
                    swapped = 1; note_swap()
                :: else
                fi
            };
            if
            :: swapped -> end_mutation(agent, offered); reply[agent] = 1
            :: else -> drop_mutation(agent, waiting)
            fi
        };
        goto rest;

#if FAULT == 24
clear_too_late:
        word = word & ~notified;
        goto rest;
#endif

#ifdef SOCKET
grant_without_words:
#if FAULT == 23
        atomic { tokens = tokens + 1; drawn_early = tokens };
#endif
        as_one_step {
            begin_mutation(agent, gone);
grant:
            atomic {
                if
                :: word == seen -> word = flip((seen & ~(notified | fair | abandoned)) | agent); untold = 0; swapped = 1; note_swap()
                :: else
                fi
            };
            if
            :: swapped ->
                end_mutation(agent, gone);
#if FAULT == 23
                d_step { assert(drawn_early > 0); tokens = tokens - drawn_early; drawn_early = 0 };
#else
                draw_token();
#endif
                reply[agent] = 1
            :: else -> drop_mutation(agent, waiting)
            fi
        };
#if FAULT == 25
        goto rest
#else
        goto stir
#endif
#else
        skip
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
    :: atomic { line[0] && !tick_under_way && !daemon_is_down && nfull(arrivals) -> tick_under_way = 1;
                arrivals!0,check_is_due }
    od
}
#endif

#if KILLS
inline kill_client(a)
{
    kills = kills - 1; killed[a] = 1; inside = inside & ~(1 << a); stays[a] = 0; reply[a] = 0; disconnected[a] = 0
}
proctype killer()
{
end_killer:
    do
#ifndef LIVENESS
    :: d_step { kills && !killed[1] -> kill_client(1) }
    :: d_step { kills && !killed[2] -> kill_client(2) }
#if AGENTS == 3
    :: d_step { kills && !killed[3] -> kill_client(3) }
#endif
#else
    :: atomic { kills && !killed[2] && can_send -> d_step { kill_client(2) }; send(2, death) }
#if AGENTS == 3
    :: atomic { kills && !killed[3] && can_send -> d_step { kill_client(3) }; send(3, death) }
#endif
    :: kills -> kills = 0
#endif
    od
}
#endif

#if RESTART
inline lose_connections()
{
    restarts = restarts - 1; busy = 1; daemon_is_down = 1;
    disconnected[1] = !killed[1]; disconnected[2] = !killed[2]; disconnected[3] = !killed[3];
    notify_lost = notify_lost | notify_under_way;
    notify_under_way = 0
}
proctype killer_of_the_daemon()
{
    byte sender, what;
end_killer_of_the_daemon:
    do
    :: atomic {
        restarts && !daemon_is_down -> lose_connections();
#ifdef LIVENESS
        do :: arrivals?sender,what :: empty(arrivals) -> break od;
        tick_under_way = 0;
#else
        do :: inbox[1]?what :: empty(inbox[1]) -> break od;
        do :: inbox[2]?what :: empty(inbox[2]) -> break od;
        do :: inbox[3]?what :: empty(inbox[3]) -> break od;
#endif
        sender = 0; what = 0;
        /* Replies that had been sent may have arrived, or not. */
        if
        :: reply[1] = 0; reply[2] = 0; reply[3] = 0
        :: true
        fi
    }
#ifdef LIVENESS
    :: restarts -> restarts = 0
#endif
    od
}
#endif

/* --------------------------------------------------------------------------------------------- what must not be */

#ifdef LIVENESS
#define nothing_is_pending (!busy && empty(arrivals))
#else
#define nothing_is_pending (!busy && !notify_under_way && empty(inbox[1]) && empty(inbox[2]) && empty(inbox[3]) && \
                            killed[1] == buried[1] && killed[2] == buried[2] && killed[3] == buried[3])
#endif
#define somebody_is_notifying (notifying[1] || notifying[2] || notifying[3] || notify_lost)
/* Waits, and neither the daemon nor a message knows. */
#define is_forgotten(a) (stays[a] && !reply[a] && !disconnected[a] && place[a] != waiting)
/* Has an offer that it will not take. */
#define is_offered_in_vain(a) (offered_to(a) && (place[a] != offered || (!stays[a] && !telling[a])))

#define lost_wake_up       (owner == 0 && somebody_is(waiting) && !somebody_is_notifying)
#define lost_by_death      (owner != 0 && killed[owner])
#define useless_flags      (!line[0] && (word & (waiters | notified | fair)) && !somebody_is_notifying)
#define fair_for_nobody    ((word & fair) && owner == 0 && !somebody_is(waiting) && !somebody_is_notifying)
#define forgotten_waiter   (is_forgotten(1) || is_forgotten(2) || is_forgotten(3))
#define offer_in_vain      (is_offered_in_vain(1) || is_offered_in_vain(2) || is_offered_in_vain(3))
#define untold_forgotten   (untold != ((word & abandoned) != 0))

proctype monitor()
{
end_monitor:
    if
    :: atomic { nothing_is_pending && lost_wake_up -> assert(!(lost_wake_up)) }
    :: atomic { nothing_is_pending && lost_by_death -> assert(!(lost_by_death)) }
    :: atomic { nothing_is_pending && useless_flags -> assert(!(useless_flags)) }
    :: atomic { nothing_is_pending && fair_for_nobody -> assert(!(fair_for_nobody)) }
    :: atomic { nothing_is_pending && forgotten_waiter -> assert(!(forgotten_waiter)) }
    :: atomic { nothing_is_pending && offer_in_vain -> assert(!(offer_in_vain)) }
    :: atomic { untold_forgotten -> assert(!(untold_forgotten)) }
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
/* A waiter that stays gets there. The agents are alike, so that one of them speaks for all. */
ltl gets_there { [] (stays[1] -> <> !stays[1]) }
#endif
