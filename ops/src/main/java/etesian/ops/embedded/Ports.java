package etesian.ops.embedded;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.HashSet;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Consumer;

/**
 * Which port a server takes: the one asked for, or nothing; else the usual one, or a free one with
 * a notice.
 */
public final class Ports {
  /** Free ports already given out: they may not be bound yet. */
  private static final Set<Integer> GIVEN = new HashSet<>();

  public static final int KAFKA = 9092;
  public static final int FLINK = 8081;
  public static final int PROMETHEUS = 9249;

  private static final int LAST = 65535;
  private static final int FIRST_FREE = 20000;
  private static final int LAST_FREE = 32768; // Linux gives out those from here on
  private static final int TRIES = 1000;

  private Ports() {}

  /**
   * @param asked the port of the option, 0 for any free one, empty when the option was not given
   * @param usual the port to prefer without one
   * @param server for messages, for instance {@code Kafka}
   * @param option for messages, for instance {@code --kafka-port}
   * @param notices gets a line when the usual port is taken
   * @throws StartFailed when the port asked for is taken, or is none
   */
  public static int choose(
      OptionalInt asked, int usual, String server, String option, Consumer<String> notices) {
    if (asked.isPresent()) {
      if (asked.getAsInt() < 0 || asked.getAsInt() > LAST) {
        throw new StartFailed(
            "%s %d: a port is between 0 (any free one) and %d"
                .formatted(option, asked.getAsInt(), LAST));
      }
      int port = asked.getAsInt() == 0 ? free() : asked.getAsInt();
      demand(port, server, "choose another with " + option + ", 0 for any free one");
      return port;
    }
    if (isFree(usual)) {
      return usual;
    }
    int other = free();
    notices.accept(
        "%s: port %d is taken, using %d (%s chooses)".formatted(server, usual, other, option));
    return other;
  }

  /**
   * A port that nobody listens on at the moment, of those that no system gives to connections that
   * go out: else one of our own clients may take it before the server does.
   */
  public static int free() {
    for (int port : ThreadLocalRandom.current().ints(TRIES, FIRST_FREE, LAST_FREE).toArray()) {
      boolean fresh;
      synchronized (GIVEN) {
        fresh = GIVEN.add(port);
      }
      if (fresh && isFree(port)) {
        return port;
      }
    }
    throw new StartFailed(
        "none of %d ports between %d and %d on loopback is free"
            .formatted(TRIES, FIRST_FREE, LAST_FREE));
  }

  /** Whether a server can listen on the port on loopback. */
  public static boolean isFree(int port) {
    try (ServerSocket socket = new ServerSocket()) {
      socket.setReuseAddress(
          true); // connections of the last run that wait for their end do not count
      socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 1);
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  static void demand(int port, String server, String remedy) {
    if (!isFree(port)) {
      throw new StartFailed(
          "%s: port %d on 127.0.0.1 is taken; stop the program that listens there, or %s"
              .formatted(server, port, remedy));
    }
  }
}
