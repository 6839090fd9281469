/* The word of a lock: who changes it, from what to what. README.md beside this file is the specification that follows
 * from it; `check` runs every configuration and every seeded fault.
 *
 * Configurations (-D):
 *   KILLS=n         n clients are killed, each at any step
 *   RESTART=n       the daemon is killed n times, at any step, also while it starts, and starts again
 *   TIMEOUTS        the time of a wait may be over, or it is cancelled
 *   OFFER_TIMEOUTS  an offer that is not taken may be withdrawn
 *   FAIRNESS        the head of the line may have waited long: `fair` is set
 *   FAIR_LOCK       the lock is `fair` by option
 *   TRANSFERABLE    whoever acquires may leave the release to another
 *   SOCKET          the last agent has no words: it asks the daemon for everything
 *   READERS         of an rwlock: the first agent is a writer, the other two acquire it as readers, over the socket. Read
 *                   by one, the word says 2 in the place of the owner, by both 3
 *   CLOSING         the object is removed
 *   BELLS=n         whoever releases wakes the first in line himself, where that is one of n clients that listen
 *   AGENTS=n        2 or 3
 *   LIVENESS        messages come to the daemon in one order of arrival; time passes by a process of its own; the daemon
 *                   loses against clients only where what it wants to do is no longer to be done
 *   STOPS           (with LIVENESS) a client may stop for ever, while it waits or before it notifies
 *   TIMER_ONLY      (with LIVENESS) the daemon's 10 ms check does not look at the word: nobody needs it
 *   FAULT=n         one of the seeded faults
 *
 * A step of this model is one atomic operation on the word, or one message, or one store of the daemon that a restart
 * sees. A client's load and the compare-and-swap that follows are one step: what it swaps in depends on what it loaded
 * alone, so that a swap that fails is as if it had not been tried. The daemon's swaps have two steps, since one of its
 * own that fails has consequences.
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
#ifdef READERS
#define SOCKET
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
#define of_the_line (waiters | notified | fair)
#define owner      (word & owner_bits)
#define offered_to(a) ((word & (owner_bits | granted)) == ((a) | granted))

short word = 0;

/* Who has a ticket, in order of tickets, and what his wait is. Those that are `waiting` are the line, which is in the
 * heap; `offered` and `asleep` are in the daemon's private memory, and lost with it. */
#define gone    0  /* does not wait */
#define waiting 1  /* stands in line */
#define offered 2  /* was made the last offer, which stands or was taken */
#define asleep  3  /* its offer was withdrawn: it stands where it stood as soon as it asks again */
byte line[3];
byte place[4];

#ifdef READERS
byte reads = 0;        /* in the heap: who reads, a bit for each */
#define reads_it(a)    (reads >> (a) & 1)
#define one_more       (owner == 0 -> 2 : 3)
#define one_less       (owner == 3 -> 2 : 0)
#if FAULT == 40
#undef one_less
#define one_less       0
#endif
#define owns(a)        ((a) == 1 -> owner == 1 : reads_it(a))
#define is_ready(a, x) (((x) & owner_bits) == 0 || ((a) != 1 && ((x) & owner_bits) == 2))
#define keeps_out(a)   (inside & ((a) == 1 -> 14 : 2))
#else
#define owns(a)        (owner == (a))
#define is_ready(a, x) (((x) & owner_bits) == 0)
#define keeps_out(a)   (inside)
#endif

bit record = 0;  /* in the heap: who died holding it, where nobody has been told */

#if RESTART
/* The undo log and the intent of the Mutation under way. */
bit log_used = 0, log_record = 0;
byte log_agent = 0, log_place = 0;
#ifdef READERS
byte log_reads = 0;
#endif
bit intent_used = 0, has_happened = 0;
short intent_parity = 0;
short intent_after = 0;
#endif

/* Messages, and what else the daemon does. */
#define lock_acquire  1
#define lock_release  2
#define object_notify 3
#define death         4
#define lock_withdraw 7
#define check_is_due  5
#define time_is_over  6
#ifdef LIVENESS
chan arrivals = [12] of { byte, byte };
#define send(agent, message) arrivals!agent,message
#define can_send (nfull(arrivals))
bit notify_under_way = 0, tick_under_way = 0;
bit late = 0;          /* the head of the line has waited long */
bit beaten = 0;        /* the daemon was beaten by a client that was quicker; it is not for ever */
#else
/* One that asks waits for the reply. */
#ifdef BELLS
#define messages 2     /* an acquisition, and that it is withdrawn */
#else
#define messages 1
#endif
chan inbox[4] = [messages] of { byte };
bit notify_under_way = 0;
#define send(agent, message) inbox[agent]!message
#endif
/* Replies to the request that the agent waits for. */
#define nothing_yet 0
#define an_offer    1
#define a_grant     2  /* or that it was released */
#define no_more     3  /* the time is over, the wait was cancelled, the object is gone */
byte reply[4];
bit disconnected[4];   /* the agent's connection is one to a daemon that was killed */
bit killed[4], buried[4];
byte kills = KILLS, restarts = RESTART;
bit daemon_is_down = 0;

