package dev.heed.train.recipe;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/**
 * A dialogue between a user and a system, as one text for a language model: each turn of the user,
 * what it adds to the belief state, and the system's reply (Yang et al., UBAR: Towards Fully
 * End-to-End Task-Oriented Dialog Systems with GPT-2, 2021; changes of the state instead of all of
 * it: Lin et al., MinTL: Minimalist Transfer Learning for Task-Oriented Dialogue Systems, 2020).
 *
 * @param turns in order
 */
public record Dialogue(List<Turn> turns) {
  /** Stands before what the user says. */
  public static final String USER = "<|user|>";

  /** Stands before what is understood. */
  public static final String STATE = "<think>";

  /** Stands before the reply. */
  public static final String REPLY = "</think>";

  /** Stands after the reply. */
  public static final String END = "<|endoftext|>";

  /**
   * What the user says and what comes of it.
   *
   * @param user what is said
   * @param adds the intent, and the slots that the user names in this turn
   * @param reply what the system says; empty if the dialogue ends before
   */
  public record Turn(String user, BeliefState adds, String reply) {
    /** As a language model reads it. */
    public String text() {
      return asked() + adds + REPLY + reply + END;
    }

    /** As far as a model is given it that shall write the state. */
    public String asked() {
      return USER + user + STATE;
    }
  }

  /** Copies the list. */
  public Dialogue {
    turns = List.copyOf(turns);
  }

  /**
   * Reads dialogues of Schema-Guided Dialogue (Rastogi et al. 2020), a JSON object a line, {@code
   * .gz} too.
   *
   * @throws IllegalArgumentException for a line of another form, by number
   */
  public static List<Dialogue> read(Path file) {
    List<Dialogue> dialogues = new ArrayList<>();
    DialogueTurns.each(new ExampleFile(file), (where, turns) -> dialogues.add(of(turns)));
    return dialogues;
  }

  /** Of the list {@code turns} of a line. */
  static Dialogue of(JsonNode turns) {
    return new Dialogue(turns(turns));
  }

  /** The whole, as a language model reads it. */
  public String text() {
    StringBuilder text = new StringBuilder();
    turns.forEach(turn -> text.append(turn.text()));
    return text.toString();
  }

  private static List<Turn> turns(JsonNode said) {
    List<Turn> turns = new ArrayList<>();
    for (JsonNode turn : said) {
      String text = turn.path("text").asString("");
      if (turn.path("speaker").asString("").toUpperCase(Locale.ROOT).equals("USER")) {
        turns.add(new Turn(text, adds(turn), ""));
      } else if (!turns.isEmpty()) {
        Turn last = turns.removeLast();
        String before = last.reply().isEmpty() ? "" : last.reply() + " ";
        turns.add(new Turn(last.user(), last.adds(), before + text));
      }
    }
    return turns;
  }

  /** The slots of acts such as {@code INFORM city=San Jose|San José}; the first value counts. */
  private static BeliefState adds(JsonNode turn) {
    Map<String, String> slots = new LinkedHashMap<>();
    for (JsonNode act : turn.path("acts")) {
      String[] parts = act.asString("").split("[ =|]", 4);
      if (parts.length > 2 && parts[0].equals("INFORM")) {
        String value = act.asString("").split("=", 2)[1].split("\\|", 2)[0];
        slots.put(parts[1], value.strip());
      }
    }
    return new BeliefState(turn.path("intent").asString("NONE"), slots);
  }
}
