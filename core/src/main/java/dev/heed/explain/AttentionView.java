package dev.heed.explain;

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

  /** The units that are drawn, in order. */
  public List<Integer> shown() {
    return IntStream.range(0, map.size())
        .filter(i -> !has(Option.HIDE_SPECIAL) || !map.units().get(i).special())
        .boxed()
        .toList();
  }

  /** The labels of the units that are drawn, in order. */
  public List<String> shownLabels() {
    List<String> labels = map.labels();
    return shown().stream().map(labels::get).toList();
  }

  /** The shown head's whole map over the shown units. */
  public float[][] head() {
    return head(focus.layer(), focus.head());
  }

  /** Any head's map over the shown units. */
  public float[][] head(int layer, int head) {
    List<Integer> shown = shown();
    float[][] cells = new float[shown.size()][shown.size()];
    for (int i = 0; i < cells.length; i++) {
      for (int j = 0; j < cells.length; j++) {
        cells[i][j] = map.weights()[layer][head][shown.get(i)][shown.get(j)];
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
    List<String> labels = map.labels();
    return shown().stream()
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
    List<String> labels = map.labels();
    String word = '"' + labels.get(focus.query()) + '"';
    String found =
        focus.isChosen() || focus.key() == focus.query()
            ? ""
            : " → \"" + labels.get(focus.key()) + '"';
    return String.format(
        Locale.ROOT, "%s%s in layer %d, head %d", word, found, focus.layer(), focus.head());
  }

  /** How the head was come by, and what the columns are. */
  public String explanation() {
    if (focus.key() == focus.query()) {
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
    List<String> labels = map.labels();
    List<String> sentences = new ArrayList<>();
    Selectivity selectivity = new Selectivity(map);
    silent("any word", words(selectivity, false).map(Focus::query), sentences);
    if (!focus.isChosen() && focus.isTelling()) {
      silent(
          '"' + labels.get(focus.key()) + '"',
          FocusChoice.content(map)
              .filter(word -> word != focus.query() && word != focus.key())
              .filter(word -> !Focus.between(map, selectivity, word, focus.key()).isTelling())
              .boxed(),
          sentences);
    }
    return sentences;
  }

  private void silent(String what, Stream<Integer> words, List<String> sentences) {
    List<String> names = words.map(map.labels()::get).toList();
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
    List<Integer> left =
        IntStream.range(0, map.size()).boxed().filter(i -> !shown().contains(i)).toList();
    if (left.isEmpty()) {
      return null;
    }
    float[] row = row();
    double weight = left.stream().mapToDouble(i -> row[i]).sum();
    return String.format(
        Locale.ROOT,
        "hidden: %s, which get %.3f of it; rows are not renormalised, so they sum to less than 1",
        left.stream().map(i -> map.units().get(i).text()).collect(Collectors.joining(" ")),
        weight);
  }

  /** Words that the model does not know; null if it knows all. */
  public @Nullable String unknown() {
    List<String> unknown =
        map.units().stream().filter(AttentionMap.Unit::unknown).map(u -> u.text()).toList();
    if (unknown.isEmpty()) {
      return null;
    }
    long words = map.units().stream().filter(unit -> !unit.special()).count();
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
