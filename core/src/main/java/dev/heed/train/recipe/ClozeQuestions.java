package dev.heed.train.recipe;

import dev.heed.train.data.Seeds;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Questions that nobody wrote, made of plain texts to learn from before real ones: a name, a number
 * or a phrase is taken out of its sentence, and a question word stands for it (Lewis et al. 2019).
 * Where the same words stand in the text once more, the sentence itself is taken out of the text,
 * so that the answer is found by what is said about it elsewhere (Ram et al. 2021).
 */
final class ClozeQuestions {
  private static final Pattern SENTENCE =
      Pattern.compile("\\S.*?(?:[.!?](?=\\s)|$)", Pattern.DOTALL);

  /** Words that stand between phrases and are never part of one. */
  private static final String BETWEEN =
      "(?:a|an|the|of|in|on|at|to|for|from|by|with|as|and|or|but|is|are|was|were|be|been|has|have|"
          + "had|that|which|who|his|her|their|its|our|this|these|it|he|she|they|we|not|into|than)";

  private static final String NAME =
      "\\p{Lu}[\\p{L}\\p{N}'’-]*(?:\\s(?:of\\s|the\\s|de\\s)?\\p{Lu}[\\p{L}\\p{N}'’-]*)*";
  private static final String NUMBER = "\\p{N}[\\p{N},.]*\\p{N}|\\p{N}";
  private static final String PHRASE =
      "(?<=\\b(?:a|an|the|of|in|by|with|for|his|her|their|its)\\s)(?!"
          + BETWEEN
          + "\\b)[\\p{Ll}-]{2,}(?:\\s(?!"
          + BETWEEN
          + "\\b)[\\p{Ll}-]{2,}){0,2}(?=[\\s,.;:)]+"
          + BETWEEN
          + "?\\b|[,.;:)])";
  private static final Pattern ANSWER = Pattern.compile(NAME + "|" + NUMBER + "|" + PHRASE);

  private static final int LEAST_WORDS = 4;
  private static final int MOST_WORDS = 14;

  /** The share of a question's words that is left out, so that no sentence is told by all of it. */
  private static final double LEFT_OUT = 0.15;

  private ClozeQuestions() {}

  /**
   * Questions about each text, at most so many of one: {@code question}, {@code context}, {@code
   * answers}, {@code answer_start}; the same ones each time.
   *
   * @param column of the texts, each of them used once; a list of sentences is one text
   * @throws IllegalArgumentException for rows without it
   */
  static List<ExampleFile.Row> rows(ExampleFile file, String column, int most) {
    Set<String> known = new LinkedHashSet<>();
    List<ExampleFile.Row> rows = new ArrayList<>();
    for (ExampleFile.Row row : file.rows(List.of())) {
      String text = text(row.require(column));
      if (known.add(text)) {
        SplittableRandom random = new SplittableRandom(Seeds.mix(known.size(), 7));
        questions(text, most, random)
            .forEach(columns -> rows.add(new ExampleFile.Row(row.where(), columns)));
      }
    }
    return rows;
  }

  private static String text(String value) {
    if (!value.startsWith("[\"")) {
      return value;
    }
    List<String> sentences = new ArrayList<>();
    for (JsonNode sentence : JsonMapper.shared().readTree(value)) {
      sentences.add(sentence.asString(""));
    }
    return String.join(" ", sentences);
  }

  private static List<Map<String, String>> questions(
      String text, int most, SplittableRandom random) {
    List<Map<String, String>> questions = new ArrayList<>();
    for (MatchResult sentence : SENTENCE.matcher(text).results().toList()) {
      for (MatchResult answer : ANSWER.matcher(sentence.group()).results().toList()) {
        // A capital at a sentence's start may be any word's.
        if (answer.start() > 0 || answer.group().contains(" ")) {
          Map<String, String> made = question(text, sentence, answer, random);
          if (!made.isEmpty()) {
            questions.add(made);
          }
        }
      }
    }
    while (questions.size() > most) {
      questions.remove(random.nextInt(questions.size()));
    }
    return questions;
  }

  /** A question, or nothing where too little is said to ask it. */
  private static Map<String, String> question(
      String text, MatchResult sentence, MatchResult answer, SplittableRandom random) {
    String[] before = words(sentence.group().substring(0, answer.start()));
    String[] after = words(sentence.group().substring(answer.end()));
    List<String> kept = new ArrayList<>();
    for (int i = Math.max(0, before.length - MOST_WORDS / 2); i < before.length; i++) {
      keep(before[i], kept, random);
    }
    for (int i = 0; i < Math.min(after.length, MOST_WORDS / 2); i++) {
      keep(after[i], kept, random);
    }
    if (kept.size() < LEAST_WORDS) {
      return Map.of();
    }
    String without = text.substring(0, sentence.start()) + text.substring(sentence.end());
    int elsewhere = find(without, answer.group());
    Map<String, String> columns = new LinkedHashMap<>();
    columns.put("question", word(answer.group(), random) + " " + String.join(" ", kept) + "?");
    columns.put("context", elsewhere < 0 ? text : without);
    columns.put("answers", JsonMapper.shared().writeValueAsString(List.of(answer.group())));
    int start = elsewhere < 0 ? sentence.start() + answer.start() : elsewhere;
    columns.put("answer_start", String.valueOf(start));
    return columns;
  }

  private static void keep(String word, List<String> kept, SplittableRandom random) {
    if (!word.isEmpty() && random.nextDouble() >= LEFT_OUT) {
      kept.add(word);
    }
  }

  private static String[] words(String part) {
    return part.strip().split("[\\s,;:()\"]+|[.!?]+$");
  }

  /** Where the words stand in a text, as words; or -1. */
  private static int find(String text, String answer) {
    return Pattern.compile("(?<![\\p{L}\\p{N}])" + Pattern.quote(answer) + "(?![\\p{L}\\p{N}])")
        .matcher(text)
        .results()
        .mapToInt(MatchResult::start)
        .findFirst()
        .orElse(-1);
  }

  /** A word that asks for such an answer. */
  private static String word(String answer, SplittableRandom random) {
    if (answer.matches("1\\d{3}|20\\d{2}")) {
      return random.nextBoolean() ? "When" : "What year";
    }
    if (Character.isDigit(answer.charAt(0))) {
      return random.nextBoolean() ? "How many" : "How much";
    }
    if (Character.isUpperCase(answer.charAt(0))) {
      return new String[] {"Who", "What", "Which", "Where"}[random.nextInt(4)];
    }
    return "What";
  }
}
