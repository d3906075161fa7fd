package dev.heed.generate.chat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.heed.generate.template.Template;
import dev.heed.generate.template.TemplateException;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

@Tag("unit")
class ChatTemplateTest {
  private static final String MESSAGES =
      "{% for m in messages %}{{ m.role }}: {{ m.content }}\n{% endfor %}";

  private static ChatTemplate template(String source) {
    return new ChatTemplate(Template.parse(source), JsonMapper.shared().createObjectNode());
  }

  @Test
  void tools_that_the_template_leaves_out_are_refused() {
    List<ChatMessage> messages = List.of(ChatMessage.user("Hello"));
    List<JsonNode> tools =
        List.of(JsonMapper.shared().readTree("{\"function\":{\"name\":\"weather\"}}"));
    ChatTemplate deaf = template(MESSAGES);
    assertThat(deaf.prompt(messages)).isEqualTo("user: Hello\n");
    assertThatThrownBy(() -> deaf.prompt(messages, tools))
        .isInstanceOf(TemplateException.class)
        .hasMessage(
            "tools: expected a chat template that names them, got one that leaves them out; ask"
                + " without tools, or choose a model that was trained to call them");
    ChatTemplate knowing =
        template("{% for t in tools or [] %}{{ t.function.name }}\n{% endfor %}" + MESSAGES);
    assertThat(knowing.prompt(messages, tools)).isEqualTo("weather\nuser: Hello\n");
    assertThat(knowing.prompt(messages)).isEqualTo("user: Hello\n");
  }
}