#ifdef BELLS
byte next = 0;         /* in the word's line: who stands first and listens to his bell; 0: nobody that does */
bit rung[4];           /* the agent's bell, which stays rung until he looks */
byte withdrawn[4];     /* so many of the agent's requests are withdrawn, and the daemon has not heard of it yet */
/* Messages are handled in their order: that the next is sent only then leaves out nothing but states. */
#define has_been_heard(a) (!withdrawn[a] && !owes[a])
#define answer(agent, what) if :: !withdrawn[agent] -> reply[agent] = what :: else fi
#else
#define has_been_heard(a) (true)
#define answer(agent, what) reply[agent] = what
#endif

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
bit notifying[4];      /* has released with waiters and has not yet notified */
#ifdef BELLS
bit answering[4];      /* has heard his bell and has not looked yet */
bit owes[4];           /* has taken what he waited for, and the daemon is to be told */
#endif
bit notify_lost = 0;   /* a notification was sent to a daemon that had been killed */
bit untold = 0;        /* the lock was abandoned and nobody has been told */
short tokens = 0;      /* the token counter of the word's line, less the last token that was given */
short drawn_early = 0;
bit left_to_others = 0; /* somebody else has to release */
bit is_stopped[4];
#ifdef OFFER_TIMEOUTS
byte arrived[3];       /* who waits, in the order in which they came */
#endif

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

/* The order of those who wait. */
inline has_come(a)
{
#ifdef OFFER_TIMEOUTS
    if
    :: arrived[0] == a || arrived[1] == a || arrived[2] == a
    :: else -> if :: !arrived[0] -> arrived[0] = a :: arrived[0] && !arrived[1] -> arrived[1] = a :: else -> arrived[2] = a fi
    fi
#else
    skip
#endif
}
inline has_gone(a)
{
#ifdef OFFER_TIMEOUTS
    if :: arrived[0] == a -> arrived[0] = arrived[1]; arrived[1] = arrived[2]; arrived[2] = 0 :: else fi;
    if :: arrived[1] == a -> arrived[1] = arrived[2]; arrived[2] = 0 :: else fi;
    if :: arrived[2] == a -> arrived[2] = 0 :: else fi
#else
    skip
#endif
}
/* Of those who stand in line, `a` came first. */
inline check_order(a)
{
#ifdef OFFER_TIMEOUTS
    assert(arrived[0] == a || ((!arrived[0] || place[arrived[0]] != waiting) &&
                               (arrived[1] == a || !arrived[1] || place[arrived[1]] != waiting)))
#else
    skip
#endif
}

/* ------------------------------------------------------------------------------------------------ the clients */

#ifdef LIVENESS
#define can_ask(a) (!daemon_is_down && can_send)
#define daemon_is_beaten (beaten)
#define can_withdraw(a) (can_send)
#else
#define daemon_is_beaten (false)
#define can_ask(a) (!daemon_is_down && nfull(inbox[a]))
#define can_withdraw(a) (nfull(inbox[a]))
#endif

/* Sends, over a new connection where the old one is gone. A reply to an earlier request no longer counts: requests
 * have numbers. */
inline say(a, message)
{
    send(a, message); disconnected[a] = 0; reply[a] = nothing_yet
}

inline begin_to_hold(a)
{
    assert(!keeps_out(a) && owns(a) && !(word & granted)); inside = inside | (1 << a)
}

#ifdef BELLS
/* Withdraws the request for what the agent has taken when it heard its bell. */
inline tell_that_taken()
{
#if FAULT != 34
    if
    :: atomic { !owes[me] -> skip }
    :: atomic { owes[me] && !daemon_is_down && !disconnected[me] && can_withdraw(me) ->
            send(me, lock_withdraw); withdrawn[me]++; owes[me] = 0; reply[me] = nothing_yet }
    :: atomic { owes[me] && (daemon_is_down || disconnected[me]) -> owes[me] = 0; reply[me] = nothing_yet; has_gone(me) }
    fi
#else
    owes[me] = 0
#endif
}
#endif

/* Whoever is the owner now has been told who died. */
inline tell()
{
    assert(untold == ((word & abandoned) != 0) && (!untold || record));
    untold = 0; record = 0
}

#if FAULT == 11
#define bars (abandoned | closed | granted)
#elif FAULT == 16
#define bars (fair | closed | granted)
#else
#define bars (fair | abandoned | closed | granted)
#endif

#if FAULT == 27
#define may_take_offer(a) (offered_to(a))
#else
#define may_take_offer(a) (offered_to(a) && !(word & closed))
#endif

