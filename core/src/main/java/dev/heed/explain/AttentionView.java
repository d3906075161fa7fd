package dev.heed.explain;

import dev.heed.explain.AttentionMap.Unit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What a picture of attention shows; the terminal, a page and an image draw the same.
 *
 * @param title what was read by what
 * @param map between the units that are drawn
 * @param focus the word in focus, and the head it is shown in
 * @param options what is drawn besides the focus
 */
public record AttentionView(String title, AttentionMap map, Focus focus, Set<Option> options) {

  private static final int MOST_SILENT = 12;

  /** What a picture may show more, or less. */
  public enum Option {
    /** The head's whole map. */
    HEAT_MAP,
    /** A small picture of every head. */
    ALL_HEADS,
    /** The other words, each with its most selective head. */
    OTHER_WORDS,
    /** Special tokens are left out; the rest stays as it is. */
    HIDE_SPECIAL
  }

  /** Copies the options. */
  public AttentionView {
    options = Set.copyOf(options);
  }

  /** A picture of the focus alone. */
  public AttentionView(String title, AttentionMap map, Focus focus) {
    this(title, map, focus, Set.of());
  }

  /** The same with more options. */
  public AttentionView with(Option... more) {
    Set<Option> all = EnumSet.noneOf(Option.class);
    all.addAll(options);
    all.addAll(List.of(more));
    return new AttentionView(title, map, focus, all);
  }

  /**
   * The same picture of another word.
   *
   * @param other what it looks at instead
   * @return this view with that focus
   */
  public AttentionView of(Focus other) {
    return new AttentionView(title, map, other, options);
  }

  /** Whether an option is chosen. */
  public boolean has(Option option) {
    return options.contains(option);
  }

  /**
   * One bar.
   *
   * @param unit the number of the unit
   * @param text its label
   * @param weight that the focus gives it in the head shown
   * @param mean that the focus gives it on average over all layers and heads
   */
  public record Bar(int unit, String text, float weight, float mean) {}

  /**
   * A unit of the text as it is drawn.
   *
   * @param text what is drawn
   * @param query its number among the units that attend, or -1
   * @param key its number among those that are attended to, or -1
   * @param weight that the focus gives it in the head shown; 0 if it is not attended to
   * @param focus whether it is in focus
   */
  public record Word(String text, int query, int key, float weight, boolean focus) {}

  /** The numbers of the units that attend and are drawn, in order. */
  public List<Integer> shownQueries() {
    return shown(map.queries());
  }

  /** The numbers of the units that are attended to and drawn, in order. */
  public List<Integer> shownKeys() {
    return shown(map.keys());
  }

  private List<Integer> shown(List<Unit> units) {
    return IntStream.range(0, units.size())
        .filter(i -> !has(Option.HIDE_SPECIAL) || !units.get(i).special())
        .boxed()
        .toList();
  }

  /**
   * What was read, as it is drawn: one line if it attends to itself, else first what attends, then
   * what is attended to.
   */
  public List<List<Word>> lines() {
    float[] row = row();
    int query = focus.query();
    Stream<Word> keys =
        shownKeys().stream()
            .map(i -> {
              String text = map.keys().get(i).text();
              return map.isSelf()
                  ? new Word(text, i, i, row[i], i == query)
                  : new Word(text, -1, i, row[i], false);
            });
    Stream<Word> queries =
        shownQueries().stream()
            .map(i -> new Word(map.queries().get(i).text(), i, -1, 0, i == query));
    return map.isSelf() ? List.of(keys.toList()) : List.of(queries.toList(), keys.toList());
  }

  /** The labels of the units that attend and are drawn, in order. */
  public List<String> queryLabels() {
    List<String> labels = map.queryLabels();
    return shownQueries().stream().map(labels::get).toList();
  }

  /** The labels of the units that are attended to and drawn, in order. */
  public List<String> keyLabels() {
    List<String> labels = map.keyLabels();
    return shownKeys().stream().map(labels::get).toList();
  }

  /** The shown head's whole map over the shown units. */
  public float[][] head() {
    return head(focus.layer(), focus.head());
  }

  /** Any head's map over the shown units. */
  public float[][] head(int layer, int head) {
    List<Integer> rows = shownQueries();
    List<Integer> columns = shownKeys();
    float[][] cells = new float[rows.size()][columns.size()];
    for (int i = 0; i < cells.length; i++) {
      for (int j = 0; j < columns.size(); j++) {
        cells[i][j] = map.weights()[layer][head][rows.get(i)][columns.get(j)];
      }
    }
    return cells;
  }

  /** What the focus gives each unit in the head shown. */
  public float[] row() {
    return map.row(focus.layer(), focus.head(), focus.query());
  }

