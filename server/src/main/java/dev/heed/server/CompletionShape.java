package dev.heed.server;

import dev.heed.generate.TextGenerator;
import dev.heed.generate.search.Finish;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Texts after prompts. */
final class CompletionShape implements Shape {
  private final TextGenerator writer;
  private final boolean scored;
  private final List<String> echoes;
  private final LogProbabilities scores;
  private final Map<Integer, State> states = new HashMap<>();

  /** One of the texts so far. */
  private static final class State {
    private final List<TokenScores.Choice> choices = new ArrayList<>();
    private int told;
    private int characters;
  }

  /**
   * No text yet.
   *
   * @param scored whether log-probabilities are told
   * @param echoes what stands before each text, by index; empty strings for nothing
   */
  CompletionShape(TextGenerator writer, boolean scored, List<String> echoes) {
    this.writer = writer;
    this.scored = scored;
    this.echoes = List.copyOf(echoes);
    this.scores = new LogProbabilities(writer.tokenizer());
  }

  @Override
  public String object(boolean chunk) {
    return "text_completion";
  }

  @Override
  public String prefix() {
    return "cmpl-";
  }

  @Override
  public List<ObjectNode> begin(int count) {
    List<ObjectNode> all = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      if (!echoes.get(i).isEmpty()) {
        all.add(choice(i, echoes.get(i), null));
      }
    }
    return all;
  }

  private static ObjectNode choice(int index, String text, @Nullable String finish) {
    ObjectNode choice = JsonMapper.shared().createObjectNode();
    choice.put("index", index);
    choice.put("text", text);
    choice.putNull("logprobs");
    choice.put("finish_reason", finish);
    return choice;
  }

  private State state(int index) {
    return states.computeIfAbsent(index, i -> new State());
  }

  @Override
  public @Nullable ObjectNode piece(TextRun.Piece piece) {
    State state = state(piece.index());
    boolean end = writer.config().tokens().eosTokenId().contains(piece.token());
    TokenScores.Choice choice = end ? null : piece.choice();
    if (piece.text().isEmpty() && choice == null) {
      return null;
    }
    ObjectNode chunk = choice(piece.index(), piece.text(), null);
    if (choice != null) {
      state.choices.add(choice);
      int offset = characters(echoes.get(piece.index())) + state.characters;
      chunk.set("logprobs", scores.completion(List.of(choice), offset));
      state.characters += scores.characters(piece.token());
    }
    state.told += piece.text().length();
    return chunk;
  }

  private static int characters(String text) {
    return text.codePointCount(0, text.length());
  }

  private static String finish(Finish finish) {
    return finish == Finish.LENGTH ? "length" : "stop";
  }

  @Override
  public List<ObjectNode> end(TextRun.Ended ended) {
    String rest = ended.completion().text().substring(state(ended.index()).told);
    return List.of(choice(ended.index(), rest, finish(ended.completion().generated().finish())));
  }

  @Override
  public ObjectNode whole(TextRun.Ended ended) {
    String echo = echoes.get(ended.index());
    ObjectNode choice =
        choice(
            ended.index(),
            echo + ended.completion().text(),
            finish(ended.completion().generated().finish()));
    if (scored) {
      choice.set("logprobs", scores.completion(state(ended.index()).choices, characters(echo)));
    }
    return choice;
  }
}
