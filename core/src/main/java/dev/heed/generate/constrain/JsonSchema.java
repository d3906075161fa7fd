package dev.heed.generate.constrain;

import dev.heed.checkpoint.Quoted;
import dev.heed.generate.constrain.Expression.Choice;
import dev.heed.generate.constrain.Expression.Reference;
import dev.heed.generate.constrain.Expression.Repeat;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * JSON of a schema as a grammar.
 *
 * <p>Every text of the grammar is valid; not every valid text is one of it: members come in the
 * order of {@code properties}, others come only where a schema names none, numbers and white space
 * are kept short. A keyword that is not offered is refused by its name.
 *
 * <p>Source: JSON Schema 2020-12, validation vocabulary.
 */
public final class JsonSchema {
  private static final Set<String> WITHOUT_EFFECT =
      Set.of(
          "$schema",
          "$id",
          "$comment",
          "$defs",
          "definitions",
          "$anchor",
          "title",
          "description",
          "default",
          "examples",
          "deprecated",
          "readOnly",
          "writeOnly",
          "contentEncoding",
          "contentMediaType");
  private static final int DEEPEST = 100;

  private final JsonNode root;
  private final Map<String, Expression> rules = new LinkedHashMap<>(JsonSyntax.rules());
  private final Map<String, String> references = new HashMap<>();
  private int depth;

  private JsonSchema(JsonNode root) {
    this.root = root;
  }

  /** Any JSON value: an object or a list. */
  public static Grammar any() {
    Map<String, Expression> rules = JsonSyntax.rules();
    rules.put(
        Grammar.ROOT,
        Expression.choice(new Reference(JsonSyntax.OBJECT), new Reference(JsonSyntax.ARRAY)));
    return new Grammar(rules, Grammar.ROOT);
  }

  /**
   * The grammar of a schema.
   *
   * @param schema an object or a truth value
   * @throws GrammarException if it is invalid or has a keyword that is not offered
   */
  public static Grammar grammar(JsonNode schema) {
    JsonSchema compiler = new JsonSchema(schema);
    compiler.rules.put(Grammar.ROOT, compiler.value(schema, "#"));
    return new Grammar(compiler.rules, Grammar.ROOT);
  }

  private Expression value(JsonNode schema, String at) {
    if (schema.isBoolean() && schema.booleanValue()) {
      return new Reference(JsonSyntax.VALUE);
    }
    if (!schema.isObject()) {
      throw error(at, "a schema that some value fits", schema);
    }
    if (++depth > DEEPEST) {
      throw error(at, "at most " + DEEPEST + " schemas in each other", schema);
    }
    Expression expression = keywords(schema, at);
    depth--;
    return expression;
  }

  private Expression keywords(JsonNode schema, String at) {
    Keywords keywords = new Keywords(schema, at);
    Expression expression;
    if (keywords.has("$ref")) {
      expression = new Reference(reference(keywords.text("$ref"), at));
    } else if (keywords.has("const")) {
      expression = constant(keywords.take("const"));
      keywords.known("type");
    } else if (keywords.has("enum")) {
      List<Expression> options = new ArrayList<>();
      keywords.list("enum").forEach(one -> options.add(constant(one)));
      keywords.known("type");
      expression = new Choice(options);
    } else if (keywords.has("anyOf")) {
      expression = options(keywords.list("anyOf"), at + "/anyOf");
      keywords.known("type");
    } else if (keywords.has("oneOf")) {
      List<JsonNode> options = keywords.list("oneOf");
      requireApart(options, at + "/oneOf");
      expression = options(options, at + "/oneOf");
      keywords.known("type");
    } else if (keywords.has("allOf") && keywords.list("allOf").size() == 1) {
      expression = value(keywords.list("allOf").getFirst(), at + "/allOf/0");
    } else {
      expression = typed(keywords, at);
    }
    keywords.done(WITHOUT_EFFECT);
    return expression;
  }

  private Expression options(List<JsonNode> schemas, String at) {
    List<Expression> options = new ArrayList<>();
    for (int i = 0; i < schemas.size(); i++) {
      options.add(value(schemas.get(i), at + "/" + i));
    }
    return new Choice(options);
  }

  /** Options of which at most one can fit, since they differ in type or in a constant. */
  private static void requireApart(List<JsonNode> options, String at) {
    Set<String> seen = new HashSet<>();
    for (JsonNode option : options) {
      String kind =
          option.has("const") ? option.get("const").toString() : option.path("type").asString("");
      if (option.has("const") && option.get("const").isObject() || kind.equals("object")) {
        kind = "object " + discriminator(option);
      }
      boolean numbers =
          kind.equals("number") && seen.contains("integer")
              || kind.equals("integer") && seen.contains("number");
      if (kind.isEmpty() || numbers || !seen.add(kind)) {
        throw error(at, "options that differ in type or in a constant member (or anyOf)", option);
      }
    }
  }

  private static String discriminator(JsonNode option) {
    StringBuilder constants = new StringBuilder();
    option
        .path("properties")
        .properties()
        .forEach(entry -> {
          if (entry.getValue().has("const")) {
            constants.append(entry.getKey()).append('=').append(entry.getValue().get("const"));
          }
        });
    return constants.toString();
  }

  private Expression typed(Keywords keywords, String at) {
    List<String> types = keywords.types();
    if (types.isEmpty()) {
      if (keywords.has("properties") || keywords.has("required")) {
        return object(keywords, at);
      }
      if (keywords.has("items") || keywords.has("prefixItems")) {
        return array(keywords, at);
      }
      return new Reference(JsonSyntax.VALUE);
    }
    return new Choice(types.stream().map(type -> ofType(type, keywords, at)).toList());
  }

