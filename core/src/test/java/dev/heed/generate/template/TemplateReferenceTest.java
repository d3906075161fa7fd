package dev.heed.generate.template;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.heed.checkpoint.ConfigReader;
import dev.heed.golden.GoldenFolder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.DynamicContainer;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Every recorded rendering: the same text, or the same refusal; hostile templates end soon. */
@Tag("integration")
class TemplateReferenceTest {
  /** The reference itself had 4 seconds; far less is needed, but machines are busy. */
  private static final Duration SOON = Duration.ofSeconds(20);

  private static Path area() {
    return GoldenFolder.area("templates");
  }

  private static Stream<JsonNode> stream(JsonNode array) {
    return StreamSupport.stream(array.spliterator(), false);
  }

  @TestFactory
  Stream<DynamicContainer> chats() {
    List<Path> folders =
        GoldenFolder.list(area()).stream()
            .filter(folder -> Files.isRegularFile(folder.resolve("chat_template.jinja")))
            .toList();
    assertThat(folders).hasSizeGreaterThanOrEqualTo(8);
    return folders.stream()
        .map(folder -> {
          JsonNode recorded = ConfigReader.json(folder.resolve("expected.json"));
          Template template = Template.parse(read(folder.resolve("chat_template.jinja")));
          List<DynamicTest> tests = new ArrayList<>();
          stream(recorded.get("renderings"))
              .forEach(one -> {
                boolean prompt = one.get("add_generation_prompt").booleanValue();
                String name = one.get("name").stringValue() + (prompt ? " and a prompt" : "");
                tests.add(
                    DynamicTest.dynamicTest(
                        name, () -> compare(template, context(recorded, one), recorded, one)));
              });
          return DynamicContainer.dynamicContainer(String.valueOf(folder.getFileName()), tests);
        });
  }

  private static ObjectNode context(JsonNode recorded, JsonNode one) {
    ObjectNode context = JsonMapper.shared().createObjectNode();
    for (String key : List.of("messages", "tools", "documents", "add_generation_prompt")) {
      context.set(key, one.get(key));
    }
    for (String key : List.of("bos_token", "eos_token")) {
      context.set(key, recorded.get(key));
    }
    if (one.has("extra") && one.get("extra").isObject()) {
      one.get("extra").properties().forEach(e -> context.set(e.getKey(), e.getValue()));
    }
    return context;
  }

  private static void compare(
      Template template, JsonNode context, JsonNode recorded, JsonNode expected) {
    LocalDateTime now = LocalDateTime.parse(recorded.get("now").stringValue());
    if (expected.has("expected")) {
      Rendered rendered = template.render(context, now);
      assertThat(rendered.text()).isEqualTo(expected.get("expected").stringValue());
      if (expected.has("assistant_spans")) {
        List<Rendered.Span> spans = new ArrayList<>();
        stream(expected.get("assistant_spans"))
            .forEach(s -> spans.add(new Rendered.Span(s.get(0).asInt(), s.get(1).asInt())));
        assertThat(rendered.assistant()).isEqualTo(spans);
      }
      return;
    }
    TemplateException e =
        catchThrowableOfType(TemplateException.class, () -> template.render(context, now));
    assertThat(e).as("%s is expected", expected.get("error")).isNotNull();
    boolean raised = expected.get("error").stringValue().equals("raise_exception");
    assertThat(e.kind() == TemplateException.Kind.RAISED).isEqualTo(raised);
    if (raised) {
      assertThat(e).hasMessage(expected.get("message").stringValue());
    }
  }

  @TestFactory
  Stream<DynamicTest> engine() {
    JsonNode recorded = ConfigReader.json(area().resolve("engine").resolve("expected.json"));
    LocalDateTime now = LocalDateTime.parse(recorded.get("now").stringValue());
    return stream(recorded.get("renderings"))
        .map(one -> {
          String source = one.get("template").stringValue();
          return DynamicTest.dynamicTest(
              source.replaceAll("\\s+", " "),
              () -> {
                if (one.has("expected")) {
                  assertThat(Template.parse(source).render(recorded.get("context"), now).text())
                      .isEqualTo(one.get("expected").stringValue());
                } else {
                  assertThatThrownBy(
                          () -> Template.parse(source).render(recorded.get("context"), now))
                      .isInstanceOf(TemplateException.class);
                }
              });
        });
  }

  @TestFactory
  Stream<DynamicTest> hostile() {
    Path folder = area().resolve("hostile");
    JsonNode recorded = ConfigReader.json(folder.resolve("expected.json"));
    return stream(recorded.get("templates"))
        .filter(one ->
            !one.has("file") || Files.isRegularFile(folder.resolve(one.get("file").stringValue())))
        .map(one ->
            DynamicTest.dynamicTest(
                one.get("name").stringValue(),
                () -> {
                  String source =
                      one.has("file")
                          ? read(folder.resolve(one.get("file").stringValue()))
                          : one.get("template").stringValue();
                  String before = recorded.get("context").toString();
                  Assertions.assertTimeout(SOON, () -> judge(source, recorded.get("context"), one));
                  assertThat(recorded.get("context").toString()).isEqualTo(before);
                }));
  }

  private static void judge(String source, JsonNode context, JsonNode one) {
    String expected = one.get("expected").stringValue();
    String text;
    try {
      text = Template.parse(source).render(context, LocalDateTime.MIN).text();
    } catch (TemplateException e) {
      assertThat(expected).startsWith("refused");
      return;
    }
    assertThat(expected).isNotEqualTo("refused");
    JsonNode python = one.get("python");
    if (python.has("output")) {
      assertThat(text).isIn(python.get("output").stringValue(), "");
    } else if (python.has("output_chars")) {
      assertThat(text.codePointCount(0, text.length()))
          .isEqualTo(python.get("output_chars").asInt());
    }
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
