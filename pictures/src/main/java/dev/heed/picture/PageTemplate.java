package dev.heed.picture;

import com.samskivert.mustache.Mustache;
import com.samskivert.mustache.Template;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.io.StringReader;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/**
 * A page to be filled: a Mustache template among the resources of this package, with the style
 * sheets and scripts that it includes.
 *
 * <p>Values are escaped for HTML wherever the template does not ask for them as they are. A name
 * that has no value is an error. Values are maps, lists, strings, numbers and booleans, so that
 * nothing is looked up by reflection.
 */
public final class PageTemplate {
  private static final String ENDING = ".mustache";

  private final Template template;

  private PageTemplate(Template template) {
    this.template = template;
  }

  /** The template of this name. */
  public static PageTemplate of(String name) {
    Mustache.Compiler compiler =
        Mustache.compiler()
            .escapeHTML(true)
            .emptyStringIsFalse(true)
            .withLoader(included -> new StringReader(read(included)));
    return new PageTemplate(compiler.compile(read(name + ENDING)));
  }

  private static String read(String resource) {
    try (InputStream in = PageTemplate.class.getResourceAsStream(resource)) {
      if (in == null) {
        throw new IllegalArgumentException("page: no resource is called " + resource);
      }
      Reader reader = new InputStreamReader(in, StandardCharsets.UTF_8);
      StringWriter text = new StringWriter();
      reader.transferTo(text);
      return text.toString();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The page. */
  public String fill(Map<String, ?> values) {
    return template.execute(values);
  }
}
