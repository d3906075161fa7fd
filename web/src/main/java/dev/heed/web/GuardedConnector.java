package dev.heed.web;

import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.io.ManagedSelector;
import org.eclipse.jetty.io.SocketChannelEndPoint;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.thread.Scheduler;

/** Accepts connections and looks after each of them. */
final class GuardedConnector extends ServerConnector {
  private static final long BETWEEN_MILLIS = 100;

  private final Duration readTime;
  private volatile Scheduler.@org.jspecify.annotations.Nullable Task next;

  GuardedConnector(Server server, HttpConfiguration configuration, WebSettings settings) {
    super(server, new HttpConnectionFactory(configuration));
    this.readTime = settings.limits().readTime();
    setHost(settings.host());
    setPort(settings.port());
    setIdleTimeout(settings.limits().idleTime().toMillis());
  }

  @Override
  protected SocketChannelEndPoint newEndPoint(
      SocketChannel channel, ManagedSelector selector, SelectionKey key) {
    GuardedEndPoint endPoint =
        new GuardedEndPoint(channel, selector, key, getScheduler(), readTime);
    endPoint.setIdleTimeout(getIdleTimeout());
    return endPoint;
  }

  @Override
  protected void doStart() throws Exception {
    super.doStart();
    lookLater();
  }

  @Override
  protected void doStop() throws Exception {
    Scheduler.Task task = next;
    if (task != null) {
      task.cancel();
    }
    super.doStop();
  }

  private void lookLater() {
    next = getScheduler().schedule(this::look, BETWEEN_MILLIS, TimeUnit.MILLISECONDS);
  }

  private void look() {
    long now = System.nanoTime();
    for (EndPoint endPoint : getConnectedEndPoints()) {
      if (endPoint instanceof GuardedEndPoint guarded) {
        guarded.look(now);
      }
    }
    if (isRunning()) {
      lookLater();
    }
  }
}