proctype client(byte me)
{
#if FAULT == 3
    short seen;
#endif
#if FAULT == 37
    byte first;
#define next_when_released first
#else
#define next_when_released next
#endif
    {
        true;
outside:
        /* Acquires by the word, or asks. A client that spins stays here for a while. */
        if
        :: atomic {
            owner == 0 && !(word & bars) && !daemon_is_beaten ->
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
            (owner != 0 || (word & bars)) && !(word & closed) && can_ask(me) && has_been_heard(me) ->
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
#ifdef BELLS
        /* Who leaves the release to others tells with what he sends next. */
        :: owes[me] -> tell_that_taken(); goto outside
#endif
#endif
        fi;
wait:
        if
#if FAULT == 3
        :: atomic { reply[me] == an_offer -> reply[me] = nothing_yet; seen = word };
            if
            :: atomic { (seen & (owner_bits | granted)) == (me | granted) ->
                word = seen & ~(granted | abandoned); untold = 0; stays[me] = 0; begin_to_hold(me) }
            :: atomic { (seen & (owner_bits | granted)) != (me | granted) && can_ask(me) ->
                say(me, lock_acquire); goto wait }
            fi
#else
        :: atomic {
            reply[me] == an_offer && may_take_offer(me) ->
take_offer:
            assert(!(word & closed));
            tell();
            word = word & ~(granted | abandoned);
            stays[me] = 0; reply[me] = nothing_yet; has_gone(me);
            begin_to_hold(me)
        }
        /* It was withdrawn. */
        :: atomic {
            reply[me] == an_offer && !may_take_offer(me) && can_ask(me) ->
#if FAULT == 31
            reply[me] = nothing_yet;
#else
            say(me, lock_acquire);
#endif
            goto wait
        }
#endif
        :: atomic {
            reply[me] == nothing_yet && disconnected[me] && can_ask(me) ->
            say(me, lock_acquire);
            goto wait
        }
#ifdef BELLS
        :: atomic { reply[me] == nothing_yet && rung[me] -> rung[me] = 0; answering[me] = 1; goto hear }
#endif
        :: atomic {
            reply[me] == no_more ->
            reply[me] = nothing_yet; stays[me] = 0;
            goto outside
        }
#if FAULT == 29
        :: atomic { reply[me] == a_grant -> reply[me] = nothing_yet; stays[me] = 0; begin_to_hold(me) }
#endif
#ifdef STOPS
        :: atomic { me != patient -> is_stopped[me] = 1; stays[me] = 0; goto stopped }
#endif
        fi;
#ifdef BELLS
        goto draw;
        /* Somebody rang: the first in line takes the lock before the daemon knows that it is free, if it still is. */
hear:
        if
        :: atomic { next == me ->
            if
            :: owner == 0 && !(word & (abandoned | closed | granted)) && !daemon_is_beaten ->
acquire_rung:
                word = word | me;
                assert(!untold);
                begin_to_hold(me);
                stays[me] = 0; answering[me] = 0
            :: else -> goto pass_on
            fi
        }
        :: atomic { next != me -> answering[me] = 0; goto wait }
#ifdef STOPS
        :: atomic { me != patient -> is_stopped[me] = 1; stays[me] = 0; goto stopped }
#endif
        fi;
        /* A reply that may have come meanwhile is not looked at any more. The daemon is told now, or after the release. */
        atomic { owes[me] = 1; reply[me] = nothing_yet };
        if
        :: tell_that_taken()
        :: true
        fi;
        goto draw;
        /* It is not free: the daemon has to know, since nobody else has told it. */
pass_on:
        atomic {
#ifdef LIVENESS
            (daemon_is_down || disconnected[me] || notify_under_way || can_send) ->
#endif
            answering[me] = 0;
#if FAULT != 36
            if
            :: daemon_is_down || disconnected[me] -> notify_lost = 1
#ifdef LIVENESS
            :: else -> if :: !notify_under_way -> notify_under_way = 1; send(0, object_notify) :: else fi
#else
            :: else -> notify_under_way = 1
#endif
            fi;
#endif
            goto wait
        };
#endif
draw:
        atomic { draw_token() };
#ifdef TRANSFERABLE
        if
        :: true
        :: atomic { left_to_others = 1; inside = 0; goto outside }
        fi;
#endif
release:
#if FAULT == 37
        first = next;
#endif
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
            goto let_go
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
            goto let_go
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
#ifdef BELLS
            /* Who stands first is looked at after the swap, and hears it though the daemon be down. */
            :: next_when_released != 0 && next_when_released != me ->
ring_next:
                rung[next_when_released] = 1
#endif
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
let_go:
#ifdef BELLS
        tell_that_taken();
#endif
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
            disconnected[me] = 0; reply[me] = nothing_yet; stays[me] = 1
        };
        if
        :: atomic { reply[me] == a_grant -> reply[me] = nothing_yet; stays[me] = 0 }
        :: atomic { disconnected[me] && !daemon_is_down && !reply[me] -> goto ask_socket }
        fi;
        atomic { begin_to_hold(me) };
        atomic { assert(owns(me) && !(word & granted)); inside = inside & ~(1 << me) };
release_over_socket:
        atomic {
            !daemon_is_down && nfull(inbox[me]) -> send(me, lock_release);
            disconnected[me] = 0; reply[me] = nothing_yet
        };
        if
        :: atomic { reply[me] == a_grant -> reply[me] = nothing_yet }
        :: atomic { disconnected[me] && !daemon_is_down && !reply[me] -> goto release_over_socket }
        fi;
        goto outside_socket
    } unless { killed[me] };
finished_socket:
    skip
}
#endif

