package dev.heed.text;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/** The tokens that a tokenizer knows, by spelling and by number, added ones included. */
final class Vocabulary {
  private final Map<String, Integer> ids;
  private final Map<Integer, String> tokens;
  private final Set<Integer> special;

  Vocabulary(Map<String, Integer> ids, Set<Integer> special) {
    this.ids = Map.copyOf(ids);
    this.special = Set.copyOf(special);
    this.tokens = HashMap.newHashMap(ids.size());
    ids.forEach((token, id) -> tokens.putIfAbsent(id, token));
  }

  int size() {
    return ids.size();
  }

  OptionalInt id(String token) {
    Integer id = ids.get(token);
    return id == null ? OptionalInt.empty() : OptionalInt.of(id);
  }

  Optional<String> token(int id) {
    return Optional.ofNullable(tokens.get(id));
  }

  boolean isSpecial(int id) {
    return special.contains(id);
  }
}
