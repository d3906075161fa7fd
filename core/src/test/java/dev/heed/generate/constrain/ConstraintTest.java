package dev.heed.generate.constrain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.heed.checkpoint.StrictJson;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Whatever a model prefers, every text that it writes under a constraint parses. */
@Tag("unit")
class ConstraintTest {
  private static final int SEEDS = 60;
  private static final int ROOM = 120;

  @TempDir static Path folder;
  private RandomWriter writer;

  @BeforeEach
  void open() {
    writer = new RandomWriter(folder);
  }

  @TestFactory
  Stream<DynamicTest> a_text_matches_its_regular_expression() {
    return Stream.of(
            "abc",
            "a|bc|",
            "(a|b)*abb",
            "[a-c]{2,5}x?",
            "\\d{3}-\\d{4}",
            "[^a-z0-9]{1,3}",
            "(?:ab+){2,}",
            "\\w+@\\w+\\.(com|org)",
            "(?<year>[12]\\d{3})",
            "[é你-好\\u{1F600}]+",
            ".{0,9}",
            "a*?b",
            "[\\]\\-a]{3}",
            "(a?){5}",
            "((a*)*)*b",
            "\\x41\\u0042\\n")
        .map(regex ->
            DynamicTest.dynamicTest(
                regex,
                () -> {
                  Pattern pattern =
                      Pattern.compile(regex.replace("\\u{1F600}", "\\x{1F600}"), Pattern.DOTALL);
                  Constraint constraint = writer.constraint(Grammar.regex(regex));
                  int least = new Automaton(Grammar.regex(regex)).start().shortest();
                  for (int seed = 0; seed < SEEDS; seed++) {
                    String text = writer.write(constraint, seed, Math.max(1, least + seed % 40));
                    assertThat(pattern.matcher(text).matches()).as("%s", text).isTrue();
                  }
                }));
  }

  @Test
  void nested_grammars_nest_and_close() {
    Grammar grammar =
        Grammar.parse(
            """
            # sums of numbers and of sums between parentheses
            root ::= term (op term)*   /* one or more */
            op ::= "+" | '-' | #x2A
            term ::= [0-9]{1,3} | "(" root ")"
            """);
    Constraint constraint = writer.constraint(grammar);
    for (int seed = 0; seed < 300; seed++) {
      String text = writer.write(constraint, seed, 1 + seed % ROOM);
      assertThat(new Sums(text).parses()).as("%s", text).isTrue();
    }
  }

  /** Reads what the grammar above says, by hand. */
  private static final class Sums {
    private final String text;
    private int at;

    Sums(String text) {
      this.text = text;
    }

    boolean parses() {
      return sum() && at == text.length();
    }

    private boolean sum() {
      if (!term()) {
        return false;
      }
      while (at < text.length() && "+-*".indexOf(text.charAt(at)) >= 0) {
        at++;
        if (!term()) {
          return false;
        }
      }
      return true;
    }

    private boolean term() {
      if (at < text.length() && text.charAt(at) == '(') {
        at++;
        return sum() && at < text.length() && text.charAt(at++) == ')';
      }
      int start = at;
      while (at < text.length() && at - start < 3 && Character.isDigit(text.charAt(at))) {
        at++;
      }
      return at > start;
    }
  }

  @TestFactory
  Stream<DynamicTest> json_is_valid_by_its_schema() {
    return Stream.of(
            "true",
            "{\"type\": \"object\"}",
            "{\"type\": \"integer\", \"minimum\": -17, \"maximum\": 205}",
            "{\"type\": \"integer\", \"exclusiveMinimum\": 9}",
            "{\"type\": \"number\", \"minimum\": 0}",
            "{\"type\": [\"string\", \"null\"], \"minLength\": 2, \"maxLength\": 4}",
            "{\"enum\": [1, \"a\\\"b\", [2, {\"k\": null}], \"é\"]}",
            "{\"type\": \"array\", \"items\": {\"type\": \"boolean\"}, \"minItems\": 2,"
                + " \"maxItems\": 4}",
            "{\"type\": \"array\", \"prefixItems\": [{\"const\": 1}, {\"type\": \"string\"}],"
                + " \"items\": false}",
            "{\"type\": \"object\", \"properties\": {\"name\": {\"type\": \"string\"}, \"age\":"
                + " {\"type\": \"integer\", \"minimum\": 0}, \"tags\": {\"type\": \"array\","
                + " \"items\": {\"enum\": [\"x\", \"y\"]}}}, \"required\": [\"age\"],"
                + " \"additionalProperties\": false}",
            "{\"$defs\": {\"tree\": {\"type\": \"object\", \"properties\": {\"v\": {\"type\":"
                + " \"integer\"}, \"kids\": {\"type\": \"array\", \"items\": {\"$ref\":"
                + " \"#/$defs/tree\"}}}, \"required\": [\"v\", \"kids\"],"
                + " \"additionalProperties\": false}}, \"$ref\": \"#/$defs/tree\"}",
            "{\"oneOf\": [{\"type\": \"object\", \"properties\": {\"kind\": {\"const\": \"a\"}},"
                + " \"required\": [\"kind\"]}, {\"type\": \"object\", \"properties\": {\"kind\":"
                + " {\"const\": \"b\"}, \"n\": {\"type\": \"number\"}}, \"required\":"
                + " [\"kind\", \"n\"]}]}",
            "{\"type\": \"string\", \"pattern\": \"^[a-c]{2}\\\\d$\"}",
            "{\"type\": \"object\", \"additionalProperties\": {\"type\": \"integer\"}}")
        .map(schema ->
            DynamicTest.dynamicTest(
                schema.length() > 60 ? schema.substring(0, 60) : schema,
                () -> {
                  JsonNode json = JsonMapper.shared().readTree(schema);
                  Grammar grammar = JsonSchema.grammar(json);
                  Constraint constraint = writer.constraint(grammar);
                  int least = new Automaton(grammar).start().shortest();
                  for (int seed = 0; seed < SEEDS; seed++) {
                    int limit = least + new Random(seed).nextInt(ROOM);
                    String text = writer.write(constraint, seed, limit);
                    JsonNode value = JsonMapper.shared().readTree(text);
                    assertThat(SchemaCheck.valid(json, json, value)).as("%s", text).isTrue();
                  }
                }));
  }