/* ------------------------------------------------------------------------------------------------- the daemon */

#ifdef READERS
#define has_words(a) ((a) == 1)
#elif defined(SOCKET)
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

/* A new ticket, where it has none. */
inline change_place(a, new)
{
    if
    :: place[a] == gone && new != gone ->
        if :: !line[0] -> line[0] = a :: line[0] && !line[1] -> line[1] = a :: else -> line[2] = a fi
    :: else
    fi;
    place[a] = new
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

/* Whether somebody waits, and whether the first of them stands behind `a`, which has a ticket. */
#define somebody_is(what) ((line[0] && place[line[0]] == what) || (line[1] && place[line[1]] == what) || \
                           (line[2] && place[line[2]] == what))
#define stands_before(a) (place[a] == asleep && (line[0] == a || (line[1] == a && place[line[0]] != waiting)))
#define nobody_before(a) (!somebody_is(waiting) || stands_before(a))

/* That an offer was taken is seen by the word alone. The daemon looks when the offer's time is over; that the model
 * forgets it at once makes no difference, and fewer states. */
inline forget_taken(a)
{
    find_first(a, offered);
    if :: a && !offered_to(a) -> place[a] = gone; close_gaps() :: else fi;
    a = 0
}

/* A reader comes or goes: in the heap, in the Mutation that changes how many the word says there are. */
#ifdef READERS
#define reader_changes(a) changes = 1 << (a)
#define nobody_changes()  changes = 0
#define change_reads()    reads = reads ^ changes
#if FAULT == 41
#define note_reads()      skip
#define undo_reads()      skip
#elif RESTART
#define note_reads()      log_reads = reads
#define undo_reads()      reads = log_reads
#endif
#else
#define reader_changes(a) skip
#define nobody_changes()  skip
#define change_reads()    skip
#define note_reads()      skip
#define undo_reads()      skip
#endif

