package etesian.ops.console;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.Semaphore;

/**
 * Tells pages that there is something new, by Server-Sent Events: at most one a second for each
 * page, and a comment when there is nothing, so that one that has gone is noticed.
 */
final class Live {
  static final int MOST = 24;
  private static final Duration SILENCE = Duration.ofSeconds(10);
  private static final long BETWEEN_MILLIS = 1000;

  private final Store store;
  private final Semaphore free = new Semaphore(MOST);
  private volatile boolean closed;

  Live(Store store) {
    this.store = store;
  }

  /** Holds the thread until the page goes or the console closes. */
  void stream(HttpExchange exchange) throws IOException {
    if (exchange.getRequestMethod().equals("HEAD")) {
      exchange.getResponseHeaders().set("Content-Type", "text/event-stream");
      exchange.sendResponseHeaders(200, -1);
    } else if (!free.tryAcquire()) {
      exchange.getResponseHeaders().set("Retry-After", "10");
      Routes.send(exchange, Response.problem(503, MOST + " pages are open already"));
    } else {
      try {
        tell(exchange);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt(); // the console closes
      } finally {
        free.release();
      }
    }
  }

  private void tell(HttpExchange exchange) throws IOException, InterruptedException {
    exchange.getResponseHeaders().set("Content-Type", "text/event-stream");
    exchange.sendResponseHeaders(200, 0);
    OutputStream out = exchange.getResponseBody();
    long known = -1;
    while (!closed) {
      long now = store.await(known, SILENCE);
      String event =
          now == known ? ":\n\n" : "data: " + Response.text(Map.of("version", now)) + "\n\n";
      out.write(event.getBytes(UTF_8));
      out.flush();
      known = now;
      Thread.sleep(BETWEEN_MILLIS);
    }
  }

  /** Pages that listen now. */
  int pages() {
    return MOST - free.availablePermits();
  }

  void close() {
    closed = true;
  }
}