  @Test
  void an_object_has_no_member_twice() {
    JsonNode schema =
        JsonMapper.shared()
            .readTree(
                "{\"properties\": {\"a\": {\"type\": \"null\"}, \"b\": {\"type\": \"null\"}}}");
    Constraint constraint = writer.constraint(JsonSchema.grammar(schema));
    Set<Integer> sizes = new HashSet<>();
    for (int seed = 0; seed < SEEDS; seed++) {
      String text = writer.write(constraint, seed, ROOM);
      sizes.add(StrictJson.parse("text", text.getBytes(StandardCharsets.UTF_8)).size());
    }
    assertThat(sizes).contains(0, 1, 2);
  }

  @Test
  void characters_are_those_of_their_set() {
    Random random = new Random(5);
    for (int round = 0; round < 40; round++) {
      int first = random.nextInt(round % 2 == 0 ? 0x900 : 0x110000);
      int last = Math.min(0x10FFFF, first + random.nextInt(round % 3 == 0 ? 200 : 0x20000));
      CharacterSet set = CharacterSet.of(first, last);
      Automaton automaton = new Automaton(Grammar.of(new Expression.Characters(set)));
      for (int i = 0; i < 400; i++) {
        int c =
            i < 200
                ? Math.clamp(first - 100 + i, 0, 0x10FFFF)
                : i < 300
                    ? Math.clamp(last - 50 + (i - 200), 0, 0x10FFFF)
                    : random.nextInt(0x110000);
        boolean surrogate = c >= 0xD800 && c <= 0xDFFF;
        if (!surrogate) {
          Automaton.State state = automaton.start();
          for (byte b : Character.toString(c).getBytes(StandardCharsets.UTF_8)) {
            state = state == null ? null : state.after(b);
          }
          assertThat(state != null && state.complete()).isEqualTo(c >= first && c <= last);
        }
      }
    }
  }

  @Test
  void what_cannot_be_done_is_refused_by_its_name() {
    for (String regex : List.of("(?=a)b", "(a)\\1", "a\\b", "a++", "(a", "[b-a]", "a{3,2}", "*a")) {
      assertThatThrownBy(() -> Grammar.regex(regex)).isInstanceOf(GrammarException.class);
    }
    assertThatThrownBy(() -> writer.constraint(Grammar.parse("root ::= root \"a\" | \"a\"")))
        .hasMessageContaining("begins with itself")
        .hasMessageContaining("root");
    assertThatThrownBy(() -> writer.constraint(Grammar.parse("root ::= missing")))
        .hasMessageContaining("missing");
    assertThatThrownBy(() -> writer.constraint(Grammar.parse("root ::= \"a\" root")))
        .hasMessageContaining("some text fits");
    for (String schema :
        List.of(
            "{\"type\": \"array\", \"uniqueItems\": true}",
            "{\"type\": \"object\", \"patternProperties\": {}}",
            "{\"type\": \"number\", \"multipleOf\": 3}",
            "{\"not\": {}}",
            "{\"$ref\": \"http://example.org\"}")) {
      assertThatThrownBy(() -> JsonSchema.grammar(JsonMapper.shared().readTree(schema)))
          .isInstanceOf(GrammarException.class)
          .hasMessageContaining("JSON schema");
    }
  }
}
