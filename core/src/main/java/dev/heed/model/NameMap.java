package dev.heed.model;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;

/**
 * How a checkpoint's tensor names become those of the modules: old spellings first, then the base
 * model's prefix, which files saved with and without a head have or lack.
 *
 * <p>Modules always bear the prefix. A value: each method gives another map.
 *
 * @param prefix of the base model's names with its dot, for example {@code bert.}; empty for none
 * @param heads beginnings of names outside the base model, for example {@code cls.}
 * @param rules in order; each is applied wherever it is found
 */
public record NameMap(String prefix, List<String> heads, List<Rule> rules) {
  /**
   * One change of names.
   *
   * @param found what to look for
   * @param replacement as in {@link java.util.regex.Matcher#replaceAll(String)}
   */
  public record Rule(Pattern found, String replacement) {}

  /** Names as they are in the file, but for the norms' old {@code gamma} and {@code beta}. */
  public static NameMap plain() {
    return new NameMap("", List.of(), List.of())
        .with("(^|[Nn]orm\\.)gamma$", "$1weight")
        .with("(^|[Nn]orm\\.)beta$", "$1bias");
  }

  /**
   * The same for a base model under a prefix.
   *
   * @param name for example {@code bert}
   * @param outside beginnings of names that are not the base model's, for example {@code cls.}
   */
  public NameMap base(String name, String... outside) {
    return new NameMap(name + ".", List.of(outside), rules);
  }

  /** The same with one more rule, applied after those before. */
  public NameMap with(String regex, String replacement) {
    List<Rule> more = new ArrayList<>(rules);
    more.add(new Rule(Pattern.compile(regex), replacement));
    return new NameMap(prefix, heads, more);
  }

  /** The paths of what stands outside the base model: {@link #heads} without a last dot. */
  public List<String> headPaths() {
    return heads.stream().map(head -> head.replaceAll("\\.$", "")).toList();
  }

  /** From a file's names to the modules', for a file with these names. */
  public UnaryOperator<String> of(Collection<String> names) {
    boolean bare =
        !prefix.isEmpty() && names.stream().noneMatch(name -> spelt(name).startsWith(prefix));
    return name -> {
      String spelt = spelt(name);
      return bare && heads.stream().noneMatch(spelt::startsWith) ? prefix + spelt : spelt;
    };
  }

  private String spelt(String name) {
    String spelt = name;
    for (Rule rule : rules) {
      spelt = rule.found().matcher(spelt).replaceAll(rule.replacement());
    }
    return spelt;
  }

  /** From the modules' names back to a file's, for reports on what is in the file. */
  static Map<String, String> back(Collection<String> names, UnaryOperator<String> map) {
    Map<String, String> back = new java.util.LinkedHashMap<>();
    names.forEach(name -> back.putIfAbsent(map.apply(name), name));
    return back;
  }

  /** How many characters two names begin with alike. */
  static int sharedBeginning(String a, String b) {
    int at = 0;
    while (at < Math.min(a.length(), b.length()) && a.charAt(at) == b.charAt(at)) {
      at++;
    }
    return at;
  }
}