  private Expression ofType(String type, Keywords keywords, String at) {
    return switch (type) {
      case "null" -> Expression.text("null");
      case "boolean" -> JsonSyntax.BOOLEAN;
      case "integer", "number" -> NumberSchema.of(keywords, type.equals("integer"));
      case "string" -> StringSchema.of(keywords);
      case "array" -> array(keywords, at);
      case "object" -> object(keywords, at);
      default ->
          throw new GrammarException(
              "JSON schema, " + at + ": expected a known type, got " + Quoted.of(type));
    };
  }

  private Expression array(Keywords keywords, String at) {
    List<Expression> first = new ArrayList<>();
    List<JsonNode> prefix = keywords.has("prefixItems") ? keywords.list("prefixItems") : List.of();
    for (int i = 0; i < prefix.size(); i++) {
      first.add(value(prefix.get(i), at + "/prefixItems/" + i));
    }
    boolean closed =
        keywords.has("items")
            && keywords.peek("items").isBoolean()
            && !keywords.take("items").booleanValue();
    Expression item =
        keywords.has("items") && !closed
            ? value(keywords.take("items"), at + "/items")
            : new Reference(JsonSyntax.VALUE);
    if (keywords.peek("uniqueItems").isBoolean() && !keywords.peek("uniqueItems").booleanValue()) {
      keywords.known("uniqueItems");
    }
    int least = keywords.count("minItems", 0);
    int most = keywords.count("maxItems", Repeat.UNBOUNDED);
    if (closed) {
      most = most == Repeat.UNBOUNDED ? first.size() : Math.min(most, first.size());
    }
    List<Expression> lengths = new ArrayList<>();
    for (int n = Math.min(least, first.size()); n <= first.size(); n++) {
      boolean last = n == first.size();
      if (most != Repeat.UNBOUNDED && n > most || !last && n < least) {
        continue;
      }
      lengths.add(elements(first.subList(0, n), last ? item : null, n, least, most));
    }
    return Expression.sequence(Expression.text("["), new Choice(lengths), Expression.text("]"));
  }

  private static Expression elements(
      List<Expression> first, @Nullable Expression item, int n, int least, int most) {
    List<Expression> parts = new ArrayList<>();
    for (int i = 0; i < n; i++) {
      parts.add(i == 0 ? first.getFirst() : JsonSyntax.following(first.get(i)));
    }
    int fewest = Math.max(0, least - n);
    int more = most == Repeat.UNBOUNDED ? most : most - n;
    boolean empty = n == 0 && fewest == 0;
    if (item != null && more != 0) {
      if (n == 0) {
        parts.add(item);
        fewest = Math.max(0, fewest - 1);
        more = more == Repeat.UNBOUNDED ? more : more - 1;
      }
      parts.add(new Repeat(JsonSyntax.following(item), fewest, more));
    }
    if (parts.isEmpty()) {
      return Expression.EMPTY;
    }
    parts.addFirst(JsonSyntax.SPACE);
    parts.addLast(JsonSyntax.SPACE);
    Expression whole = new Expression.Sequence(parts);
    return empty ? whole.optional() : whole;
  }

  private Expression object(Keywords keywords, String at) {
    JsonNode properties = keywords.peek("properties");
    Set<String> required = new HashSet<>();
    if (keywords.has("required")) {
      keywords.list("required").forEach(name -> required.add(name.asString("")));
    }
    keywords.known("properties");
    List<ObjectMembers.Member> members = new ArrayList<>();
    for (Map.Entry<String, JsonNode> entry : properties.properties()) {
      String name = entry.getKey();
      Expression value = value(entry.getValue(), at + "/properties/" + name);
      members.add(
          new ObjectMembers.Member(
              JsonSyntax.member(constant(name), value), required.remove(name)));
    }
    for (String name : required.stream().sorted().toList()) {
      Expression any = new Reference(JsonSyntax.VALUE);
      members.add(new ObjectMembers.Member(JsonSyntax.member(constant(name), any), true));
    }
    JsonNode additional = keywords.peek("additionalProperties");
    keywords.known("additionalProperties");
    boolean closed = additional.isBoolean() && !additional.booleanValue();
    if (members.isEmpty() && !closed) {
      Expression value =
          additional.isObject()
              ? value(additional, at + "/additionalProperties")
              : new Reference(JsonSyntax.VALUE);
      Expression member = JsonSyntax.member(JsonSyntax.string(), value);
      return JsonSyntax.list("{", member, JsonSyntax.following(member), "}");
    }
    return ObjectMembers.of(members, rules, at);
  }

  private String reference(String reference, String at) {
    String known = references.get(reference);
    if (known != null) {
      return known;
    }
    if (!reference.startsWith("#")) {
      throw new GrammarException(
          "JSON schema, "
              + at
              + ": expected a $ref within the schema, as #/$defs/NAME, got "
              + Quoted.of(reference));
    }
    JsonNode schema = root.at(reference.substring(1).replace("%24", "$"));
    if (schema.isMissingNode()) {
      throw new GrammarException(
          "JSON schema, " + at + ": expected a $ref to what is there, got " + Quoted.of(reference));
    }
    String rule = "ref" + references.size();
    references.put(reference, rule);
    int before = depth;
    depth = 0;
    rules.put(rule, value(schema, reference));
    depth = before;
    return rule;
  }

  private static Expression constant(JsonNode value) {
    return Expression.text(value.toString());
  }

  private static Expression constant(String name) {
    return constant(JsonMapper.shared().getNodeFactory().stringNode(name));
  }

  private static GrammarException error(String at, String expected, JsonNode got) {
    return new GrammarException(
        "JSON schema, " + at + ": expected " + expected + ", got " + Quoted.of(got.toString()));
  }
}
