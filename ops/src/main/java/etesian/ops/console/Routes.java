package etesian.ops.console;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import etesian.ops.metrics.ProcessMetrics;
import java.io.IOException;
import java.util.Map;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Which address gives what. */
final class Routes implements HttpHandler {
  private static final Logger LOG = LoggerFactory.getLogger(Routes.class);
  private static final String LIVE = "/api/live";
  private static final String METRICS = "/metrics";

  private final Map<String, Function<Query, Response>> answers;
  private final Page page = new Page();
  private final Live live;
  private final ProcessMetrics metrics;

  Routes(Answers answers, Live live, ProcessMetrics metrics) {
    this.live = live;
    this.metrics = metrics;
    this.answers =
        Map.of(
            "/api/state", query -> Response.json(answers.state()),
            "/api/scores", query -> Response.json(answers.scores()),
            "/api/models", query -> Response.json(answers.models()),
            "/api/deadletters", query -> Response.json(answers.deadLetters()),
            "/api/field", answers::field,
            "/api/mechanism", answers::mechanism,
            "/api/point", answers::point);
  }

  @Override
  public void handle(HttpExchange exchange) throws IOException {
    try (exchange) {
      String path = exchange.getRequestURI().getPath();
      if (path.equals(LIVE)) {
        live.stream(exchange);
      } else if (path.equals(METRICS)) {
        send(exchange, new Response(200, ProcessMetrics.contentType(), metrics.text()));
      } else {
        send(exchange, answer(path, exchange.getRequestURI().getRawQuery()));
      }
    }
  }

  private Response answer(String path, String query) {
    try {
      Function<Query, Response> answer = answers.get(path);
      return answer == null ? page.file(path) : answer.apply(new Query(query));
    } catch (IllegalArgumentException e) {
      return Response.problem(400, String.valueOf(e.getMessage()));
    } catch (RuntimeException e) {
      LOG.error("{} failed", path, e);
      return Response.problem(500, "the console failed; its log says more");
    }
  }

  static void send(HttpExchange exchange, Response response) throws IOException {
    exchange.getResponseHeaders().set("Content-Type", response.type());
    boolean head = exchange.getRequestMethod().equals("HEAD");
    exchange.sendResponseHeaders(response.status(), head ? -1 : response.body().length);
    if (!head) {
      exchange.getResponseBody().write(response.body());
    }
  }
}
