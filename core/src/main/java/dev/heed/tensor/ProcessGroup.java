package dev.heed.tensor;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.Objects;
import java.util.function.Supplier;
import org.bytedeco.javacpp.chrono.Milliseconds;
import org.bytedeco.pytorch.BroadcastOptions;
import org.bytedeco.pytorch.FileStore;
import org.bytedeco.pytorch.GlooDeviceVector;
import org.bytedeco.pytorch.ProcessGroupGloo;
import org.bytedeco.pytorch.Store;
import org.bytedeco.pytorch.StringVector;
import org.bytedeco.pytorch.TCPStore;
import org.bytedeco.pytorch.TCPStoreOptions;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.Work;

/**
 * Processes that add up their tensors and hand them to each other: LibTorch's Gloo.
 *
 * <p>All processes must ask for the same things in the same order, as in any collective
 * communication. What they get has the same bits in each.
 *
 * <p>Gloo knows no passwords: who reaches the processes' ports can join or disturb them. Processes
 * of one machine meet in a file and listen at 127.0.0.1 alone; those of several belong into a
 * network that is trusted.
 */
public final class ProcessGroup implements AutoCloseable {
  private static final String FAILURE = "heed/failure";
  private static final Duration LONGEST_WAIT_FOR_REASON = Duration.ofSeconds(2);

  /**
   * Where the processes meet, and which one this is.
   *
   * @param meeting {@code file:///PATH}, a file that is not there yet, for processes of one
   *     machine; or {@code tcp://HOST:PORT} of the first process, which listens there
   * @param own this process' host name or address, at which the others reach it
   * @param rank which one this is, from 0
   * @param size how many there are, from 1
   * @param patience how long an answer may take; a process that ended is noticed at once
   */
  public record Place(URI meeting, String own, int rank, int size, Duration patience) {
    private static final Duration USUAL_PATIENCE = Duration.ofMinutes(30);

    /** Checks the ranges. */
    public Place {
      boolean known =
          "file".equals(meeting.getScheme())
              || "tcp".equals(meeting.getScheme())
                  && meeting.getHost() != null
                  && meeting.getPort() > 0;
      if (!known || size < 1 || rank < 0 || rank >= size || patience.isNegative()) {
        throw new IllegalArgumentException(
            "processes: expected file:///PATH or tcp://HOST:PORT and a rank below the number of"
                + " processes, got "
                + meeting
                + ", "
                + rank
                + " and "
                + size);
      }
    }

    /**
     * Of processes on this machine.
     *
     * @param file is not there yet, in a folder that only this user can write to
     */
    public static Place local(Path file, int rank, int size) {
      return new Place(file.toAbsolutePath().toUri(), "127.0.0.1", rank, size, USUAL_PATIENCE);
    }

    /** Of processes on several machines; the first one listens at a port. */
    public static Place remote(String first, int port, String own, int rank, int size) {
      URI meeting = URI.create(String.format(Locale.ROOT, "tcp://%s:%d", first, port));
      return new Place(meeting, own, rank, size, USUAL_PATIENCE);
    }

    /** With another patience. */
    public Place withPatience(Duration other) {
      return new Place(meeting, own, rank, size, other);
    }
  }

  /** Something that was asked for. */
  public final class Pending {
    private final Work work;
    private final String what;

    private Pending(Work work, String what) {
      this.work = work;
      this.what = what;
    }

    /**
     * Waits until it is done.
     *
     * @throws LostProcessException if a process is gone
     */
    public void await() {
      try {
        var _ = attempt(what, work::_wait);
      } finally {
        Pinned.close(work);
      }
    }
  }

  private final Place place;
  private final Store store;
  private final ProcessGroupGloo.Options options;
  private final ProcessGroupGloo group;

  /**
   * JavaCPP hands a store and options to Gloo without counting the reference: they must outlive the
   * group, so this holds all three and frees them in that order.
   */
  private ProcessGroup(
      Place place, Store store, ProcessGroupGloo.Options options, ProcessGroupGloo group) {
    this.place = place;
    this.store = store;
    this.options = options;
    this.group = group;
  }

