package etesian.ops.console;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.LinkedHashMap;
import java.util.Map;

/** The files of the page: these and no others. */
final class Page {
  private static final String HERE = "/etesian/ops/console/";
  private static final String D3 = "/META-INF/resources/webjars/d3/7.9.0/dist/d3.min.js";
  private static final String HTML = "text/html; charset=utf-8";
  private static final String CSS = "text/css; charset=utf-8";
  private static final String SCRIPT = "text/javascript; charset=utf-8";

  private final Map<String, Response> files = new LinkedHashMap<>();

  Page() {
    put("/", HERE + "index.html", HTML);
    put("/console.css", HERE + "console.css", CSS);
    for (String module :
        new String[] {"main", "api", "map", "charts", "models", "colours", "words"}) {
      put("/" + module + ".js", HERE + module + ".js", SCRIPT);
    }
    put("/icon.svg", HERE + "icon.svg", "image/svg+xml");
    put("/land-110m.json", HERE + "land-110m.json", "application/json");
    put("/land-50m.json", HERE + "land-50m.json", "application/json");
    put("/d3.min.js", D3, SCRIPT);
  }

  /** 404 when there is no such file. */
  Response file(String path) {
    Response file = files.get(path);
    return file == null ? Response.problem(404, "there is no " + path) : file;
  }

  private void put(String path, String resource, String type) {
    try (InputStream in = Page.class.getResourceAsStream(resource)) {
      if (in == null) {
        throw new IllegalStateException("the class path lacks " + resource);
      }
      files.put(path, new Response(200, type, in.readAllBytes()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
