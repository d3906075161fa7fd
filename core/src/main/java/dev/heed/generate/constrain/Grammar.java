package dev.heed.generate.constrain;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Rules by name, of which one stands for whole texts.
 *
 * @param rules by name
 * @param root the name of that one
 */
public record Grammar(Map<String, Expression> rules, String root) {
  /** The name of the first rule. */
  public static final String ROOT = "root";

  /** Copies the map. */
  public Grammar {
    rules = Map.copyOf(new LinkedHashMap<>(rules));
    if (!rules.containsKey(root)) {
      throw new GrammarException("grammar: expected a rule " + root + ", got " + rules.keySet());
    }
  }

  /** A grammar of a single rule. */
  public static Grammar of(Expression expression) {
    return new Grammar(Map.of(ROOT, expression), ROOT);
  }

  /**
   * Reads rules written as in llama.cpp's GBNF or the W3C's EBNF: {@code root ::= "yes" | [0-9]+},
   * the first rule {@code root}.
   *
   * @throws GrammarException if it is invalid
   */
  public static Grammar parse(String text) {
    return new GrammarParser(text).grammar();
  }

  /**
   * The texts that match a regular expression as a whole.
   *
   * @throws GrammarException if it is invalid, or asks for what no automaton can do
   */
  public static Grammar regex(String regex) {
    return of(new RegexParser(regex).expression());
  }
}
