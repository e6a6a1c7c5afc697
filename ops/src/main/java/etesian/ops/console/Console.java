package etesian.ops.console;

import com.sun.net.httpserver.HttpContext;
import com.sun.net.httpserver.HttpServer;
import etesian.ops.embedded.StartFailed;
import etesian.ops.metrics.ProcessMetrics;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/** A running console: follows the topics and serves the page until it is closed. */
public final class Console implements AutoCloseable {
  /** Pages that listen, and as many requests beside them. */
  private static final int THREADS = 2 * Live.MOST;

  private static final int WAITING = 256;

  private final HttpServer server;
  private final ExecutorService threads;
  private final Live live;
  private final Feed feed; // null in tests of what is served
  private final String host;

  private Console(HttpServer server, ExecutorService threads, Live live, Feed feed, String host) {
    this.server = server;
    this.threads = threads;
    this.live = live;
    this.feed = feed;
    this.host = host;
  }

  /**
   * @throws StartFailed when the port is taken, or the host is not of this machine
   */
  public static Console start(ConsoleSettings settings) {
    return start(settings, new ProcessMetrics());
  }

  /**
   * @param metrics of this process, which the console adds its own to and serves
   * @throws StartFailed when the port is taken, or the host is not of this machine
   */
  public static Console start(ConsoleSettings settings, ProcessMetrics metrics) {
    Store store = new Store(settings.pipeline().streams(), settings.issues(), settings.bytes());
    Console console = serve(settings, store, metrics);
    ConsoleMetrics own = new ConsoleMetrics(metrics, store, console.live);
    Intake intake = new Intake(store, settings.pipeline().granules());
    return new Console(
        console.server,
        console.threads,
        console.live,
        new Feed(store, intake, own, settings.pipeline().kafka(), settings.issues()),
        console.host);
  }

  /** Serves what is in the store, which nothing fills. */
  static Console serve(ConsoleSettings settings, Store store, ProcessMetrics metrics) {
    HttpServer server = listen(settings);
    ThreadPoolExecutor threads =
        new ThreadPoolExecutor(
            THREADS,
            THREADS,
            30,
            TimeUnit.SECONDS,
            new ArrayBlockingQueue<>(WAITING),
            task -> {
              Thread thread = new Thread(task, "console-http");
              thread.setDaemon(true);
              return thread;
            }); // beyond, connections are closed unanswered
    threads.allowCoreThreadTimeOut(true);
    Live live = new Live(store);
    HttpContext all =
        server.createContext(
            "/",
            new Routes(new Answers(settings.pipeline(), settings.notice(), store), live, metrics));
    List<String> names = new ArrayList<>(settings.names());
    names.add(settings.host());
    all.getFilters().add(new Guard(names));
    server.setExecutor(threads);
    server.start();
    return new Console(server, threads, live, null, settings.host());
  }

  private static HttpServer listen(ConsoleSettings settings) {
    try {
      InetAddress address = InetAddress.getByName(settings.host());
      return HttpServer.create(new InetSocketAddress(address, settings.port()), 0);
    } catch (IOException e) {
      throw new StartFailed(
          "console: cannot listen on %s port %d (%s); choose another with --port, 0 for any free one"
              .formatted(settings.host(), settings.port(), e.getMessage()),
          e);
    }
  }

  /** The address of the page. */
  public URI page() {
    String name = host.contains(":") ? "[" + host + "]" : host;
    return URI.create("http://" + name + ":" + server.getAddress().getPort() + "/");
  }

  @Override
  public void close() {
    live.close();
    if (feed != null) {
      feed.close();
    }
    threads.shutdownNow();
    server.stop(0);
  }
}
