package dev.heed.server;

import dev.heed.generate.Completion;
import dev.heed.generate.TextGenerator;
import dev.heed.generate.chat.ToolCall;
import dev.heed.generate.chat.ToolText;
import dev.heed.generate.search.Finish;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Answers of a chat. */
final class ChatShape implements Shape {
  private final TextGenerator writer;
  private final Tools tools;
  private final boolean scored;
  private final LogProbabilities scores;
  private final Map<Integer, State> states = new HashMap<>();

  /** One of the answers so far. */
  private static final class State {
    private final @Nullable ToolText tools;
    private final List<TokenScores.Choice> choices = new ArrayList<>();
    private int told;

    State(@Nullable ToolText tools) {
      this.tools = tools;
    }
  }

  /**
   * No answer yet.
   *
   * @param scored whether log-probabilities are told
   */
  ChatShape(TextGenerator writer, Tools tools, boolean scored) {
    this.writer = writer;
    this.tools = tools;
    this.scored = scored;
    this.scores = new LogProbabilities(writer.tokenizer());
  }

  private State state(int index) {
    return states.computeIfAbsent(
        index, i -> new State(tools.offered().isEmpty() ? null : new ToolText(writer.tokenizer())));
  }

  @Override
  public String object(boolean chunk) {
    return chunk ? "chat.completion.chunk" : "chat.completion";
  }

  @Override
  public String prefix() {
    return "chatcmpl-";
  }

  @Override
  public List<ObjectNode> begin(int count) {
    List<ObjectNode> all = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      ObjectNode delta = JsonMapper.shared().createObjectNode();
      delta.put("role", "assistant").put("content", "");
      all.add(chunk(i, delta, null));
    }
    return all;
  }

  private static ObjectNode chunk(int index, ObjectNode delta, @Nullable String finish) {
    ObjectNode choice = JsonMapper.shared().createObjectNode();
    choice.put("index", index);
    choice.set("delta", delta);
    choice.putNull("logprobs");
    choice.put("finish_reason", finish);
    return choice;
  }

  @Override
  public @Nullable ObjectNode piece(TextRun.Piece piece) {
    State state = state(piece.index());
    String text = state.tools == null ? piece.text() : state.tools.add(piece.token(), piece.text());
    state.told += text.length();
    boolean end = writer.config().tokens().eosTokenId().contains(piece.token());
    TokenScores.Choice choice = end ? null : piece.choice();
    if (choice != null) {
      state.choices.add(choice);
    }
    if (text.isEmpty() && choice == null) {
      return null;
    }
    ObjectNode delta = JsonMapper.shared().createObjectNode().put("content", text);
    ObjectNode chunk = chunk(piece.index(), delta, null);
    if (choice != null) {
      chunk.set("logprobs", scores.chat(List.of(choice)));
    }
    return chunk;
  }

  private ToolText.Answer answer(State state, Completion completion) {
    ToolText.Answer answer =
        state.tools == null
            ? new ToolText.Answer(completion.text(), List.of())
            : state.tools.end(completion);
    return tools.parallel() || answer.calls().size() < 2
        ? answer
        : new ToolText.Answer(answer.text(), answer.calls().subList(0, 1));
  }

  private static String finish(ToolText.Answer answer, Finish finish) {
    return answer.calls().isEmpty() ? finish == Finish.LENGTH ? "length" : "stop" : "tool_calls";
  }

  private static ArrayNode calls(List<ToolCall> calls, boolean numbered) {
    ArrayNode all = JsonMapper.shared().createArrayNode();
    for (int i = 0; i < calls.size(); i++) {
      ObjectNode call = all.addObject();
      if (numbered) {
        call.put("index", i);
      }
      call.put("id", "call_" + WritingReply.newId());
      call.put("type", "function");
      call.putObject("function")
          .put("name", calls.get(i).name())
          .put("arguments", calls.get(i).arguments().toString());
    }
    return all;
  }

  @Override
  public List<ObjectNode> end(TextRun.Ended ended) {
    State state = state(ended.index());
    ToolText.Answer answer = answer(state, ended.completion());
    List<ObjectNode> all = new ArrayList<>();
    ObjectNode rest = JsonMapper.shared().createObjectNode();
    if (answer.text().length() > state.told) {
      rest.put("content", answer.text().substring(state.told));
    }
    if (!answer.calls().isEmpty()) {
      rest.set("tool_calls", calls(answer.calls(), true));
    }
    if (!rest.isEmpty()) {
      all.add(chunk(ended.index(), rest, null));
    }
    String finish = finish(answer, ended.completion().generated().finish());
    all.add(chunk(ended.index(), JsonMapper.shared().createObjectNode(), finish));
    return all;
  }

  @Override
  public ObjectNode whole(TextRun.Ended ended) {
    State state = state(ended.index());
    ToolText.Answer answer = answer(state, ended.completion());
    ObjectNode choice = JsonMapper.shared().createObjectNode();
    choice.put("index", ended.index());
    ObjectNode message = choice.putObject("message");
    message.put("role", "assistant");
    boolean silent = answer.text().isEmpty() && !answer.calls().isEmpty();
    message.put("content", silent ? null : answer.text());
    message.putNull("refusal");
    if (!answer.calls().isEmpty()) {
      message.set("tool_calls", calls(answer.calls(), false));
    }
    if (scored) {
      choice.set("logprobs", scores.chat(state.choices));
    } else {
      choice.putNull("logprobs");
    }
    choice.put("finish_reason", finish(answer, ended.completion().generated().finish()));
    return choice;
  }
}
