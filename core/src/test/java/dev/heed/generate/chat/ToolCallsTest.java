package dev.heed.generate.chat;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heed.generate.constrain.JsonSchema;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

@Tag("unit")
class ToolCallsTest {
  private static String shown(ToolCalls parsed) {
    StringBuilder text = new StringBuilder(parsed.text());
    parsed.calls().forEach(call -> text.append("|").append(call.name()).append(call.arguments()));
    return text.toString();
  }

  @Test
  void calls_between_tags_are_taken_out() {
    String answer =
        "I look.\n<tool_call>\n{\"name\": \"sum\", \"arguments\": {\"a\": [1, 2]}}\n</tool_call>\n"
            + "<tool_call>\n{\"name\": \"now\", \"arguments\": {}}\n</tool_call>";
    assertThat(shown(ToolCalls.parse(answer))).isEqualTo("I look.|sum{\"a\":[1,2]}|now{}");
  }

  @Test
  void parameters_in_tags_are_texts_unless_they_are_json() {
    String answer =
        "<tool_call>\n<function=find>\n<parameter=q>\ntwo\nlines\n</parameter>\n"
            + "<parameter=n>\n3\n</parameter>\n</function>\n</tool_call>";
    assertThat(shown(ToolCalls.parse(answer))).isEqualTo("|find{\"q\":\"two\\nlines\",\"n\":3}");
  }

  @Test
  void lists_and_whole_answers_are_calls() {
    assertThat(shown(ToolCalls.parse("[TOOL_CALLS][{\"name\":\"f\",\"arguments\":{\"x\":1}}]")))
        .isEqualTo("|f{\"x\":1}");
    assertThat(shown(ToolCalls.parse("{\"name\": \"f\", \"parameters\": {\"x\": \"y\"}}")))
        .isEqualTo("|f{\"x\":\"y\"}");
    assertThat(shown(ToolCalls.parse("<|tool_call|>[{\"name\":\"f\",\"arguments\":\"{}\"}]")))
        .isEqualTo("|f{}");
  }

  @Test
  void an_answer_of_a_schema_may_be_a_call_instead() {
    JsonNode tool =
        json("{'function': {'name': 'f', 'parameters': {'properties': {'x': {'const': 1}}}}}");
    JsonNode answer =
        json(
            "{'type': 'object', 'properties': {'next': {'$ref': '#'}, 'leaf': {'$ref':"
                + " '#/$defs/leaf'}}, '$defs': {'leaf': {'enum': [{'$ref': '#'}]}}}");
    JsonNode either = ToolCalls.schema(List.of(tool), answer);
    assertThat(either.path("anyOf").path(0)).isEqualTo(ToolCalls.schema(List.of(tool)));
    assertThat(either.path("anyOf").path(1))
        .isEqualTo(
            json(
                "{'type': 'object', 'properties': {'next': {'$ref': '#/anyOf/1'}, 'leaf': {'$ref':"
                    + " '#/anyOf/1/$defs/leaf'}}, '$defs': {'leaf': {'enum': [{'$ref': '#'}]}}}"));
    assertThat(JsonSchema.grammar(either).rules()).hasSizeGreaterThan(2);
  }

  private static JsonNode json(String text) {
    return JsonMapper.shared().readTree(text.replace('\'', '"'));
  }

  @Test
  void what_is_no_call_stays_text() {
    for (String answer :
        new String[] {
          "plain", "{\"a\": 1}", "<tool_call>broken {</tool_call>", "[TOOL_CALLS] nothing", ""
        }) {
      assertThat(ToolCalls.parse(answer)).isEqualTo(new ToolCalls(answer, List.of()));
    }
  }
}
