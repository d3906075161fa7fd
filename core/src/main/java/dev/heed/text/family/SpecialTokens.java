package dev.heed.text.family;

import dev.heed.checkpoint.CheckpointException;
import dev.heed.checkpoint.CheckpointException.Kind;
import dev.heed.text.TokenRole;
import dev.heed.text.pipeline.AddedToken;
import dev.heed.text.pipeline.AddedTokens;
import dev.heed.text.subword.Vocabulary;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The special tokens of a tokenizer: those with a role, and further ones.
 *
 * @param roles by role
 * @param additional without a role
 */
record SpecialTokens(Map<TokenRole, SpecialToken> roles, List<SpecialToken> additional) {
  /** None. */
  static final SpecialTokens NONE = new SpecialTokens(Map.of(), List.of());

  SpecialTokens {
    EnumMap<TokenRole, SpecialToken> ordered = new EnumMap<>(TokenRole.class);
    ordered.putAll(roles);
    roles = ordered;
    additional = List.copyOf(additional);
  }

  /** The same with one more role. */
  SpecialTokens with(TokenRole role, SpecialToken token) {
    Map<TokenRole, SpecialToken> more = new EnumMap<>(TokenRole.class);
    more.putAll(roles);
    more.put(role, token);
    return new SpecialTokens(more, additional);
  }

  /** The same with other tokens without a role. */
  SpecialTokens withAdditional(List<SpecialToken> tokens) {
    return new SpecialTokens(roles, tokens);
  }

  /** The spelling of a role's token, or null. */
  @Nullable String spelling(TokenRole role) {
    SpecialToken token = roles.get(role);
    return token == null ? null : token.content();
  }

  /** The spelling of a role's token, which the family has by default. */
  String required(TokenRole role) {
    SpecialToken token = roles.get(role);
    if (token == null) {
      throw new CheckpointException(
          Kind.VALUE,
          "tokenizer_config.json, " + role.key(),
          "a token, which this kind of tokenizer adds to texts",
          "null",
          "Name the token, or leave the key out for the usual one.");
    }
    return token.content();
  }

  /** All spellings. */
  Set<String> spellings() {
    Set<String> spellings = new LinkedHashSet<>();
    all().forEach(token -> spellings.add(token.content()));
    return spellings;
  }

  /**
   * Added tokens as they are found where texts are lower-cased: those that are not special are
   * lower-cased, too.
   */
  Map<String, Integer> lowered(Map<String, Integer> added) {
    Set<String> special = spellings();
    Map<String, Integer> lowered = new LinkedHashMap<>();
    added.forEach((content, id) ->
        lowered.put(special.contains(content) ? content : content.toLowerCase(Locale.ROOT), id));
    return lowered;
  }

  private List<SpecialToken> all() {
    List<SpecialToken> all = new ArrayList<>(roles.values());
    all.addAll(additional);
    return all;
  }

  /**
   * Where texts have these tokens, and those added to the vocabulary.
   *
   * <p>A token that is in neither gets the next free number, in the order of the roles.
   *
   * @param vocabulary the model's
   * @param added tokens beside the vocabulary and their numbers
   */
  AddedTokens in(Vocabulary vocabulary, Map<String, Integer> added) {
    return in(vocabulary, added, piece -> false);
  }

  /**
   * The same, where further pieces of the vocabulary are found before a text is cut.
   *
   * @param whole tells which
   */
  AddedTokens in(Vocabulary vocabulary, Map<String, Integer> added, Predicate<String> whole) {
    Map<String, Integer> numbers = new LinkedHashMap<>(added);
    int next = added.values().stream().mapToInt(id -> id + 1).max().orElse(0);
    next = Math.max(next, vocabulary.bound());
    Map<String, SpecialToken> flags = new LinkedHashMap<>();
    for (SpecialToken token : all()) {
      // Of equal spellings, flags count before a plain string.
      boolean plain = token.left() && token.right();
      if (!flags.containsKey(token.content()) || !plain) {
        flags.put(token.content(), token);
      }
    }
    List<AddedToken> tokens = new ArrayList<>();
    for (SpecialToken token : flags.values()) {
      int known = vocabulary.id(token.content());
      int id = known < 0 ? numbers.getOrDefault(token.content(), next) : known;
      if (id == next) {
        numbers.put(token.content(), next++);
      }
      tokens.add(
          new AddedToken(id, token.content(), false, token.left(), token.right(), false, true));
    }
    numbers.forEach((content, id) -> {
      if (!flags.containsKey(content)) {
        tokens.add(new AddedToken(id, content, false, true, true, false, false));
      }
    });
    vocabulary.forEach((piece, id) -> {
      if (whole.test(piece) && !flags.containsKey(piece)) {
        tokens.add(new AddedToken(id, piece, false, true, true, false, false));
      }
    });
    return new AddedTokens(tokens, null);
  }
}