/* A Mutation: the agent's place becomes `new`, and the word, by the swap that the caller makes between the two. */
inline begin_mutation(a, new)
{
#if RESTART
    d_step {
        log_agent = a; log_place = place[a]; log_record = record; note_reads(); log_used = 1;
        change_place(a, new); change_reads()
    };
    d_step { intent_parity = word & parity; intent_used = 1; has_happened = 0 };
#else
    change_place(a, new); change_reads();
#endif
}
inline end_mutation()
{
#if RESTART
    d_step { log_used = 0; log_agent = 0; log_place = 0; log_record = 0 };
    d_step { intent_used = 0; has_happened = 0; intent_parity = 0; intent_after = 0; nobody_changes(); close_gaps() };
#else
    d_step { nobody_changes(); close_gaps() };
#endif
}
inline drop_mutation(a, old)
{
#if RESTART
    d_step { intent_used = 0; has_happened = 0; intent_parity = 0; intent_after = 0; nobody_changes() };
    d_step { place[a] = old; record = log_record; undo_reads(); log_used = 0; log_agent = 0; log_place = 0; log_record = 0; close_gaps() };
#else
    d_step { place[a] = old; change_reads(); nobody_changes(); close_gaps() };
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

/* Whether a swap succeeds. Where everybody is to get there, it is not beaten for ever by clients that change something
 * else: it is as if the daemon looked again and were quicker then. */
#ifdef LIVENESS
#define succeeds(still) (word == seen || (still))
#else
#define succeeds(still) (word == seen)
#endif

/* The flags of the line when the first one has left it, with what it wanted. */
#ifdef FAIR_LOCK
#define without_first(x) (somebody_is(waiting) -> ((x) & ~notified) : ((x) & ~of_the_line))
#define flags_to_set (waiters | fair)
#else
#define without_first(x) (somebody_is(waiting) -> ((x) & ~(notified | fair)) : ((x) & ~of_the_line))
#if FAULT == 30
#define flags_to_set 0
#else
#define flags_to_set waiters
#endif
#endif
#if FAULT == 25
#undef without_first
#define without_first(x) ((x) & ~(notified | fair))
#endif

inline dispatch()
{
    if
    :: message == lock_acquire -> goto asked
#ifdef BELLS
    :: message == lock_withdraw -> withdrawn[agent]--; goto asked_to_withdraw
#endif
#ifdef SOCKET
    :: message == lock_release -> goto asked_to_release
#endif
    fi
}

proctype stewardd()
{
    byte agent, message, after, before;
    short seen;
    bit swapped;
#ifdef READERS
    byte changes;
#endif
#if RESTART
start_again:
    true;
    /* Settle the Mutation that was under way. */
    atomic {
        daemon_is_down = 0; busy = 1; agent = 0; message = 0; after = 0; before = 0; seen = 0; swapped = 0;
        nobody_changes();
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
        :: log_used && !(intent_used && (word & parity) != intent_parity) ->
            place[log_agent] = log_place; record = log_record; undo_reads()
#endif
        :: else
        fi;
        log_used = 0; log_agent = 0; log_place = 0; log_record = 0
    };
#endif
    {
        true;
#if RESTART
        /* What was in private memory is lost. */
        d_step {
            intent_used = 0; has_happened = 0; intent_parity = 0; intent_after = 0;
            if :: place[1] != waiting -> place[1] = gone :: else fi;
            if :: place[2] != waiting -> place[2] = gone :: else fi;
            if :: place[3] != waiting -> place[3] = gone :: else fi;
            close_gaps();
            notify_lost = 0
        };
        /* Nobody has a connection: whoever still waits asks again. The places go by the swap, which commits. */
forget_them:
        if
        :: line[0] ->
            atomic { seen = word };
            d_step { intent_parity = word & parity; intent_used = 1; has_happened = 0 };
forget_line:
            atomic {
                if
                :: succeeds(true) ->
                    word = flip(word & ~of_the_line); note_swap(); swapped = 1;
                    place[1] = gone; place[2] = gone; place[3] = gone; close_gaps()
                :: else
                fi
            };
            d_step { intent_used = 0; has_happened = 0; intent_parity = 0; intent_after = 0 };
            if :: swapped -> swapped = 0 :: else -> goto forget_them fi
        :: else
        fi;
#if FAULT != 15
        if :: word & granted -> agent = owner; after = gone; if :: agent -> goto withdraw :: else fi :: else fi;
#endif
        goto stir;
#endif
rest:
        atomic {
#ifdef LIVENESS
            beaten = 0;
#endif
            busy = 0; agent = 0; message = 0; after = 0; before = 0; seen = 0; swapped = 0
        };
end_idle:
#ifdef LIVENESS
        atomic {
            arrivals?agent,message;
            busy = 1;
            if
            :: message == object_notify -> notify_under_way = 0; goto stir
            :: message == check_is_due -> tick_under_way = 0; goto check
#if KILLS
            :: message == death -> goto bury
#endif
            :: message == lock_acquire -> if :: killed[agent] -> goto rest :: else -> goto asked fi
#ifdef BELLS
            :: message == lock_withdraw -> withdrawn[agent]--; if :: killed[agent] -> goto rest :: else -> goto asked_to_withdraw fi
#endif
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
        :: atomic { somebody_is(waiting) -> busy = 1; goto check }
#ifdef TIMEOUTS
#if FAULT == 32
#define can_time_out(a) ((place[a] == waiting || (place[a] == offered && reply[a] == an_offer)) && has_words(a))
#else
#define can_time_out(a) (place[a] == waiting && has_words(a))
#endif
        :: atomic { can_time_out(1) -> agent = 1; message = time_is_over; busy = 1; goto leave }
        :: atomic { can_time_out(2) -> agent = 2; message = time_is_over; busy = 1; goto leave }
#if AGENTS == 3
        :: atomic { can_time_out(3) -> agent = 3; message = time_is_over; busy = 1; goto leave }
#endif
#endif
#ifdef OFFER_TIMEOUTS
#if FAULT == 26
#define of_withdrawn gone
#else
#define of_withdrawn asleep
#endif
        :: atomic { somebody_is(offered) -> find_first(agent, offered); after = of_withdrawn; busy = 1; goto withdraw }
#endif
#ifdef CLOSING
        :: atomic { !(word & closed) -> busy = 1; goto close }
#endif
        fi;
#endif

        /* Gets what it wants at once, or stands in line: where it stood, or at its end. */
asked:
        atomic {
#ifdef CLOSING
            if :: word & closed -> answer(agent, no_more); goto rest :: else fi;
#endif
            after = 0; swapped = 0;
            before = agent; forget_taken(agent); agent = before;
            assert(place[agent] != waiting && place[agent] != offered);
#ifdef SOCKET
            /* A repeated request: the word says that it was granted. */
            if
#ifdef READERS
            :: !has_words(agent) && owns(agent) -> answer(agent, a_grant); goto rest
#else
            :: !has_words(agent) && owner == agent -> draw_token(); answer(agent, a_grant); goto rest
#endif
            :: else
            fi;
#endif
            has_come(agent);
            seen = word;
            before = place[agent];
            if
            :: is_ready(agent, seen) && nobody_before(agent) -> goto offer_it
            :: else
            fi;
#ifdef TIMEOUTS
            if
            :: before == asleep -> place[agent] = gone; close_gaps(); has_gone(agent); answer(agent, no_more); goto rest
            :: true
            fi
#endif
        };
        seen = word;
        as_one_step {
            begin_mutation(agent, waiting);
            if
            :: (seen & flags_to_set) == flags_to_set -> swapped = 1
            :: else ->
set_waiters:
                atomic { if :: succeeds(true) -> word = flip(word | flags_to_set); swapped = 1; note_swap() :: else fi }
            fi;
            if
            :: swapped -> end_mutation()
            :: else -> drop_mutation(agent, before); goto asked
            fi
        };
#if FAULT == 10
        goto rest;
#else
        goto stir;
#endif

        /* Leaves the line without a grant. */
leave:
        atomic { swapped = 0; seen = word; before = place[agent] };
        as_one_step {
            begin_mutation(agent, gone);
            if
            :: somebody_is(waiting) || FAULT == 13 -> swapped = 1
            :: else ->
clear_waiters:
                atomic {
                    if
#if FAULT == 21
                    :: succeeds(true) -> word = flip(word & ~(waiters | notified)); swapped = 1; note_swap()
#else
                    :: succeeds(true) -> word = flip(word & ~of_the_line); swapped = 1; note_swap()
#endif
                    :: else
                    fi
                }
            fi;
            if
            :: swapped -> end_mutation()
            :: else -> drop_mutation(agent, before); goto leave
            fi
        };
        atomic {
            has_gone(agent);
            if
            :: message == time_is_over -> answer(agent, no_more); goto stir
#ifdef BELLS
            :: message == lock_withdraw -> goto stir
#endif
#ifdef CLOSING
            :: message == 0 -> answer(agent, no_more); goto close
#endif
#if KILLS
            :: message == death -> goto free_what_it_held
#endif
            fi
        };

#ifdef SOCKET
asked_to_release:
        seen = word;
        if
        :: owns(agent) -> skip
        :: else -> answer(agent, a_grant); goto rest  /* repeated: it has happened */
        fi;
        as_one_step {
            reader_changes(agent);
            begin_mutation(agent, gone);
release_for:
            atomic {
                if
#ifdef READERS
                :: succeeds(true) -> word = flip((word & ~owner_bits) | one_less); swapped = 1; note_swap()
#else
                :: succeeds(owner == agent) -> word = flip(word & ~owner_bits); swapped = 1; note_swap()
#endif
                :: else
                fi
            };
            if
            :: swapped -> end_mutation(); answer(agent, a_grant); goto stir
            :: else -> drop_mutation(agent, gone); goto asked_to_release
            fi
        };
#endif

#ifdef BELLS
        /* Has got what it waited for by its word. */
asked_to_withdraw:
        atomic {
            after = gone;
            has_gone(agent);
            if
            :: place[agent] == waiting -> goto leave
            :: place[agent] == offered -> goto withdraw
            :: else -> place[agent] = gone; close_gaps(); goto stir
            fi
        };
#endif

        /* Takes the offer to `agent` back, unless it has been taken; its place becomes `after`. */
withdraw:
        atomic {
            swapped = 0;
            seen = word; before = place[agent];
            if
            :: (seen & (owner_bits | granted)) == (agent | granted) -> skip
            :: else -> place[agent] = gone; close_gaps(); goto rest
            fi
        };
#if FAULT == 33
        atomic { seen = word; if :: (seen & owner_bits) == agent :: else -> goto withdraw fi };
#endif
        as_one_step {
            begin_mutation(agent, after);
withdraw_offer:
            atomic {
                if
#if FAULT == 19
                :: true -> word = flip(seen & ~(owner_bits | granted)); swapped = 1; note_swap()
#else
                :: succeeds(offered_to(agent)) -> word = flip(word & ~(owner_bits | granted)); swapped = 1; note_swap()
#endif
                :: else
                fi
            };
            if
            :: swapped -> end_mutation(); goto stir
            :: else -> drop_mutation(agent, before); goto withdraw
            fi
        };

#ifdef CLOSING
        /* The object goes: everybody who waits is told, and nobody acquires it any more. An offer stands, and is not
         * taken. */
close:
        find_first(agent, waiting);
        if :: agent -> goto leave :: else fi;
        atomic { find_first(agent, offered); if :: agent -> place[agent] = gone; close_gaps() :: else fi };
set_closed:
        word = word | closed;
        goto rest;
#endif

        /* The process has ended: it changes the word no more. Of a reader there is nothing to tell. */
#if KILLS
#ifdef READERS
#define has_record(a) ((a) == 1)
#else
#define has_record(a) (true)
#endif
bury:
        atomic {
#ifndef LIVENESS
            do :: nempty(inbox[agent]) -> inbox[agent]?message :: empty(inbox[agent]) -> break od;
#endif
            message = death;
            if
            :: place[agent] == waiting -> goto leave
            :: else -> place[agent] = gone; close_gaps(); has_gone(agent)
            fi
        };
free_what_it_held:
        atomic {
            swapped = 0;
            seen = word;
            if
            :: owns(agent) -> skip
#if FAULT == 5
            :: else -> skip
#else
            :: else -> buried[agent] = 1; goto stir
#endif
            fi
        };
        as_one_step {
#ifdef READERS
            if :: agent != 1 -> reader_changes(agent) :: else fi;
#endif
            begin_mutation(agent, gone);
#if FAULT != 17
            if :: !(seen & granted) && has_record(agent) -> record = 1 :: else fi;
#endif
free_dead:
            atomic {
                if
#ifdef READERS
                :: agent != 1 && succeeds(true) -> word = flip((word & ~owner_bits) | one_less); swapped = 1; note_swap()
#endif
                :: has_record(agent) && succeeds(owner == agent) ->
                    if
#if FAULT == 28
                    :: seen & granted -> word = flip(word & ~owner_bits)
#else
                    :: seen & granted -> word = flip(word & ~(owner_bits | granted))
#endif
                    :: else -> word = flip((word & ~owner_bits) | abandoned); untold = 1
                    fi;
                    swapped = 1; note_swap()
                :: else
                fi
            };
            if
            :: swapped -> end_mutation()
            :: else -> drop_mutation(agent, gone); goto free_what_it_held
            fi
        };
#if FAULT == 17
        if :: !(seen & granted) -> record = 1 :: else fi;
#endif
        buried[agent] = 1;
        goto stir;
#endif

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
#ifdef STOPS
        atomic { find_first(agent, offered) };
        if
#if FAULT == 20
        :: is_stopped[agent] -> after = waiting; goto withdraw
#else
        :: is_stopped[agent] -> after = asleep; goto withdraw
#endif
        :: else
        fi;
#endif
#if defined(TIMER_ONLY) || FAULT == 18
        goto rest;
#endif

        /* Goes on: the first in line is offered a free lock, or else whoever holds it is to tell when he lets it go. */
stir:
        atomic {
            after = 0; swapped = 0; message = 0;
            forget_taken(agent);
            find_first(agent, waiting);
            if :: !agent -> goto rest :: else fi
#ifdef BELLS
            ;
            /* Where he owned it before he waited, his token is the same still. */
            if :: (word & (owner_bits | granted)) == agent && owes[agent] -> message = lock_withdraw; after = gone; goto leave :: else fi
#endif
        };
        atomic {
            seen = word;
            if
            :: !is_ready(agent, seen) -> goto leave_it
            :: else -> check_order(agent); forget_taken(before); before = waiting
            fi
        };

        /* `agent` had the place `before`, the word was free. */
offer_it:
#ifdef SOCKET
        if :: !has_words(agent) -> goto grant_it :: else fi;
#endif
#if FAULT == 29
        if :: before != waiting -> goto grant_it :: else fi;
#endif
        as_one_step {
            begin_mutation(agent, offered);
#if RESTART
            intent_after = flip(without_first(seen) | agent | granted);
#endif
#if FAULT == 4
        };
        answer(agent, an_offer);
        as_one_step {
            skip;
#endif
offer:
            atomic {
                if
#if FAULT == 22
                :: true ->
                    word = seen;
#else
                :: succeeds(owner == 0) ->
#endif
                    if
                    :: before == waiting -> word = flip(without_first(word) | agent | granted)
                    :: else -> word = flip(word | agent | granted)
                    fi;
                    swapped = 1; note_swap()
                :: else
                fi
            };
            if
            :: swapped -> end_mutation()
            :: else -> drop_mutation(agent, before)
            fi
        };
        atomic {
            if
            :: swapped ->
                answer(agent, an_offer);
#ifdef LIVENESS
                late = 0; beaten = 0;
#endif
                if :: message == lock_acquire -> goto rest :: else -> goto stir fi
            :: else ->
#ifdef LIVENESS
                beaten = 1;
#endif
                if :: message == lock_acquire -> goto asked :: else -> goto stir fi
            fi
        };

        /* One without words is not offered anything: it is the owner. */
#if defined(SOCKET) || FAULT == 29
grant_it:
#if FAULT == 23
        atomic { tokens = tokens + 1; drawn_early = tokens };
#endif
        as_one_step {
            reader_changes(agent);
            begin_mutation(agent, gone);
grant:
            atomic {
                if
#ifdef READERS
#if FAULT == 39
                :: true ->
#else
                :: succeeds(is_ready(agent, word)) ->
#endif
                    if
                    :: before == waiting -> word = flip((without_first(word) & ~owner_bits) | one_more)
                    :: else -> word = flip((word & ~owner_bits) | one_more)
                    fi;
                    swapped = 1; note_swap()
#else
                :: succeeds(owner == 0) ->
                    tell();
                    if
                    :: before == waiting -> word = flip((without_first(word) & ~abandoned) | agent)
                    :: else -> word = flip((word & ~abandoned) | agent)
                    fi;
                    swapped = 1; note_swap()
#endif
                :: else
                fi
            };
            if
            :: swapped ->
                end_mutation();
#if FAULT == 23
                d_step { assert(drawn_early > 0); tokens = tokens - drawn_early; drawn_early = 0 };
#elif FAULT != 29 && !defined(READERS)
                draw_token();
#endif
                answer(agent, a_grant); has_gone(agent)
            :: else ->
#if FAULT == 23
                drawn_early = 0;
#endif
                drop_mutation(agent, before)
            fi
        };
        atomic {
            if
            :: !swapped && message == lock_acquire -> goto asked
            :: swapped && message == lock_acquire -> goto rest
            :: else -> goto stir
            fi
        };
#endif

        /* The word says that somebody waits and that nobody has told, and is looked at once more. */
leave_it:
#ifdef BELLS
#if FAULT == 35
        atomic { if :: next == 0 && agent <= BELLS -> next = agent :: else fi };
#elif FAULT != 38
set_next:
        next = (agent <= BELLS && has_words(agent) -> agent : 0);
#endif
#endif
#ifndef LIVENESS
        seen = word;
        if :: is_ready(agent, word) -> goto stir :: else fi;
#endif
        atomic {
            after = 0;
#ifdef LIVENESS
            seen = word;
            if :: is_ready(agent, word) -> beaten = 1; goto stir :: else fi;
            beaten = 0;
#if FAULT != 12
            after = late;
#endif
#elif defined(FAIRNESS)
            if :: after = 0 :: after = 1 fi;
#endif
            if
            :: word == seen ->
leave_to_its_holder:
#if FAULT == 2
                word = word | waiters | (after -> fair : 0)
#elif FAULT == 30
                word = (word & ~notified) | (after -> fair : 0)
#else
                word = (word & ~notified) | waiters | (after -> fair : 0)
#endif
            :: else -> goto stir
            fi
        };
#if FAULT == 38
        next = (agent <= BELLS && has_words(agent) -> agent : 0);
#endif
#if FAULT == 24
        goto rest
#else
        if :: is_ready(agent, word) -> goto stir :: else -> goto rest fi
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
    kills = kills - 1; killed[a] = 1; inside = inside & ~(1 << a); stays[a] = 0; reply[a] = nothing_yet; disconnected[a] = 0
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
#ifdef BELLS
    if :: withdrawn[1] -> withdrawn[1] = 0; has_gone(1) :: else fi;
    if :: withdrawn[2] -> withdrawn[2] = 0; has_gone(2) :: else fi;
    if :: withdrawn[3] -> withdrawn[3] = 0; has_gone(3) :: else fi;
#endif
    notify_under_way = 0;
#ifdef LIVENESS
    beaten = 0
#else
    skip
#endif
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
        :: reply[1] = nothing_yet; reply[2] = nothing_yet; reply[3] = nothing_yet
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
#ifdef BELLS
#define will_withdraw(a) (!killed[a] && owes[a])
#define hears(a) (!killed[a] && (answering[a] || owes[a] || (rung[a] && stays[a])))
#else
#define will_withdraw(a) (false)
#define hears(a) (false)
#endif
#define somebody_is_notifying (notifying[1] || notifying[2] || notifying[3] || notify_lost || hears(1) || hears(2) || hears(3))
/* Waits, and neither the daemon nor a message knows. */
#define is_forgotten(a) (stays[a] && !reply[a] && !disconnected[a] && place[a] != waiting)
/* Has an offer that it will not take, or that the daemon will not withdraw. */
#define is_offered_in_vain(a) (offered_to(a) && !will_withdraw(a) && (place[a] != offered || !stays[a] || reply[a] != an_offer))

#ifdef READERS
#define first_is_ready     ((owner == 0 && somebody_is(waiting)) || (owner == 2 && line[0] > 1 && place[line[0]] == waiting))
#define lost_by_death      ((owner == 1 && killed[1]) || (reads_it(2) && killed[2]) || (reads_it(3) && killed[3]))
#define miscounted         (owner != (reads == 12 -> 3 : (reads -> 2 : owner & 1)))
#else
#define first_is_ready     (owner == 0 && somebody_is(waiting))
#define lost_by_death      (owner != 0 && killed[owner])
#define miscounted         (false)
#endif
#define lost_wake_up       (first_is_ready && !somebody_is_notifying)
#define useless_flags      (!somebody_is(waiting) && (word & of_the_line))
#define nobody_is_to_tell  (somebody_is(waiting) && !(word & waiters))
#define forgotten_waiter   (is_forgotten(1) || is_forgotten(2) || is_forgotten(3))
#define offer_in_vain      (!(word & closed) && (is_offered_in_vain(1) || is_offered_in_vain(2) || is_offered_in_vain(3)))
#define untold_forgotten   (untold != ((word & abandoned) != 0))
#define no_record          (untold && !record)
#define offered_to_nobody  (owner == 0 && (word & granted))

proctype monitor()
{
end_monitor:
    if
    :: atomic { nothing_is_pending && lost_wake_up -> assert(!(lost_wake_up)) }
    :: atomic { nothing_is_pending && lost_by_death -> assert(!(lost_by_death)) }
    :: atomic { nothing_is_pending && miscounted -> assert(!(miscounted)) }
    :: atomic { nothing_is_pending && useless_flags -> assert(!(useless_flags)) }
    :: atomic { nothing_is_pending && nobody_is_to_tell -> assert(!(nobody_is_to_tell)) }
    :: atomic { nothing_is_pending && forgotten_waiter -> assert(!(forgotten_waiter)) }
    :: atomic { nothing_is_pending && offer_in_vain -> assert(!(offer_in_vain)) }
    :: atomic { nothing_is_pending && no_record -> assert(!(no_record)) }
    :: atomic { untold_forgotten -> assert(!(untold_forgotten)) }
    :: atomic { offered_to_nobody -> assert(!(offered_to_nobody)) }
    fi
}

init
{
    atomic {
        run client(1);
#ifdef SOCKET
#if AGENTS == 3 && defined(READERS)
        run socket_client(2);
#elif AGENTS == 3
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