  /** Whom the focus attends to among the shown units, most first. */
  public List<Bar> bars(int most) {
    float[] row = row();
    float[] mean = map.meanRow(focus.query());
    List<String> labels = map.keyLabels();
    return shownKeys().stream()
        .map(i -> new Bar(i, labels.get(i), row[i], mean[i]))
        .sorted(Comparator.comparingDouble(bar -> -bar.weight()))
        .limit(most)
        .toList();
  }

  /** How many heads there are in all layers together. */
  public int headCount() {
    return map.layers() * map.heads();
  }

  /** The line above the bars. */
  public String heading() {
    String word = '"' + map.queryLabels().get(focus.query()) + '"';
    String found =
        focus.isChosen() || focus.isAlone(map)
            ? ""
            : " → \"" + map.keyLabels().get(focus.key()) + '"';
    return String.format(
        Locale.ROOT, "%s%s in layer %d, head %d", word, found, focus.layer(), focus.head());
  }

  /** How the head was come by, and what the columns are. */
  public String explanation() {
    if (focus.isAlone(map)) {
      return "Counted from 0. There is no other word that a head could single out.";
    }
    String found =
        focus.isTelling()
            ? ", of which this is the most selective for the word: the best case, not the rule."
            : ". None of them singles it out for the word; this one comes nearest.";
    return String.format(Locale.ROOT, "Counted from 0; the mean is over all %d heads", headCount())
        + (focus.isChosen() ? "." : found);
  }

  /** The other words with content that a head singles out a word for, the clearest first. */
  public List<Focus> otherWords() {
    return words(new Selectivity(map), true).toList();
  }

  /** What no head shows, in sentences; empty if heads show it all. */
  public List<String> silent() {
    List<String> sentences = new ArrayList<>();
    Selectivity selectivity = new Selectivity(map);
    silent("any word", words(selectivity, false).map(Focus::query), sentences);
    if (!focus.isChosen() && focus.isTelling()) {
      silent(
          '"' + map.keyLabels().get(focus.key()) + '"',
          FocusChoice.content(map)
              .filter(word -> word != focus.query() && !(map.isSelf() && word == focus.key()))
              .filter(word -> !Focus.between(map, selectivity, word, focus.key()).isTelling())
              .boxed(),
          sentences);
    }
    return sentences;
  }

  private void silent(String what, Stream<Integer> words, List<String> sentences) {
    List<String> names = words.map(map.queryLabels()::get).toList();
    if (!names.isEmpty()) {
      int rest = Math.max(0, names.size() - MOST_SILENT);
      sentences.add(
          "No head singles out "
              + what
              + " for: "
              + String.join(", ", names.subList(0, names.size() - rest))
              + (rest > 0 ? " and " + rest + " more." : "."));
    }
  }

  private Stream<Focus> words(Selectivity selectivity, boolean telling) {
    return FocusChoice.words(map, selectivity).stream()
        .filter(word -> word.query() != focus.query() && word.isTelling() == telling);
  }

  /** What is hidden and how much of the focus's attention it gets; null if nothing is. */
  public @Nullable String hidden() {
    List<Integer> keys = left(map.keys(), shownKeys());
    List<Integer> queries = map.isSelf() ? List.of() : left(map.queries(), shownQueries());
    if (keys.isEmpty() && queries.isEmpty()) {
      return null;
    }
    String attending =
        queries.isEmpty() ? "" : "hidden, which attend: " + texts(map.queries(), queries) + "; ";
    float[] row = row();
    return attending
        + String.format(
            Locale.ROOT,
            "hidden: %s, which get %.3f of it; rows are not renormalised, so they sum to less"
                + " than 1",
            texts(map.keys(), keys),
            keys.stream().mapToDouble(i -> row[i]).sum());
  }

  private static List<Integer> left(List<Unit> units, List<Integer> shown) {
    return IntStream.range(0, units.size()).boxed().filter(i -> !shown.contains(i)).toList();
  }

  private static String texts(List<Unit> units, List<Integer> which) {
    return which.isEmpty()
        ? "nothing"
        : which.stream().map(i -> units.get(i).text()).collect(Collectors.joining(" "));
  }

  /** Words that the model does not know; null if it knows all. */
  public @Nullable String unknown() {
    List<Unit> units =
        map.isSelf()
            ? map.units()
            : Stream.concat(map.queries().stream(), map.keys().stream()).toList();
    List<String> unknown = units.stream().filter(Unit::unknown).map(Unit::text).toList();
    if (unknown.isEmpty()) {
      return null;
    }
    long words = units.stream().filter(unit -> !unit.special()).count();
    return String.format(
        Locale.ROOT,
        "%d of %d words hold what the model's vocabulary does not: it reads %s as [UNK], and cannot"
            + " tell one from another",
        unknown.size(),
        words,
        unknown.stream().distinct().limit(5).collect(Collectors.joining(" "))
            + (unknown.stream().distinct().count() > 5 ? " …" : ""));
  }
}
