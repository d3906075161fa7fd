package dev.heed.web;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import org.eclipse.jetty.io.ManagedSelector;
import org.eclipse.jetty.io.SocketChannelEndPoint;
import org.eclipse.jetty.util.BufferUtil;
import org.eclipse.jetty.util.thread.Scheduler;
import org.jspecify.annotations.Nullable;

/**
 * A connection that knows what it waits for: a whole request, by a time, or an answer, during which
 * it looks whether the client is still there. Jetty itself gives a client that sends a byte now and
 * then any time, and does not see one leave while an answer is worked on.
 */
final class GuardedEndPoint extends SocketChannelEndPoint {
  /** For a page to say that it is late, before the connection is cut. */
  private static final Duration GRACE = Duration.ofSeconds(2);

  private final Object reading = new Object();
  private final Duration readTime;

  /** A byte of the next request that looking for the client's leave has found. */
  private @Nullable Byte ahead;

  /** The {@code nanoTime} by which it must come to the next phase, or null for no hurry. */
  private volatile @Nullable Long due;

  private volatile @Nullable Exchange serving;
  private volatile boolean whole;

  GuardedEndPoint(
      SocketChannel channel,
      ManagedSelector selector,
      SelectionKey key,
      Scheduler scheduler,
      Duration readTime) {
    super(channel, selector, key, scheduler);
    this.readTime = readTime;
  }

  @Override
  public int fill(ByteBuffer buffer) throws IOException {
    synchronized (reading) {
      Byte first = ahead;
      int filled;
      if (first != null && BufferUtil.space(buffer) > 0) {
        ahead = null;
        BufferUtil.append(buffer, first);
        filled = 1;
      } else {
        filled = super.fill(buffer);
      }
      if (filled > 0 && due == null && serving == null) {
        due = System.nanoTime() + readTime.toNanos();
      }
      return filled;
    }
  }

  @Override
  protected void needsFillInterest() {
    boolean ready;
    synchronized (reading) {
      ready = ahead != null;
    }
    if (ready) {
      Thread.ofVirtual().start(() -> getFillInterest().fillable());
    } else {
      super.needsFillInterest();
    }
  }

  /** A request's head has come. */
  void begin(Exchange exchange) {
    whole = false;
    serving = exchange;
  }

  /** The request has come as a whole, and its answer must be there in time. */
  void whole(Duration workTime) {
    due = System.nanoTime() + workTime.plus(GRACE).toNanos();
    whole = true;
  }

  /** The answer is complete. */
  void end() {
    serving = null;
    whole = false;
    due = null;
  }

  /** Looks after the connection; called now and then. */
  void look(long now) {
    Exchange exchange = serving;
    if (exchange != null && whole && left()) {
      exchange.leave();
    }
    Long by = due;
    if (by != null && now - by > 0) {
      close(); // first, or an answer that ends because of the leave could still be sent
      if (exchange != null) {
        exchange.leave();
      }
    }
  }

  /** Whether the client has closed its side. */
  private boolean left() {
    synchronized (reading) {
      if (ahead != null || !isOpen()) {
        return !isOpen();
      }
      ByteBuffer one = ByteBuffer.allocate(1);
      try {
        int read = getChannel().read(one);
        if (read > 0) {
          ahead = one.get(0);
        }
        return read < 0;
      } catch (IOException e) {
        return true;
      }
    }
  }
}
