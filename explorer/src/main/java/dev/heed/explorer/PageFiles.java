package dev.heed.explorer;

import dev.heed.web.Routes;
import dev.heed.web.WebPart;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The page itself: a fixed list of files of the class path, read once. */
final class PageFiles implements WebPart {
  private static final String POLICY =
      "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:;"
          + " connect-src 'self'; base-uri 'none'; frame-ancestors 'none'; form-action 'none'";
  private static final String STYLE = "text/css; charset=utf-8";
  private static final String SCRIPT = "text/javascript; charset=utf-8";

  private record PageFile(String resource, String type) {}

  private static final Map<String, PageFile> FILES = new LinkedHashMap<>();

  static {
    FILES.put("/", new PageFile("page/index.html", "text/html; charset=utf-8"));
    for (String style :
        List.of(
            "style",
            "writing",
            "evidence",
            "mechanisms",
            "training",
            "edit",
            "alignment",
            "meaning",
            "long")) {
      FILES.put("/" + style + ".css", new PageFile("page/" + style + ".css", STYLE));
    }
    for (String script :
        List.of(
            "explorer",
            "api",
            "sentence",
            "heads",
            "steps",
            "writing",
            "evidence",
            "edit",
            "tokens",
            "alignment",
            "image",
            "meaning",
            "long",
            "canvas",
            "mechanisms",
            "training",
            "keep",
            "picture")) {
      FILES.put("/" + script + ".js", new PageFile("page/" + script + ".js", SCRIPT));
    }
    FILES.put(
        "/d3.js", new PageFile("/META-INF/resources/webjars/d3/7.9.0/dist/d3.min.js", SCRIPT));
    FILES.put("/openapi.json", new PageFile("openapi.json", "application/json"));
  }

  @Override
  public void routes(Routes routes) {
    FILES.forEach((path, file) -> {
      byte[] bytes = read(file.resource());
      routes.get(
          path,
          exchange -> {
            exchange.setHeader("Content-Security-Policy", POLICY);
            exchange.send(200, file.type(), bytes);
          });
    });
  }

  private static byte[] read(String resource) {
    try (InputStream in = PageFiles.class.getResourceAsStream(resource)) {
      if (in == null) {
        throw new IllegalStateException("class path: expected " + resource + ", got none");
      }
      return in.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
