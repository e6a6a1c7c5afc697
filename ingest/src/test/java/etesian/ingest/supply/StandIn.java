package etesian.ingest.supply;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * A web server on this machine that plays the folder or the data store of a test, one prepared
 * answer after the other, and remembers what it was asked.
 */
final class StandIn implements AutoCloseable {
  /** Attempts and polls in milliseconds, so that a test waits for nothing. */
  static final Patience QUICK =
      new Patience(
          3,
          Duration.ofMillis(1),
          Duration.ofMillis(4),
          Duration.ofMillis(1),
          Duration.ofMillis(4),
          Duration.ofMillis(500));

  /** A request that came. */
  record Asked(String method, String path, Headers headers, String body) {
    String header(String name) {
      return headers.getFirst(name);
    }
  }

  /** What is answered to one request. */
  interface Answer {
    void to(HttpExchange exchange) throws IOException;
  }

  private final HttpServer server;
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final CountDownLatch closed = new CountDownLatch(1);
  private final Map<String, Deque<Answer>> answers = new ConcurrentHashMap<>();
  private final List<Asked> asked = new CopyOnWriteArrayList<>();

  StandIn() {
    try {
      server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    server.setExecutor(threads);
    server.createContext("/", this::answer);
    server.start();
  }

  /** Answers requests of a path in this order, the last one again and again. */
  StandIn on(String path, Answer... inOrder) {
    answers.put(path, new ArrayDeque<>(Arrays.asList(inOrder)));
    return this;
  }

  URI uri(String path) {
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + path);
  }

  List<Asked> asked() {
    return asked;
  }

  /** {@code METHOD PATH} of each request. */
  List<String> requests() {
    return asked.stream().map(each -> each.method() + " " + each.path()).toList();
  }

  private void answer(HttpExchange exchange) throws IOException {
    String path = exchange.getRequestURI().getRawPath();
    String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
    asked.add(new Asked(exchange.getRequestMethod(), path, exchange.getRequestHeaders(), body));
    Answer answer = status(404);
    Deque<Answer> prepared = answers.get(path);
    if (prepared != null) {
      synchronized (prepared) {
        answer = prepared.size() > 1 ? prepared.remove() : prepared.element();
      }
    }
    try (exchange) {
      answer.to(exchange);
    }
  }

  static Answer status(int status, String... headers) {
    return exchange -> {
      for (int i = 0; i < headers.length; i += 2) {
        exchange.getResponseHeaders().set(headers[i], headers[i + 1]);
      }
      exchange.sendResponseHeaders(status, -1);
    };
  }

  static Answer json(int status, String text) {
    return whole(status, "application/json", text.getBytes(StandardCharsets.UTF_8));
  }

  static Answer page(String html) {
    return whole(200, "text/html; charset=utf-8", html.getBytes(StandardCharsets.UTF_8));
  }

  private static Answer whole(int status, String type, byte[] body) {
    return exchange -> {
      exchange.getResponseHeaders().set("Content-Type", type);
      exchange.sendResponseHeaders(status, body.length);
      exchange.getResponseBody().write(body);
    };
  }

  /** A file as a good server gives it: with conditions and ranges. */
  static Answer file(byte[] content, String etag) {
    return cut(content, etag, content.length);
  }

  /** As {@link #file}, but the connection breaks after so many bytes of the body. */
  static Answer cut(byte[] content, String etag, int bytes) {
    return exchange -> {
      Headers in = exchange.getRequestHeaders();
      Headers out = exchange.getResponseHeaders();
      out.set("Content-Type", "application/x-netcdf");
      out.set("ETag", etag);
      if (etag.equals(in.getFirst("If-None-Match"))) {
        exchange.sendResponseHeaders(304, -1);
        return;
      }
      boolean rest = in.containsKey("Range") && etag.equals(in.getFirst("If-Range"));
      int from = rest ? Integer.parseInt(in.getFirst("Range").replaceAll("\\D", "")) : 0;
      if (rest) {
        out.set(
            "Content-Range", "bytes %d-%d/%d".formatted(from, content.length - 1, content.length));
      }
      exchange.sendResponseHeaders(rest ? 206 : 200, content.length - from);
      exchange.getResponseBody().write(content, from, Math.min(bytes, content.length - from));
      exchange.getResponseBody().flush();
    };
  }

  /** A file from a server that knows neither conditions nor ranges. */
  static Answer plain(byte[] content, int bytes, String... headers) {
    return exchange -> {
      for (int i = 0; i < headers.length; i += 2) {
        exchange.getResponseHeaders().set(headers[i], headers[i + 1]);
      }
      exchange.sendResponseHeaders(200, content.length);
      exchange.getResponseBody().write(content, 0, bytes);
      exchange.getResponseBody().flush();
    };
  }

  /** Begins a file and then says nothing more. */
  Answer silent(byte[] content, String etag, int bytes) {
    return exchange -> {
      cut(content, etag, bytes).to(exchange);
      try {
        closed.await();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    };
  }

  @Override
  public void close() {
    closed.countDown();
    server.stop(0);
    threads.shutdownNow();
  }
}
