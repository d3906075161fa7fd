package dev.heed.server;

import dev.heed.generate.TextGenerator;
import dev.heed.generate.constrain.Constraint;
import dev.heed.generate.constrain.GrammarException;
import dev.heed.generate.constrain.JsonSchema;
import dev.heed.web.Problem;
import java.util.LinkedHashMap;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/** The forms that a model's texts were asked to have last, ready to be used again. */
final class Constraints {
  private static final int KEPT = 32;

  private final TextGenerator writer;
  private final Map<String, Constraint> known =
      new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Constraint> eldest) {
          return size() > KEPT;
        }
      };

  Constraints(TextGenerator writer) {
    this.writer = writer;
  }

  /**
   * JSON that is valid by a schema.
   *
   * @param parameter whose schema it is
   * @throws Problem 400 for a schema that is invalid or has a keyword that is not offered
   */
  Constraint schema(String parameter, JsonNode schema) {
    String text = schema.toString();
    synchronized (known) {
      Constraint before = known.get(text);
      if (before != null) {
        return before;
      }
    }
    try {
      Constraint made =
          Constraint.of(
              JsonSchema.grammar(schema),
              writer.tokenizer(),
              writer.config().tokens().eosTokenId());
      synchronized (known) {
        known.put(text, made);
      }
      return made;
    } catch (GrammarException e) {
      throw Problem.ofParameter(parameter, "invalid_schema", parameter + ": " + e.getMessage());
    }
  }
}
