package dev.heed.tensor.kernel;

import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A team of threads that help callers with numbered tasks.
 *
 * <p>A caller offers its round of tasks to every member that has no offer, and works on it by
 * itself. Tasks are claimed one by one, so that uneven ones balance. Once none is left, the caller
 * withdraws its offers and waits for those members alone that had begun: one that is busy with
 * another caller, late to wake or stopped holds up nobody.
 */
public final class Workers {
  /** One numbered piece of work. */
  @FunctionalInterface
  public interface Task {
    /**
     * Does a piece.
     *
     * @param task its number
     * @param scratch belongs to the calling thread meanwhile
     */
    void run(int task, Workspace scratch);
  }

  /** Spins before a thread sleeps: about as long as waking it would take. */
  private static final int SPINS = 2_000;

  /** Workspace of callers, which is not bound to threads: there may be many of those. */
  private static final ConcurrentLinkedDeque<Workspace> SPARE = new ConcurrentLinkedDeque<>();

  private final Member[] members;
  private volatile boolean stopped;

  /** A team of this many threads, the caller's among them. */
  public Workers(int size) {
    members = new Member[Math.max(0, size - 1)];
    for (int i = 0; i < members.length; i++) {
      members[i] = new Member("heed-worker-" + (i + 1));
    }
    for (Member member : members) {
      member.start();
    }
  }

  /** How many threads share the work, the caller's among them. */
  public int size() {
    return members.length + 1;
  }

  /**
   * Runs tasks {@code 0 … count - 1} and returns when all are done.
   *
   * @throws RuntimeException what the first failing task threw
   */
  public void run(int count, Task body) {
    int wanted = Math.min(members.length, count - 1);
    if (wanted <= 0 || stopped) {
      alone(count, body);
      return;
    }
    Round round = new Round(count, body);
    int offered = 0;
    for (int i = 0; i < members.length && offered < wanted; i++) {
      offered += members[i].offer(round) ? 1 : 0;
    }
    withScratch(round::drain);
    int begun = offered;
    for (Member member : members) {
      begun -= member.withdraw(round) ? 1 : 0;
    }
    round.await(begun);
    round.rethrow();
  }

  /** Runs tasks {@code 0 … count - 1} in order on the caller's thread. */
  public static void alone(int count, Task body) {
    withScratch(scratch -> {
      for (int i = 0; i < count; i++) {
        body.run(i, scratch);
      }
    });
  }

  /** Does work with a workspace of its own: what is kept in it holds while others run tasks. */
  public static void withScratch(Consumer<Workspace> work) {
    Workspace spare = SPARE.pollFirst();
    Workspace scratch = spare == null ? new Workspace() : spare;
    try {
      work.accept(scratch);
    } finally {
      SPARE.addFirst(scratch);
    }
  }

  /** Ends the threads; the team does nothing more but for its caller. */
  public void stop() {
    stopped = true;
    for (Member member : members) {
      LockSupport.unpark(member);
    }
  }

  /** The tasks of one caller. */
  private static final class Round {
    private final int count;
    private final Task body;
    private final AtomicInteger next = new AtomicInteger();
    private final AtomicInteger finished = new AtomicInteger();
    private volatile @Nullable Throwable failure;
    private volatile @Nullable Thread waiting;

    Round(int count, Task body) {
      this.count = count;
      this.body = body;
    }

    /** Works until no task is left. */
    void drain(Workspace scratch) {
      try {
        for (int i = next.getAndIncrement(); i < count; i = next.getAndIncrement()) {
          body.run(i, scratch);
        }
      } catch (RuntimeException | Error e) {
        failure = e;
        next.set(count);
      }
    }

    void help(Workspace scratch) {
      drain(scratch);
      finished.incrementAndGet();
      LockSupport.unpark(waiting);
    }

    /** Waits for the members that had begun, also when interrupted: they use the caller's data. */
    void await(int begun) {
      for (int spin = 0; finished.get() < begun && spin < SPINS; spin++) {
        Thread.onSpinWait();
      }
      waiting = Thread.currentThread();
      boolean interrupted = false;
      while (finished.get() < begun) {
        LockSupport.park(this);
        interrupted |= Thread.interrupted();
      }
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }

    void rethrow() {
      switch (failure) {
        case RuntimeException unchecked -> throw unchecked;
        case Error error -> throw error;
        case null, default -> {}
      }
    }
  }

  private final class Member extends Thread {
    private final AtomicReference<@Nullable Round> offer = new AtomicReference<>();
    private volatile boolean sleeping;

    Member(String name) {
      super(name);
      setDaemon(true);
    }

    boolean offer(Round round) {
      boolean accepted = offer.compareAndSet(null, round);
      if (accepted && sleeping) {
        LockSupport.unpark(this);
      }
      return accepted;
    }

    /** Whether the round was offered and not begun. */
    boolean withdraw(Round round) {
      return offer.compareAndSet(round, null);
    }

    @Override
    public void run() {
      Workspace scratch = new Workspace();
      while (!stopped) {
        awaitOffer();
        Round round = offer.getAndSet(null);
        if (round != null) {
          round.help(scratch);
        }
      }
    }

    private void awaitOffer() {
      for (int spin = 0; spin < SPINS; spin++) {
        if (offer.get() != null || stopped) {
          return;
        }
        Thread.onSpinWait();
      }
      sleeping = true;
      while (offer.get() == null && !stopped) {
        LockSupport.park(this);
      }
      sleeping = false;
    }
  }
}
