package dev.heed.generate;

import java.util.concurrent.Flow;
import java.util.concurrent.Semaphore;
import java.util.function.Supplier;

/**
 * Publishes the pieces of a text: every subscriber has a text of its own, written on a thread of
 * its own, no faster than it asks for.
 *
 * @param streams begins a text
 */
public record TextPublisher(Supplier<TextStream> streams) implements Flow.Publisher<String> {
  @Override
  public void subscribe(Flow.Subscriber<? super String> subscriber) {
    Subscription subscription = new Subscription(subscriber);
    subscriber.onSubscribe(subscription);
    Thread.ofVirtual().name("heed-text").start(() -> subscription.write(streams));
  }

  private static final class Subscription implements Flow.Subscription {
    private final Flow.Subscriber<? super String> subscriber;
    private final Semaphore asked = new Semaphore(0);
    private volatile boolean cancelled;
    private volatile boolean wrong;

    Subscription(Flow.Subscriber<? super String> subscriber) {
      this.subscriber = subscriber;
    }

    @Override
    public void request(long count) {
      wrong |= count <= 0;
      long room = Integer.MAX_VALUE / 2 - (long) asked.availablePermits();
      asked.release((int) Math.clamp(count, 1, Math.max(1, room)));
    }

    @Override
    public void cancel() {
      cancelled = true;
      asked.release();
    }

    void write(Supplier<TextStream> streams) {
      try (TextStream stream = streams.get()) {
        while (!cancelled && stream.hasNext()) {
          asked.acquire();
          if (wrong) {
            throw new IllegalArgumentException(
                "text publisher: expected a request for one piece or more, got none");
          }
          if (!cancelled) {
            subscriber.onNext(stream.next());
          }
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        cancelled = true;
      } catch (RuntimeException e) {
        if (!cancelled) {
          subscriber.onError(e);
        }
        return;
      }
      if (!cancelled) {
        subscriber.onComplete();
      }
    }
  }
}
