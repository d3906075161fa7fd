package dev.heed.web;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Where a server listens, whom it answers, and its limits.
 *
 * @param host the address it listens on
 * @param port from 0 (any that is free) to 65535
 * @param key asked for by every page but health; null for none, on loopback only
 * @param hostNames further names that clients may call the server by
 * @param limits how much, and for how long
 */
public record WebSettings(
    String host, int port, @Nullable AccessKey key, List<String> hostNames, Limits limits) {
  private static final int LAST_PORT = 65_535;

  /**
   * What a server bears.
   *
   * @param bodyBytes most bytes of one body
   * @param allBodies most bytes of all bodies that are held at once
   * @param connections most connections; further ones wait
   * @param work most requests that are worked on or wait at once; further ones get 429
   * @param readTime how long a client may take to send a request, head and body
   * @param idleTime how long a connection may rest, or a client not read what it asked for
   * @param workTime how long an answer may take
   * @param drainTime how long what has begun may take to end when the server stops; what takes
   *     longer is told that it ends
   */
  public record Limits(
      int bodyBytes,
      int allBodies,
      int connections,
      int work,
      Duration readTime,
      Duration idleTime,
      Duration workTime,
      Duration drainTime) {
    /** What suits one machine. */
    public static final Limits USUAL =
        new Limits(
            32 << 20,
            256 << 20,
            1024,
            128,
            Duration.ofSeconds(30),
            Duration.ofSeconds(30),
            Duration.ofMinutes(10),
            Duration.ofSeconds(30));

    /** Checks them. */
    public Limits {
      if (bodyBytes < 1 || allBodies < bodyBytes || connections < 1 || work < 1) {
        throw new IllegalArgumentException(
            "limits: expected sizes and counts of 1 or more, and room for one body at least, got "
                + List.of(bodyBytes, allBodies, connections, work));
      }
      for (Duration time : List.of(readTime, idleTime, workTime)) {
        if (!time.isPositive()) {
          throw new IllegalArgumentException("limits: expected times above zero, got " + time);
        }
      }
      if (drainTime.isNegative()) {
        throw new IllegalArgumentException("drain time: expected 0 or more, got " + drainTime);
      }
    }

    /** The same with room for another number of requests. */
    public Limits withWork(int changed) {
      return new Limits(
          bodyBytes, allBodies, connections, changed, readTime, idleTime, workTime, drainTime);
    }

    /** The same with other times to read, rest, work and drain. */
    public Limits withTimes(Duration read, Duration idle, Duration working, Duration drain) {
      return new Limits(bodyBytes, allBodies, connections, work, read, idle, working, drain);
    }

    /** The same with another longest body. */
    public Limits withBodyBytes(int changed) {
      return new Limits(
          changed,
          Math.max(allBodies, changed),
          connections,
          work,
          readTime,
          idleTime,
          workTime,
          drainTime);
    }
  }

  /**
   * Checks them.
   *
   * @throws IllegalArgumentException for an address that others reach and no key
   */
  public WebSettings {
    hostNames = List.copyOf(hostNames);
    if (port < 0 || port > LAST_PORT) {
      throw new IllegalArgumentException("port: expected 0 to " + LAST_PORT + ", got " + port);
    }
    if (key == null && !loopback(host)) {
      throw new IllegalArgumentException(
          "host: expected a key for an address that other machines reach, got "
              + host
              + " and no key; give a key, or listen on 127.0.0.1");
    }
  }

  /** For this machine only, without a key. */
  public static WebSettings local(int port) {
    return new WebSettings("127.0.0.1", port, null, List.of(), Limits.USUAL);
  }

  /** The same with other limits. */
  public WebSettings withLimits(Limits changed) {
    return new WebSettings(host, port, key, hostNames, changed);
  }

  /** The same with a key. */
  public WebSettings withKey(AccessKey changed) {
    return new WebSettings(host, port, changed, hostNames, limits);
  }

  boolean loopback() {
    return loopback(host);
  }

  private static boolean loopback(String host) {
    try {
      return InetAddress.getByName(host).isLoopbackAddress();
    } catch (UnknownHostException e) {
      throw new IllegalArgumentException(
          "host: expected an address or name of this machine, got " + host, e);
    }
  }
}