  /**
   * Waits for all processes.
   *
   * @throws LostProcessException if they do not come in time
   * @throws TensorException if Gloo is not part of LibTorch here
   */
  public static ProcessGroup join(Place place) {
    Bootstrap.loadGloo();
    String where = "processes that meet at " + place.meeting();
    try {
      Store store = store(place);
      ProcessGroupGloo.Options options = options(place);
      ProcessGroupGloo group =
          StandardOutputKept.during(
              () -> new ProcessGroupGloo(store, place.rank(), place.size(), options));
      return new ProcessGroup(place, store, options, group);
    } catch (RuntimeException e) {
      throw lost(where + ": expected " + place.size() + ", got fewer in time", e, "");
    }
  }

  private static Store store(Place place) {
    Milliseconds patience = new Milliseconds(place.patience().toMillis());
    if ("file".equals(place.meeting().getScheme())) {
      Store file = new FileStore(Path.of(place.meeting()).toString(), place.size());
      file.setTimeout(patience);
      return file;
    }
    TCPStoreOptions options = new TCPStoreOptions();
    options
        .port((short) place.meeting().getPort())
        .isServer(place.rank() == 0)
        .waitWorkers(false)
        .timeout(patience);
    return new TCPStore(place.meeting().getHost(), options);
  }

  private static ProcessGroupGloo.Options options(Place place) {
    Milliseconds patience = new Milliseconds(place.patience().toMillis());
    ProcessGroupGloo.Options options = ProcessGroupGloo.Options.create(patience);
    var _ = options.timeout(patience);
    var _ =
        options.devices(
            new GlooDeviceVector(ProcessGroupGloo.createDeviceForHostname(place.own())));
    return options;
  }

  /** Which process this is, from 0. */
  public int rank() {
    return place.rank();
  }

  /** How many there are. */
  public int size() {
    return place.size();
  }

  /**
   * Begins to add up all processes' tensors, each in place.
   *
   * @param tensor contiguous, of the same shape and type in all; not to be touched meanwhile
   */
  public Pending sum(Tensor tensor) {
    return begin("sum", tensor, vector -> group.allreduce(vector));
  }

  /**
   * Begins to hand one process' tensor to all, in place.
   *
   * @param tensor contiguous, of the same shape and type in all; not to be touched meanwhile
   * @param root whose it is
   */
  public Pending broadcast(Tensor tensor, int root) {
    return begin(
        "broadcast",
        tensor,
        vector -> {
          try (BroadcastOptions options = new BroadcastOptions()) {
            return group.broadcast(vector, options.rootRank(root));
          }
        });
  }

  private Pending begin(
      String what, Tensor tensor, java.util.function.Function<TensorVector, Work> body) {
    if (!tensor.isContiguous()) {
      throw new IllegalArgumentException(
          what + ": expected a contiguous tensor, got " + tensor.describe());
    }
    String described = what + " of " + tensor.describe();
    return attempt(
        described,
        () -> {
          try (TensorVector vector = new TensorVector(tensor.handle())) {
            return new Pending(body.apply(vector), described);
          }
        });
  }

  private <T> T attempt(String what, Supplier<T> body) {
    try {
      return Pinned.call(body);
    } catch (RuntimeException e) {
      String message =
          "process "
              + rank()
              + " of "
              + size()
              + ", "
              + what
              + ": expected an answer from all processes, lost one";
      throw lost(message, e, reason());
    }
  }

  private static LostProcessException lost(String message, RuntimeException cause, String reason) {
    return new LostProcessException(
        message + ": " + (reason.isEmpty() ? firstLine(cause) : reason), cause);
  }

  private static String firstLine(RuntimeException cause) {
    return String.valueOf(cause.getMessage()).lines().findFirst().orElse("no reason given");
  }

  /** Tells the others why this process ends; each hears it as it misses this one. */
  public void fail(String reason) {
    try {
      store.set(FAILURE, "process " + rank() + " gave up: " + reason);
    } catch (RuntimeException e) {
      // Where nobody can be told, the others notice the closed connection.
      Objects.requireNonNull(e);
    }
  }

  /** What {@link #fail} said in another process, or nothing. */
  private String reason() {
    long until = System.nanoTime() + LONGEST_WAIT_FOR_REASON.toNanos();
    try (StringVector keys = new StringVector(FAILURE)) {
      while (System.nanoTime() < until) {
        if (store.check(keys)) {
          return store.get_to_str(FAILURE);
        }
        Thread.sleep(50);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (RuntimeException e) {
      return ""; // the store went with its process
    }
    return "";
  }

  /** Leaves; what was begun must have been awaited. */
  @Override
  public void close() {
    Pinned.run(() -> {
      group.close();
      options.close();
      store.close();
    });
  }
}
